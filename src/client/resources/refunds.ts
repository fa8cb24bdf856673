import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type { CreateRefund, ListRefunds, Refund, ResolveRefund, Timeline } from "../types.ts";

/** Giving payments back. */
export class Refunds extends Resource {
  /** Give an `idempotencyKey` of your own, stored before the call. Errors: `validation_failed`, `wrong_state`. */
  create(body: CreateRefund, options?: ChangeOptions): Promise<Refund> {
    return this.transport.post(this.path, body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<Refund> {
    return this.read(id, options);
  }

  /** What happened, oldest first, in plain English. Errors: `not_found`. */
  timeline(id: string, options?: CallOptions): Promise<Timeline> {
    return this.readTimeline(id, options);
  }

  /** Newest first. */
  list(query: ListRefunds = {}, options?: CallOptions): List<Refund> {
    return this.listPages(query, options);
  }

  /** Asks M-Pesa now. */
  refresh(id: string, options?: ChangeOptions): Promise<Refund> {
    return this.act(id, "refresh", undefined, options);
  }

  /** Records what a person found out about a refund in doubt. Needs `operator`. Errors: `wrong_state`. */
  resolve(id: string, body: ResolveRefund, options?: ChangeOptions): Promise<Refund> {
    return this.act(id, "resolve", body, options);
  }
}
