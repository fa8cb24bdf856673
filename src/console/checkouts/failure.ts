import type { FailureCode } from "../../daraja/codes.ts";
import type { CheckoutView } from "../../domain/checkouts/contract.ts";
import { languages } from "../../pages/text/language.ts";
import type { Look } from "../kit/visit.ts";

/** Why a checkout is not paid, in the words that the payer gets too. Empty: nothing failed. */
export function failureText(row: CheckoutView, { language }: Pick<Look, "language">): string {
  if (row.last_failure === null) return "";
  const { failures } = languages[language].text;
  const { code, message } = row.last_failure;
  return Object.hasOwn(failures, code) ? failures[code as FailureCode][0] : message; // it is a key of the table
}
