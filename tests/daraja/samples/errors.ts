/** The expected outcome of each sample. Immediate answers that refuse. */
export const ERRORS: Readonly<Record<string, unknown>> = {
  "oauth-err-400.008.01.json": {
    outcome: "rejected",
    code: "credentials_rejected",
    darajaCode: "400.008.01",
    message: "Invalid Authentication passed",
  },
  "oauth-err-400.008.02.json": {
    outcome: "rejected",
    code: "credentials_rejected",
    darajaCode: "400.008.02",
    message: "Invalid grant type passed",
  },
  "err-404.001.04.json": { kind: "invalid_token", failure: "credentials_rejected" },
  "err-401.002.01-token-in-message.json": { kind: "invalid_token", failure: "credentials_rejected" },
  "err-401.003.01-no-apiproduct.json": { kind: "invalid_token", failure: "product_not_enabled" },
  "err-400.002.02-shortcode.json": { kind: "rejected", failure: "shortcode_misconfigured" },
  "err-400.002.02-shortcode-older-requestid.json": { kind: "rejected", failure: "shortcode_misconfigured" },
  "err-400.002.02-callbackurl.json": { kind: "rejected", failure: "callback_url_refused" },
  "err-400.002.02-timestamp.json": { kind: "rejected", failure: "passkey_rejected" },
  "err-400.002.02-phonenumber.json": { kind: "rejected", failure: "phone_invalid" },
  "err-400.002.02-initiatorname.json": { kind: "rejected", failure: "initiator_rejected" },
  "err-400.002.02-recieveridentifiertype.json": { kind: "rejected", failure: "invalid_request" },
  "err-400.002.02-transactionid-reversal.json": { kind: "rejected", failure: "invalid_request" },
  "err-500.001.1001-lock-subscriber.json": { kind: "rejected", failure: "phone_busy" },
  "err-400-qr-trxcode.json": { kind: "rejected", failure: "invalid_request" },
  "err-401-billmanager.json": { kind: "invalid_token", failure: "credentials_rejected" },
};
