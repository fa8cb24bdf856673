/** A phone number of the simulator: what it does, and where the checkout or payout ends. */
export interface TestNumber {
  /** The last four digits choose; the digits before do not matter. */
  readonly lastFour: string;
  readonly what: string;
  readonly ends: string;
}

/** Faults of prompts. Result codes are in the table of failures. */
export const promptFaults: readonly TestNumber[] = [
  { lastFour: "9001", what: "Paid, but no callback comes: asking finds it.", ends: "succeeded, without a receipt" },
  { lastFour: "9002", what: "Paid. The callback comes before Daraja answers the prompt.", ends: "succeeded" },
  { lastFour: "9003", what: "Paid. The callback comes four times at once.", ends: "succeeded, one payment" },
  { lastFour: "9004", what: "Paid. The callback comes late.", ends: "succeeded, also after it expired" },
  { lastFour: "9005", what: "Paid. The callback says one shilling more than was asked.", ends: "review" },
  { lastFour: "9006", what: "Paid. The connection breaks after Daraja took the prompt.", ends: "succeeded" },
  { lastFour: "9007", what: "Paid. No callback comes, and queries give different answers.", ends: "succeeded" },
  { lastFour: "9008", what: "Paid. Queries are refused as too many, and the callback is slow.", ends: "succeeded" },
  {
    lastFour: "9009",
    what: "Daraja answers the prompt with an HTML error, and nothing more.",
    ends: "review, when it expires",
  },
  {
    lastFour: "9010",
    what: "Paid. The callback has neither a receipt nor a date.",
    ends: "succeeded, without a receipt",
  },
  {
    lastFour: "9011",
    what: "Not paid. The result code is a text, `SFC_IC0003`.",
    ends: "open, after a failed attempt",
  },
  { lastFour: "9012", what: "Paid. A query first says cancelled, then the callback says paid.", ends: "succeeded" },
  { lastFour: "9013", what: "Paid. The same receipt also comes as a paybill payment.", ends: "succeeded, one payment" },
];

/** Faults of payouts. */
export const payoutFaults: readonly TestNumber[] = [
  { lastFour: "9014", what: "Paid, but no result comes: asking finds it.", ends: "succeeded" },
  { lastFour: "9015", what: "Paid, although Daraja refused the request.", ends: "succeeded, one transfer" },
  { lastFour: "9016", what: "Paid. A timeout notice comes first, then the result.", ends: "succeeded" },
  { lastFour: "9017", what: "Accepted, but no result comes and nobody can find it.", ends: "in_doubt" },
];

/** Result codes of M-Pesa that no phone of the simulator chooses; such a number pays. */
const notPlayed: Readonly<Record<"prompts" | "payouts", readonly string[]>> = {
  prompts: ["4999"],
  payouts: ["7", "14", "15", "17", "26", "2020", "2051"],
};

/** The phone that chooses a result code of M-Pesa. Null: there is none. */
export const phoneOf = (kind: "prompts" | "payouts", resultCode: string): string | null =>
  /^\d{1,4}$/.test(resultCode) && !notPlayed[kind].includes(resultCode)
    ? `25470000${resultCode.padStart(4, "0")}`
    : null;
