/** What a parser returns if a notice can't be used. The raw message stays in the inbox. */
export interface Unreadable {
  readonly kind: "unreadable";
  readonly reason: UnreadableReason;
}

export type UnreadableReason =
  | "not_json"
  | "not_an_object"
  | "wrong_shape"
  | "no_result_code"
  | "no_transaction_id"
  | "no_amount"
  | "no_shortcode";

export function unreadable(reason: UnreadableReason): Unreadable {
  return { kind: "unreadable", reason };
}
