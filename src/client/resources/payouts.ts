import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type { CreatePayout, ListPayouts, Payout, RejectPayout, ResolvePayout } from "../types.ts";

/** Sending money. */
export class Payouts extends Resource {
  /**
   * Sends `amount` cents of KES to a phone, once. Give an `idempotencyKey` of your own, stored before the call: then
   * not even a crash of yours pays twice. Errors: `validation_failed`, `limit_exceeded`.
   */
  create(body: CreatePayout, options?: ChangeOptions): Promise<Payout> {
    return this.transport.post(this.path, body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<Payout> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListPayouts = {}, options?: CallOptions): List<Payout> {
    return this.listPages(query, options);
  }

  /** By another client than the one that made it. Needs `payouts:approve`. Errors: `own_payout`, `wrong_state`. */
  approve(id: string, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "approve", undefined, options);
  }

  /** Needs `payouts:approve`. Errors: `own_payout`, `wrong_state`. */
  reject(id: string, body: RejectPayout, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "reject", body, options);
  }

  /** Before it is sent. Errors: `wrong_state`. */
  cancel(id: string, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "cancel", undefined, options);
  }

  /** Has M-Pesa asked now. */
  refresh(id: string, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "refresh", undefined, options);
  }

  /** What a person found out about one that is in doubt. Needs `operator`. Errors: `wrong_state`. */
  resolve(id: string, body: ResolvePayout, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "resolve", body, options);
  }
}
