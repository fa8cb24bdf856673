import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import { waitForCheckout, type WaitOptions } from "../wait.ts";
import type { Checkout, CreateAttempt, CreateCheckout, ListCheckouts, Timeline } from "../types.ts";

/** Checkouts: taking payments. */
export class Checkouts extends Resource {
  /**
   * Asks to be paid `amount` cents of KES. With `phone_number` the phone is prompted at once; else send the shopper to
   * `hosted_url`. Errors: `validation_failed`, `limit_exceeded`, `rate_limited`.
   */
  create(body: CreateCheckout, options?: ChangeOptions): Promise<Checkout> {
    return this.transport.post(this.path, body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<Checkout> {
    return this.read(id, options);
  }

  /** What happened, oldest first, in plain English. Errors: `not_found`. */
  timeline(id: string, options?: CallOptions): Promise<Timeline> {
    return this.readTimeline(id, options);
  }

  /** Newest first. */
  list(query: ListCheckouts = {}, options?: CallOptions): List<Checkout> {
    return this.listPages(query, options);
  }

  /** Prompts a phone again. Errors: `checkout_not_open`, `phone_busy`, `limit_exceeded`. */
  attempt(id: string, body: CreateAttempt, options?: ChangeOptions): Promise<Checkout> {
    return this.act(id, "attempts", body, options);
  }

  /** Stops it; a prompt that is out may still be paid, which is then recorded. Errors: `wrong_state`. */
  cancel(id: string, options?: ChangeOptions): Promise<Checkout> {
    return this.act(id, "cancel", undefined, options);
  }

  /** Asks M-Pesa now. */
  refresh(id: string, options?: ChangeOptions): Promise<Checkout> {
    return this.act(id, "refresh", undefined, options);
  }

  /**
   * Reads the checkout again and again until there is an answer: it has ended, or the prompt was declined or ran out and
   * the checkout is open for another one. Use it in scripts; a shop should use webhooks. Errors: `wait_timed_out`, after
   * which it may still be paid.
   */
  wait(id: string, options: WaitOptions = {}): Promise<Checkout> {
    return waitForCheckout((signal) => this.get(id, signal === undefined ? {} : { signal }), options);
  }

  /** {@link create}, then {@link wait}. Errors: as of both; the checkout exists after `wait_timed_out`. */
  async createAndWait(body: CreateCheckout, options: ChangeOptions & WaitOptions = {}): Promise<Checkout> {
    const { id } = await this.create(body, options);
    return await this.wait(id, options);
  }
}
