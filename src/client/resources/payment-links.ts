import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type { CreatePaymentLink, ListPaymentLinks, PaymentLink, UpdatePaymentLink } from "../types.ts";

/** Short addresses at which customers pay. */
export class PaymentLinks extends Resource {
  /** Share `url`, or print `qr`. Errors: `validation_failed`. */
  create(body: CreatePaymentLink, options?: ChangeOptions): Promise<PaymentLink> {
    return this.transport.post(this.path, body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<PaymentLink> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListPaymentLinks = {}, options?: CallOptions): List<PaymentLink> {
    return this.listPages(query, options);
  }

  /** `status: "disabled"` ends it. Errors: `not_found`. */
  update(id: string, body: UpdatePaymentLink, options?: ChangeOptions): Promise<PaymentLink> {
    return this.transport.patch(this.at(id), body, options);
  }
}
