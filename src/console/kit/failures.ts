import type { FailureCode } from "../../daraja/codes.ts";
import type { Language } from "../text/bilingual.ts";

/** Why money did not move, short enough for a row of a list. */
const reasons: Readonly<Record<FailureCode, readonly [en: string, sw: string]>> = {
  cancelled_by_customer: ["Cancelled by customer", "Mteja alighairi"],
  insufficient_funds: ["Not enough money", "Pesa hazitoshi"],
  wrong_pin: ["Wrong PIN", "PIN si sahihi"],
  pin_locked: ["PIN locked", "PIN imefungwa"],
  no_answer: ["Phone did not answer", "Simu haikujibu"],
  expired_prompt: ["No PIN in time", "PIN haikuwekwa kwa wakati"],
  prompt_not_delivered: ["Prompt not shown", "Ombi halikuonekana"],
  prompt_too_long: ["Prompt text too long", "Maandishi ya ombi ni marefu"],
  phone_busy: ["Phone busy with M-Pesa", "Simu inatumia M-Pesa"],
  repeated_too_soon: ["Same payment just made", "Malipo kama haya yamefanyika punde"],
  duplicate_request: ["Request known already", "Ombi linajulikana tayari"],
  daily_limit: ["Over the daily limit", "Kikomo cha siku kimepita"],
  amount_too_low: ["Amount too low", "Kiasi ni kidogo mno"],
  amount_too_high: ["Amount too high", "Kiasi ni kikubwa mno"],
  amount_invalid: ["Amount not taken", "Kiasi hakikubaliki"],
  recipient_limit: ["Receiver's account full", "Akaunti ya mpokeaji imejaa"],
  recipient_not_registered: ["Not registered for M-Pesa", "Haijasajiliwa M-Pesa"],
  recipient_invalid: ["Receiver unknown", "Mpokeaji hajulikani"],
  account_inactive: ["Account not active", "Akaunti haitumiki"],
  insufficient_float: ["Float too low", "Float haitoshi"],
  phone_invalid: ["Phone not taken", "Nambari haikubaliki"],
  invalid_request: ["Request refused", "Ombi limekataliwa"],
  callback_url_refused: ["Callback URL refused", "Anwani ya majibu imekataliwa"],
  urls_already_registered: ["URLs registered before", "Anwani zimesajiliwa tayari"],
  shortcode_misconfigured: ["Shortcode not set up", "Nambari haijasanidiwa"],
  passkey_rejected: ["Passkey refused", "Passkey imekataliwa"],
  credentials_rejected: ["App's keys refused", "Funguo za programu zimekataliwa"],
  product_not_enabled: ["Product not enabled", "Huduma haijawezeshwa"],
  initiator_rejected: ["Initiator refused", "Initiator amekataliwa"],
  initiator_not_allowed: ["Initiator lacks the role", "Initiator hana jukumu hilo"],
  initiator_locked: ["Initiator locked", "Initiator amefungwa"],
  already_reversed: ["Reversed before", "Ilirudishwa tayari"],
  transaction_not_found: ["M-Pesa knows no such payment", "M-Pesa haiyajui malipo haya"],
  transaction_declined: ["Declined by M-Pesa", "M-Pesa imekataa"],
  standing_order_name_taken: ["Name taken", "Jina limetumika"],
  service_not_found: ["Daraja's service not found", "Huduma ya Daraja haikupatikana"],
  daraja_busy: ["M-Pesa too busy", "M-Pesa ina shughuli nyingi"],
  daraja_unreachable: ["M-Pesa not reached", "M-Pesa haikufikiwa"],
  unknown_failure: ["No reason given", "Hakuna sababu"],
};

/** The short reason of a code of the API. A code of a newer release is shown as it is. */
export function reasonText(code: string, language: Language): string {
  return Object.hasOwn(reasons, code) ? reasons[code as FailureCode][language === "sw" ? 1 : 0] : code; // it is a key
}
