import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type {
  AcceptSuggestion,
  AllocatePayment,
  BookPayment,
  ListPayments,
  MatchPayment,
  Payment,
  PaymentDetail,
  Timeline,
} from "../types.ts";

/** Money that arrived. */
export class Payments extends Resource {
  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<PaymentDetail> {
    return this.read(id, options);
  }

  /** Assigns a payment to the checkout that it was meant for. Errors: `wrong_state`. */
  match(id: string, body: MatchPayment, options?: ChangeOptions): Promise<PaymentDetail> {
    return this.act(id, "match", body, options);
  }

  /** Books money that M-Pesa confirmed for a number of nobody, as an operator. Errors: `wrong_state`. */
  book(id: string, body: BookPayment = {}, options?: ChangeOptions): Promise<PaymentDetail> {
    return this.act(id, "book", body, options);
  }

  /** Does what one of the payment's `suggestions` says. Errors: `conflict` where it does not fit any more. */
  accept(id: string, body: AcceptSuggestion, options?: ChangeOptions): Promise<PaymentDetail> {
    return this.act(id, "accept", body, options);
  }

  /** Distributes a payment over checkouts and accounts, in place of what was allocated. Errors: `refunded_already`. */
  allocate(id: string, body: AllocatePayment, options?: ChangeOptions): Promise<PaymentDetail> {
    return this.act(id, "allocate", body, options);
  }

  /** What happened, oldest first, in plain English. Errors: `not_found`. */
  timeline(id: string, options?: CallOptions): Promise<Timeline> {
    return this.readTimeline(id, options);
  }

  /** Newest first. */
  list(query: ListPayments = {}, options?: CallOptions): List<Payment> {
    return this.listPages(query, options);
  }
}
