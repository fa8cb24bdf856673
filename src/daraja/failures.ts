/** Why money did not move, in our own words. The codes are part of the API: never rename one. */

interface Description {
  /** For the person who pays or is paid. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
}

const failures = {
  cancelled_by_customer: ["The payment was cancelled on the phone.", "Ask again when the customer is ready."],
  insufficient_funds: ["The M-Pesa balance is too low for this payment.", "Top up M-Pesa, then try again."],
  wrong_pin: ["The M-Pesa PIN was wrong.", "Try again with the right PIN."],
  pin_locked: ["The M-Pesa PIN is locked.", "Call Safaricom on 100 or 200 to unlock it."],
  no_answer: [
    "The phone did not answer the payment prompt.",
    "Check that the phone is on and has signal, then try again; with an old SIM card, dial *234# to update it.",
  ],
  expired_prompt: [
    "The payment prompt ran out before it was answered.",
    "Try again and enter the PIN within a minute.",
  ],
  prompt_not_delivered: ["The payment prompt could not be shown on the phone.", "Try again in a moment."],
  prompt_too_long: ["The text of the payment prompt is too long.", "Shorten the account reference and description."],
  phone_busy: [
    "Another M-Pesa request is open on this phone.",
    "Finish or cancel it, wait at least a minute, then try again.",
  ],
  repeated_too_soon: [
    "The same amount from the same phone was just paid.",
    "Check whether the first payment went through; otherwise wait two minutes.",
  ],
  duplicate_request: ["M-Pesa has already seen this request.", "Look at the first request; don't send it again."],
  daily_limit: ["This payment would pass the M-Pesa daily limit.", "Pay a smaller amount, or try again tomorrow."],
  amount_too_low: ["The amount is below what M-Pesa allows.", "Use a larger amount."],
  amount_too_high: ["The amount is above what M-Pesa allows at once.", "Split the amount, or use a smaller one."],
  amount_invalid: ["M-Pesa does not take this amount.", "Use whole shillings within M-Pesa's limits."],
  recipient_limit: [
    "The receiving M-Pesa account would hold more than it may.",
    "The recipient has to spend or withdraw first; a business has to move money out of its account.",
  ],
  recipient_not_registered: ["This phone is not registered for M-Pesa.", "Check the number with the recipient."],
  recipient_invalid: ["M-Pesa does not know this recipient.", "Check the number."],
  account_inactive: ["This M-Pesa account is not active.", "The account's owner has to ask Safaricom."],
  insufficient_float: [
    "The business's M-Pesa utility account holds too little.",
    "Move money into the utility account, then make a new request.",
  ],
  phone_invalid: ["M-Pesa does not take this phone number.", "Use a Safaricom number, such as 0712 345 678."],
  invalid_request: ["M-Pesa refused a field of the request.", "See the message for the field; correct it and retry."],
  callback_url_refused: [
    "Daraja does not accept the callback URL.",
    "Use a public HTTPS address without the words mpesa, safaricom, exe, cmd, sql or query.",
  ],
  urls_already_registered: [
    "This shortcode already has registered URLs.",
    "Change them in the M-Pesa portal under Self Services, URL Management, or write to Daraja support.",
  ],
  shortcode_misconfigured: [
    "Daraja does not accept this shortcode for this kind of payment.",
    "Check the number and its kind: a till needs both its store number and its till number.",
  ],
  passkey_rejected: ["Daraja refused the passkey.", "Copy the passkey that belongs to this shortcode again."],
  credentials_rejected: [
    "Daraja refused the app's consumer key or secret.",
    "Check both, and that they belong to this environment (sandbox or production).",
  ],
  product_not_enabled: [
    "The Daraja app does not have this product, or not this version of it.",
    "Add the product to the app in the Daraja portal.",
  ],
  initiator_rejected: [
    "M-Pesa refused the initiator's name or password.",
    "Check the operator's name, its password (it expires after 90 days) and the certificate it was encrypted with.",
  ],
  initiator_not_allowed: [
    "The initiator lacks the role for this operation.",
    "Give the operator the role in the M-Pesa organisation portal.",
  ],
  initiator_locked: ["The initiator's password is locked.", "Unlock or reset it in the M-Pesa organisation portal."],
  already_reversed: ["This transaction has been reversed before.", "Nothing is left to do."],
  transaction_not_found: ["M-Pesa knows no such transaction.", "Check the receipt."],
  transaction_declined: ["M-Pesa declined the transaction.", "Ask the recipient, or make a new request."],
  standing_order_name_taken: ["This customer already has a standing order of that name.", "Choose another name."],
  service_not_found: ["Daraja has no such service at this address.", "Check the configured Daraja address."],
  daraja_busy: ["M-Pesa is too busy to take the request.", "Try again in a few minutes."],
  daraja_unreachable: ["M-Pesa could not be reached.", "Try again in a few minutes."],
  unknown_failure: ["M-Pesa reported a failure it did not explain.", "Check the M-Pesa statement before trying again."],
} as const satisfies Record<string, readonly [string, string]>;

/** Failures that only the business can mend. A shopper is not told what is wrong with the business's setup. */
const businessFaults: ReadonlySet<FailureCode> = new Set([
  "prompt_too_long",
  "insufficient_float",
  "invalid_request",
  "callback_url_refused",
  "urls_already_registered",
  "shortcode_misconfigured",
  "passkey_rejected",
  "credentials_rejected",
  "product_not_enabled",
  "initiator_rejected",
  "initiator_not_allowed",
  "initiator_locked",
  "standing_order_name_taken",
  "service_not_found",
]);

/** Our name for a reason of failure. */
export type FailureCode = keyof typeof failures;

export const FAILURE_CODES: readonly FailureCode[] = Object.keys(failures) as FailureCode[]; // keys of a const record

/** A failure in plain words, and what to do about it. */
export function describeFailure(code: FailureCode): Description {
  const [message, advice] = failures[code];
  return { message, advice };
}

/** A failure in words for the person who pays. */
export const describeForShopper = (code: FailureCode): string =>
  businessFaults.has(code) ? "The shop's M-Pesa could not take this payment." : failures[code][0];
