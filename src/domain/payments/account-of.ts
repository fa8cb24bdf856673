import type { Field } from "../../daraja/notices.ts";

/**
 * The account that a customer gave; null if there is none. One that can't be read is not "none", which could match a
 * till's prompt: its raw text fits no checkout, so the money waits for a person.
 */
export const accountOf = (field: Field<string>): string | null => {
  if (field.kind === "absent") return null;
  return field.kind === "read" ? field.value : field.text;
};
