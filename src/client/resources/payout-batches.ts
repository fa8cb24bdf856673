import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type {
  CreatePayoutBatch,
  ListedPayoutBatch,
  ListPayoutBatches,
  PayoutBatch,
  PayoutBatchApproval,
  RejectPayout,
} from "../types.ts";
import { type ApproveOptions, seen } from "./approve.ts";

/** What the creation of a batch may have besides its payouts. */
export interface BatchOptions extends ChangeOptions {
  /** Creates the valid rows, and lists what was wrong with the others. */
  readonly acceptValid?: boolean;
  /** Creates them although they look like earlier ones. */
  readonly allowDuplicate?: boolean;
}

/** Sending money to many phones at once. */
export class PayoutBatches extends Resource {
  /**
   * Up to 5,000 payouts: a list, or the text of a CSV file. All are created or none. Give an `idempotencyKey` that you
   * stored before the call. Errors: `validation_failed`, `limit_exceeded`, `looks_like_a_duplicate`.
   */
  create(
    payouts: CreatePayoutBatch["payouts"] | string,
    { acceptValid, allowDuplicate, ...options }: BatchOptions = {},
  ): Promise<PayoutBatch> {
    const query = {
      accept_valid: acceptValid === true ? "true" : undefined,
      allow_duplicate: allowDuplicate === true ? "true" : undefined,
    };
    const content = typeof payouts === "string"
      ? { bytes: payouts, type: "text/csv" }
      : { bytes: JSON.stringify({ payouts }), type: "application/json" };
    return this.transport.postFile(this.path, query, content, options);
  }

  /** With the payouts and what became of each. Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<PayoutBatch> {
    return this.read(id, options);
  }

  /** Newest first. Their payouts: `malipo.payouts.list({ batch })`. */
  list(query: ListPayoutBatches = {}, options?: CallOptions): List<ListedPayoutBatch> {
    return this.listPages(query, options);
  }

  /** What an approval of the whole batch covers. Needs `payouts:approve`. Errors: `wrong_state`. */
  approval(id: string, options?: CallOptions): Promise<PayoutBatchApproval> {
    return this.transport.get(this.at(id, "approval"), {}, options);
  }

  /** Approves all payouts that await approval, or none. Errors: `own_payout`, `wrong_state`, `payout_changed`. */
  approve(id: string, options?: ApproveOptions): Promise<PayoutBatch> {
    return this.transport.post(this.at(id, "approve") + seen(options), undefined, options);
  }

  /** Rejects all payouts that await approval, or none. Needs `payouts:approve`. Errors: `wrong_state`. */
  reject(id: string, body: RejectPayout, options?: ChangeOptions): Promise<PayoutBatch> {
    return this.act(id, "reject", body, options);
  }
}
