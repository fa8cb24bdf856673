import type { QueueTimeoutNotice, ResultNotice } from "../../daraja/notices.ts";

/** A notice that came to one of a payout's callback URLs; `at` says to which. */
export type PayoutNotice =
  | { readonly at: "result"; readonly notice: ResultNotice }
  | { readonly at: "status"; readonly notice: ResultNotice }
  | { readonly at: "timeout"; readonly notice: QueueTimeoutNotice }
  | { readonly at: "status_timeout" };
