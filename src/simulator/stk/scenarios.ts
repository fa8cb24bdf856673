import { isStkCode } from "./codes.ts";

/** What happens to a push. The last four digits of the prompted phone choose it (design.md section 9). */
export interface StkScenario {
  /** The final result code; 0 is paid. */
  readonly code: number | string;
  /** When the callback is sent: after this many usual delays, before the answer, late, or never. */
  readonly callback: number | "first" | "late" | "never";
  readonly answer?: "cut" | "html-503";
  /** The money moves at once, and not only with the callback. */
  readonly settlesAtOnce?: boolean;
  readonly copies?: number;
  /** How many shillings the callback says more than were paid. */
  readonly extraShillings?: number;
  /** The callback's metadata contains neither receipt nor date. */
  readonly hasNoReceipt?: boolean;
  /** A C2B confirmation with the same receipt is sent too. */
  readonly alsoConfirmed?: boolean;
  readonly query?: "spike" | "cancelled-at-first" | "flapping";
}

const usual: StkScenario = { code: 0, callback: 1 };

const faultScenarios: Readonly<Record<string, StkScenario>> = {
  "9001": { ...usual, callback: "never", settlesAtOnce: true },
  "9002": { ...usual, callback: "first" },
  "9003": { ...usual, copies: 4 },
  "9004": { ...usual, callback: "late" },
  "9005": { ...usual, extraShillings: 1 },
  "9006": { ...usual, answer: "cut" },
  "9007": { ...usual, callback: "never", settlesAtOnce: true, query: "flapping" },
  "9008": { ...usual, callback: 3, query: "spike" },
  "9009": { ...usual, callback: "never", answer: "html-503" },
  "9010": { ...usual, hasNoReceipt: true },
  "9011": { ...usual, code: "SFC_IC0003" },
  "9012": { ...usual, callback: 4, query: "cancelled-at-first" },
  "9013": { ...usual, alsoConfirmed: true },
};

/** The scenario of a phone number: a fault, a result code of daraja.md section 4, or a payment. */
export function stkScenario(phone: string): StkScenario {
  const lastFour = phone.slice(-4);
  const code = String(Number(lastFour));
  return faultScenarios[lastFour] ?? (isStkCode(code) ? usualWithCode(Number(code)) : usual);
}

/** The usual scenario, with `code` as its result. */
export function usualWithCode(code: number | string): StkScenario {
  return { ...usual, code };
}
