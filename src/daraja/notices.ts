/** Parsers of Daraja's notices. None throws, whatever its input is: text, bytes, a parsed value or random bytes. */

export { type B2bExpressNotice, parseB2bExpressCallback } from "./notices/b2b-express.ts";
export { type BillPaymentNotice, parseBillPayment } from "./notices/bill.ts";
export { type C2bNotice, parseC2b } from "./notices/c2b.ts";
export type { Parameter } from "./notices/parameters.ts";
export { parseRatibaCallback, type RatibaNotice } from "./notices/ratiba.ts";
export {
  parseQueueTimeout,
  parseResult,
  type QueueTimeoutNotice,
  receiptOf,
  type ResultFacts,
  type ResultNotice,
} from "./notices/result.ts";
export { parseStkCallback, type StkNotice } from "./notices/stk.ts";
export { type Field, isUnreadable, unreadableNames, valueOrNull } from "./field.ts";
export type { Unreadable, UnreadableReason } from "./notices/unreadable.ts";
export type { Party, PhoneForm } from "./ids.ts";
export { type AccountBalance, parseAccountBalances, parseAmountStruct, parseCents } from "./money.ts";
