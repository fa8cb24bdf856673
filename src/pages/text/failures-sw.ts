import type { FailureTexts } from "./types.ts";

const shop = [
  "M-Pesa ya duka haikuweza kupokea malipo haya.",
  "Liambie duka, au lipa kwa Paybill hapa chini.",
] as const;
const sending = [
  "Duka halikuweza kutuma ombi hili kupitia M-Pesa.",
  "Liambie duka; ni lazima lilishughulikie.",
] as const;
const later = ["M-Pesa haipokei maombi kwa sasa.", "Subiri dakika chache, kisha ujaribu tena."] as const;

/** Why a payment failed, in Swahili, in words for the person who pays. */
export const failuresSw: FailureTexts = {
  cancelled_by_customer: ["Ulighairi malipo kwenye simu yako.", "Ukiwa tayari, tuma ombi tena."],
  insufficient_funds: ["Salio lako la M-Pesa halitoshi.", "Ongeza pesa kwenye M-Pesa, kisha ujaribu tena."],
  wrong_pin: ["PIN ya M-Pesa haikuwa sahihi.", "Jaribu tena kwa PIN sahihi. Ukikosea mara tatu, M-Pesa huifunga."],
  pin_locked: [
    "PIN yako ya M-Pesa imefungwa.",
    "Piga simu Safaricom kwa 100 au 200 ili ifunguliwe, au lipa kwa simu nyingine.",
  ],
  no_answer: [
    "Simu yako haikujibu kwa wakati.",
    "Hakikisha imewashwa, ina mtandao na haina dirisha lingine, kisha ujaribu tena. Kama laini ni ya zamani, piga *234# kwanza.",
  ],
  expired_prompt: [
    "Muda wa ombi uliisha kabla ya PIN kuwekwa.",
    "Jaribu tena, na uweke PIN yako ndani ya dakika moja.",
  ],
  prompt_not_delivered: ["Ombi halikuweza kuonyeshwa kwenye simu yako.", "Subiri kidogo, kisha ujaribu tena."],
  prompt_too_long: shop,
  phone_busy: [
    "Kuna ombi lingine la M-Pesa kwenye simu yako.",
    "Limalize au ulighairi, subiri dakika moja, kisha ujaribu tena.",
  ],
  repeated_too_soon: [
    "Umelipa kiasi hiki hiki sasa hivi kwa simu hii.",
    "Tafuta ujumbe wa M-Pesa wa malipo hayo. Kama haujafika, subiri dakika mbili, kisha ujaribu tena.",
  ],
  duplicate_request: ["M-Pesa imeshaliona ombi hili.", "Tafuta ujumbe wake wa M-Pesa kabla ya kujaribu tena."],
  daily_limit: [
    "Malipo haya yatapita kikomo chako cha M-Pesa cha siku.",
    "Lipa kwa simu nyingine, au ujaribu tena kesho.",
  ],
  amount_too_low: ["Kiasi hiki ni kidogo kuliko M-Pesa inavyoruhusu.", "Liulize duka njia nyingine ya kulipa."],
  amount_too_high: ["Kiasi hiki ni kikubwa kuliko M-Pesa inavyoruhusu kwa mara moja.", "Liombe duka likigawanye."],
  amount_invalid: ["M-Pesa haipokei kiasi hiki.", "Liulize duka njia nyingine ya kulipa."],
  recipient_limit: ["Akaunti ya M-Pesa ya duka imejaa.", "Liambie duka, na ujaribu tena baadaye."],
  recipient_not_registered: ["Simu hii haijasajiliwa kwa M-Pesa.", "Tumia nambari ya simu nyingine."],
  recipient_invalid: ["M-Pesa haiitambui nambari hii.", "Hakikisha nambari, kisha ujaribu tena."],
  account_inactive: [
    "Akaunti hii ya M-Pesa haitumiki.",
    "Uliza Safaricom kwa 100 au 200, au lipa kwa simu nyingine.",
  ],
  insufficient_float: sending,
  phone_invalid: ["M-Pesa haipokei nambari hii ya simu.", "Tumia nambari ya Safaricom, kama 0712 345 678."],
  invalid_request: shop,
  callback_url_refused: shop,
  urls_already_registered: shop,
  shortcode_misconfigured: shop,
  passkey_rejected: shop,
  credentials_rejected: shop,
  product_not_enabled: shop,
  initiator_rejected: sending,
  initiator_not_allowed: sending,
  initiator_locked: sending,
  already_reversed: ["Malipo haya yamerudishwa kwako.", "Tafuta ujumbe wa M-Pesa."],
  transaction_not_found: ["M-Pesa haiyajui malipo haya.", "Tafuta ujumbe wa M-Pesa kabla ya kujaribu tena."],
  transaction_declined: ["M-Pesa imeyakataa malipo haya.", "Jaribu tena, au lipa kwa simu nyingine."],
  standing_order_name_taken: sending,
  service_not_found: shop,
  daraja_busy: later,
  daraja_unreachable: ["M-Pesa haikuweza kufikiwa.", "Subiri dakika chache, kisha ujaribu tena."],
  unknown_failure: ["M-Pesa haikueleza sababu.", "Tafuta ujumbe wa M-Pesa kabla ya kujaribu tena."],
};
