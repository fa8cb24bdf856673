/** The codes that the last four digits of a phone choose for a payout, with their descriptions (daraja.md section 6). */
const payoutDescriptions: Readonly<Record<string, string>> = {
  "0": "The service request is processed successfully.",
  "1": "Insufficient funds in the utility account.",
  "2": "Declined due to limit rule: less than the minimum transaction amount.",
  "3": "Declined due to limit rule: greater than the maximum transaction amount.",
  "4": "Declined due to limit rule: would exceed the daily transfer limit.",
  "8": "Declined due to limit rule: would exceed the maximum balance of the credit party.",
  "11": "The DebitParty is in an invalid state.",
  "21": "The initiator is not allowed to initiate this request.",
  "2001": "The initiator information is invalid.",
  "2006": "The account status does not allow the transaction.",
  "2028": "The request is not permitted according to product assignment.",
  "2040": "Credit Party customer type (Unregistered or Registered Customer) can't be supported by the service.",
  "8006": "The security credential is locked.",
};

const otherDescriptions: Readonly<Record<string, string>> = {
  "2033": "The transaction receipt number does not exist.",
  "R000001": "The transaction has already been reversed.",
  "R000002": "The OriginalTransactionID is invalid.",
  "SFC_IC0003": "The operator does not exist.",
};

/** Whether a payout's result may carry this code. */
export function isPayoutCode(code: number): boolean {
  return String(code) in payoutDescriptions;
}

/** The `ResultDesc` of an asynchronous operation's result. */
export function resultDescription(code: number | string): string {
  return payoutDescriptions[String(code)] ?? otherDescriptions[String(code)] ?? "Unknown result.";
}
