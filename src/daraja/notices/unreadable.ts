import type { Field, Read } from "../field.ts";

/** What a parser returns if a notice can't be used. The raw message stays in the inbox. */
export interface Unreadable {
  readonly kind: "unreadable";
  readonly reason: UnreadableReason;
}

/** `no_...`: the notice lacks the field. `..._unreadable`: it has the field, in a form that we do not know. */
export type UnreadableReason =
  | "not_json"
  | "not_an_object"
  | "wrong_shape"
  | "no_result_code"
  | "result_codes_differ"
  | "no_transaction_id"
  | "transaction_id_unreadable"
  | "no_amount"
  | "amount_unreadable"
  | "no_shortcode"
  | "shortcode_unreadable";

export function unreadable(reason: UnreadableReason): Unreadable {
  return { kind: "unreadable", reason };
}

/** A field that a notice can't do without: its value, or the notice is unreadable. */
export function requiredField<T>(
  field: Field<T>,
  name: "transaction_id" | "amount" | "shortcode",
): Read<T> | Unreadable {
  if (field.kind === "read") return field;
  return unreadable(field.kind === "absent" ? `no_${name}` : `${name}_unreadable`);
}
