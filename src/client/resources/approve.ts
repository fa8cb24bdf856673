import type { ChangeOptions } from "../transport.ts";

/** What a change may have, and what the approver saw. */
export interface ApproveOptions extends ChangeOptions {
  /** The `digest` of an approval. Refused with `payout_changed` if it is not that of what is stored. */
  readonly digest?: string;
}

export const seen = (options?: ApproveOptions): string =>
  options?.digest === undefined ? "" : `?digest=${encodeURIComponent(options.digest)}`;
