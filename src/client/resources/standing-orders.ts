import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type { CreateStandingOrder, ListStandingOrders, StandingOrder } from "../types.ts";

/** Payments that a customer agrees to once, and M-Pesa repeats. */
export class StandingOrders extends Resource {
  /** Asks the customer to agree. Errors: `validation_failed`, `wrong_state`. */
  create(body: CreateStandingOrder, options?: ChangeOptions): Promise<StandingOrder> {
    return this.transport.post(this.path, body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<StandingOrder> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListStandingOrders = {}, options?: CallOptions): List<StandingOrder> {
    return this.listPages(query, options);
  }
}
