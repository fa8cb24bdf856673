/**
 * The descriptions of a result code. Callback and query describe the same code differently (daraja.md sections 3 and 4).
 */
interface Descriptions {
  readonly callback: string;
  readonly query: string;
}

const same = (descriptions: string): Descriptions => ({ callback: descriptions, query: descriptions });

/** STK result codes that a callback may carry (daraja.md section 4). */
const words: Readonly<Record<string, Descriptions>> = {
  "0": same("The service request is processed successfully."),
  "1": same("The balance is insufficient for the transaction."),
  "2": same("Declined due to limit rule: less than the minimum transaction amount."),
  "3": same("Declined due to limit rule: greater than the maximum transaction amount."),
  "4": same("Declined due to limit rule: would exceed the daily transfer limit."),
  "8": same("Declined due to limit rule: would exceed the maximum balance of the credit party."),
  "11": same("The DebitParty is in an invalid state."),
  "15": same("Duplicate Detected."),
  "17": same("Declined due to rule limited: a similar transaction was made less than two minutes ago."),
  "20": same("Unresolved Initiator."),
  "21": same("The initiator is not allowed to initiate this request."),
  "26": same("System busy. The service request is rejected."),
  "1001": same("Unable to lock subscriber, a transaction is already in process for the current subscriber"),
  "1019": { callback: "Transaction has expired", query: "Transaction expired. No MO has been received." },
  "1025": same("An error occurred while sending a push request"),
  "1031": same("Request cancelled by user"),
  "1032": { callback: "Request cancelled by user", query: "Request Cancelled by user." },
  "1036": same("SMSC ACK timeout."),
  "1037": { callback: "No response from user.", query: "DS timeout user cannot be reached." },
  "1101": same("The prompt is too short or too long for the subscriber's SIM."),
  "1102": same("The authentication message is too long for the subscriber's SIM."),
  "2001": same("The initiator information is invalid."),
  "2006": same("The account status of the debit party does not allow the transaction."),
  "2008": same("Authentication failed."),
  "2026": same("The channel session has expired."),
  "2028": same("The request is not permitted according to product assignment."),
  "8006": same("The security credential is locked."),
  "9999": same("Error while sending the push request."),
  "SFC_IC0003": same("The operator does not exist."),
};

/** Whether a callback may carry this code. */
export function isStkCode(code: string): boolean {
  return code in words;
}

export function callbackDescription(code: string | number): string {
  return words[String(code)]?.callback ?? "Unknown result.";
}

export function queryDescription(code: string | number): string {
  return words[String(code)]?.query ?? "Unknown result.";
}
