import { Checkouts } from "./resources/checkouts.ts";
import { Clients, Events, Jobs, Notices, Payments, Shortcodes } from "./resources/others.ts";
import { Payouts } from "./resources/payouts.ts";
import { Refunds } from "./resources/refunds.ts";
import { WebhookEndpoints } from "./resources/webhook-endpoints.ts";
import { type Returned, Returns } from "./return.ts";
import { type CallOptions, type MalipoOptions, Transport } from "./transport.ts";
import type { Checkout } from "./types.ts";
import { waitForCheckout, type WaitOptions } from "./wait.ts";

/**
 * Malipo, from a server of yours: Deno, Node 20 or newer, Bun, or a worker.
 *
 * Tokens are fetched and renewed by themselves. A call that changes something carries an idempotency key, kept through
 * its own retries, so nothing is done twice. What fails is a {@link MalipoError} with a `code`.
 *
 * ```ts
 * const malipo = new Malipo({ clientId, clientSecret, baseUrl: "https://pay.shop.example" });
 * const checkout = await malipo.checkouts.create({
 *   amount: 150_000, // KES 1,500, in cents
 *   currency: "KES",
 *   reference: "order-1001",
 *   phone_number: "0712345678",
 * });
 * const { status, payment } = await malipo.waitForCheckout(checkout.id);
 * ```
 */
export class Malipo {
  readonly checkouts: Checkouts;
  readonly payments: Payments;
  readonly payouts: Payouts;
  readonly refunds: Refunds;
  readonly shortcodes: Shortcodes;
  readonly webhookEndpoints: WebhookEndpoints;
  readonly events: Events;
  readonly clients: Clients;
  readonly jobs: Jobs;
  readonly notices: Notices;

  readonly #returns: Returns;

  constructor(options: MalipoOptions) {
    const transport = new Transport(options);
    this.#returns = new Returns(transport);
    this.checkouts = new Checkouts(transport, "/v1/checkouts");
    this.payments = new Payments(transport, "/v1/payments");
    this.payouts = new Payouts(transport, "/v1/payouts");
    this.refunds = new Refunds(transport, "/v1/refunds");
    this.shortcodes = new Shortcodes(transport, "/v1/shortcodes");
    this.webhookEndpoints = new WebhookEndpoints(transport, "/v1/webhook-endpoints");
    this.events = new Events(transport, "/v1/events");
    this.clients = new Clients(transport, "/v1/clients");
    this.jobs = new Jobs(transport, "/v1/jobs");
    this.notices = new Notices(transport, "/v1/notices");
  }

  /**
   * Looks, with growing pauses, until the checkout has ended: `succeeded`, `expired`, `cancelled` or `review`. Use it
   * in scripts and short requests; a shop listens to webhooks. Errors: `wait_timed_out`.
   */
  waitForCheckout(id: string, options: WaitOptions = {}): Promise<Checkout> {
    return waitForCheckout(
      (signal) => this.checkouts.get(id, signal === undefined ? {} : { signal }),
      options,
    );
  }

  /**
   * Reads the address that a shopper was sent back to from the hosted page, once its signature is sure. It is news for
   * the page that greets the shopper; send the goods on a webhook, or after `checkouts.get`. Compare `checkout` with the
   * one you made for this order. Errors: `signature_invalid`.
   */
  verifyReturn(address: string | URL, options?: CallOptions): Promise<Returned> {
    return this.#returns.verify(address, options);
  }
}
