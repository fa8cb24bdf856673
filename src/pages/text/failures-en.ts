import type { FailureTexts } from "./types.ts";

const shop = ["The shop's M-Pesa could not take this payment.", "Tell the shop, or pay by paybill below."] as const;
const sending = ["The shop could not send this through M-Pesa.", "Tell the shop; it has to look at it."] as const;
const later = ["M-Pesa is not taking requests just now.", "Wait a few minutes, then try again."] as const;

/** Why a payment failed, in words for the person who pays. */
export const failuresEn: FailureTexts = {
  cancelled_by_customer: ["You cancelled the payment on your phone.", "When you are ready, send the request again."],
  insufficient_funds: ["Your M-Pesa balance is too low.", "Top up your M-Pesa, then try again."],
  wrong_pin: ["The M-Pesa PIN was wrong.", "Try again with the right PIN. After three wrong PINs M-Pesa locks it."],
  pin_locked: ["Your M-Pesa PIN is locked.", "Call Safaricom on 100 or 200 to unlock it, or pay from another phone."],
  no_answer: [
    "Your phone did not answer in time.",
    "Check that it is on, has signal and shows no other window, then try again. With an old SIM card, dial *234# first.",
  ],
  expired_prompt: ["The request ran out before a PIN came.", "Try again, and enter your PIN within a minute."],
  prompt_not_delivered: ["The request could not be shown on your phone.", "Wait a moment, then try again."],
  prompt_too_long: shop,
  phone_busy: [
    "Another M-Pesa request is open on your phone.",
    "Finish or cancel it, wait a minute, then try again.",
  ],
  repeated_too_soon: [
    "You have just paid the same amount from this phone.",
    "Look for the M-Pesa message of that payment. If none came, wait two minutes, then try again.",
  ],
  duplicate_request: ["M-Pesa has seen this request before.", "Look for its M-Pesa message before you try again."],
  daily_limit: ["This would pass your M-Pesa limit for a day.", "Pay from another phone, or try again tomorrow."],
  amount_too_low: ["The amount is below what M-Pesa allows.", "Ask the shop for another way to pay."],
  amount_too_high: ["The amount is above what M-Pesa allows at once.", "Ask the shop to split it."],
  amount_invalid: ["M-Pesa does not take this amount.", "Ask the shop for another way to pay."],
  recipient_limit: ["The shop's M-Pesa account is full.", "Tell the shop, and try again later."],
  recipient_not_registered: ["This phone is not registered for M-Pesa.", "Use the number of another phone."],
  recipient_invalid: ["M-Pesa does not know this number.", "Check the number, then try again."],
  account_inactive: ["This M-Pesa account is not active.", "Ask Safaricom on 100 or 200, or pay from another phone."],
  insufficient_float: sending,
  phone_invalid: ["M-Pesa does not take this phone number.", "Use a Safaricom number, such as 0712 345 678."],
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
  already_reversed: ["This payment has been returned to you.", "Look for the M-Pesa message."],
  transaction_not_found: ["M-Pesa knows no such payment.", "Look for an M-Pesa message before you try again."],
  transaction_declined: ["M-Pesa declined the payment.", "Try again, or pay from another phone."],
  standing_order_name_taken: sending,
  service_not_found: shop,
  daraja_busy: later,
  daraja_unreachable: ["M-Pesa could not be reached.", "Wait a few minutes, then try again."],
  unknown_failure: ["M-Pesa did not say why it failed.", "Look for an M-Pesa message before you try again."],
};
