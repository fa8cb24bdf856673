import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type {
  CreatePayout,
  ListedPayoutBatch,
  ListPayoutBatches,
  ListPayouts,
  Payout,
  RejectPayout,
  ResolvePayout,
  Timeline,
} from "../types.ts";

/** Sending money. */
export class Payouts extends Resource {
  /**
   * Sends `amount` cents of KES to a phone, once. Give an `idempotencyKey` that you stored before the call: then you can
   * retry even after a crash of your own, without paying twice. Errors: `validation_failed`, `limit_exceeded`.
   */
  create(body: CreatePayout, options?: ChangeOptions): Promise<Payout> {
    return this.transport.post(this.path, body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<Payout> {
    return this.read(id, options);
  }

  /** What happened, oldest first, in plain English. Errors: `not_found`. */
  timeline(id: string, options?: CallOptions): Promise<Timeline> {
    return this.readTimeline(id, options);
  }

  /** Newest first. */
  list(query: ListPayouts = {}, options?: CallOptions): List<Payout> {
    return this.listPages(query, options);
  }

  /** Batches, newest first. Their payouts: `list({ batch })`. */
  listBatches(query: ListPayoutBatches = {}, options?: CallOptions): List<ListedPayoutBatch> {
    return this.listPages(query, options, "/v1/payout-batches");
  }

  /** Approves the payout. The client must not be the one that created it. Needs `payouts:approve`. Errors: `own_payout`, `wrong_state`. */
  approve(id: string, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "approve", undefined, options);
  }

  /** Needs `payouts:approve`. Errors: `own_payout`, `wrong_state`. */
  reject(id: string, body: RejectPayout, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "reject", body, options);
  }

  /** Cancels a payout that has not been sent. Errors: `wrong_state`. */
  cancel(id: string, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "cancel", undefined, options);
  }

  /** Asks M-Pesa now. */
  refresh(id: string, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "refresh", undefined, options);
  }

  /** Records what a person found out about a payout in doubt. Needs `operator`. Errors: `wrong_state`. */
  resolve(id: string, body: ResolvePayout, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "resolve", body, options);
  }
}
