import { isStkCode } from "./codes.ts";

/** What happens to a push: picked by the last four digits of the phone that is prompted (design.md section 9). */
export interface StkScenario {
  /** The result code in the end; 0 is paid. */
  readonly code: number | string;
  /** When the callback leaves: after so many times the usual delay, before the answer, late, or not at all. */
  readonly callback: number | "first" | "late" | "never";
  readonly answer?: "cut" | "html-503";
  /** The money moves at once, and not with the callback. */
  readonly settlesAtOnce?: boolean;
  readonly copies?: number;
  /** Shillings that the callback says too much. */
  readonly extraShillings?: number;
  /** Neither receipt nor date in the callback's metadata. */
  readonly hasNoReceipt?: boolean;
  /** The same receipt also comes as a C2B confirmation. */
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

/** The scenario of a phone: a fault, a result code of daraja.md section 4, or paid. */
export function stkScenario(phone: string): StkScenario {
  const lastFour = phone.slice(-4);
  const code = String(Number(lastFour));
  return faultScenarios[lastFour] ?? (isStkCode(code) ? usualWithCode(Number(code)) : usual);
}

/** The usual course, ending with `code`. */
export function usualWithCode(code: number | string): StkScenario {
  return { ...usual, code };
}
