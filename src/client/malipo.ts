import { Checkouts } from "./resources/checkouts.ts";
import {
  Attention,
  Audit,
  ChangeRequests,
  Clients,
  Events,
  Flags,
  Jobs,
  Merchants,
  Notices,
  QrCodes,
} from "./resources/others.ts";
import { Payouts } from "./resources/payouts.ts";
import { Accounts } from "./resources/accounts.ts";
import { Balances } from "./resources/balances.ts";
import { Ledger } from "./resources/ledger.ts";
import { Payments } from "./resources/payments.ts";
import { PayoutBatches } from "./resources/payout-batches.ts";
import { People } from "./resources/people.ts";
import { Shortcodes } from "./resources/shortcodes.ts";
import { StandingOrders } from "./resources/standing-orders.ts";
import { Merchant } from "./resources/merchant.ts";
import { OutsideSubjects } from "./resources/outside-subjects.ts";
import { Payees } from "./resources/payees.ts";
import { PaymentLinks } from "./resources/payment-links.ts";
import { Reconciliations } from "./resources/reconciliations.ts";
import { Refunds } from "./resources/refunds.ts";
import { WebhookEndpoints } from "./resources/webhook-endpoints.ts";
import { type Returned, Returns } from "./return.ts";
import { type CallOptions, type MalipoOptions, Transport } from "./transport.ts";
import type { Checkout, DarajaStatus, Drift, GetSummary, Payout, SearchHit, Summary } from "./types.ts";
import type { WaitForPayoutOptions, WaitOptions } from "./wait.ts";
import { Webhooks } from "./webhooks.ts";
import { variable } from "./settings.ts";

/**
 * The client of Malipo for your server: Deno, Node 20 or newer, Bun, or a worker.
 *
 * It fetches and renews access tokens. A call that changes something has an idempotency key, which stays the same when
 * the call is retried, so nothing is done twice. Errors are {@link MalipoError} with a `code`.
 *
 * ```ts
 * const malipo = new Malipo({ clientId, clientSecret, baseUrl: "https://pay.shop.example" });
 * const { status, payment } = await malipo.checkouts.createAndWait({
 *   amount: 150_000, // KES 1,500, in cents
 *   currency: "KES",
 *   reference: "order-1001",
 *   phone_number: "0712345678",
 * });
 * ```
 */
export class Malipo {
  readonly checkouts: Checkouts;
  readonly payments: Payments;
  readonly payouts: Payouts;
  readonly payees: Payees;
  readonly accounts: Accounts;
  readonly refunds: Refunds;
  readonly reconciliations: Reconciliations;
  readonly shortcodes: Shortcodes;
  readonly webhookEndpoints: WebhookEndpoints;
  readonly events: Events;
  readonly clients: Clients;
  readonly changeRequests: ChangeRequests;
  readonly merchant: Merchant;
  readonly merchants: Merchants;
  readonly jobs: Jobs;
  readonly notices: Notices;
  readonly audit: Audit;
  readonly attention: Attention;
  readonly payoutBatches: PayoutBatches;
  readonly paymentLinks: PaymentLinks;
  readonly qrCodes: QrCodes;
  readonly standingOrders: StandingOrders;
  readonly balances: Balances;
  readonly ledger: Ledger;
  readonly people: People;
  readonly outsideSubjects: OutsideSubjects;
  readonly flags: Flags;
  /** Receives webhooks: `malipo.webhooks.on("checkout.succeeded", ...)`. */
  readonly webhooks: Webhooks;

  readonly #returns: Returns;
  readonly #transport: Transport;

  /** What is left out is read from `MALIPO_*`. Errors: `not_configured`, which names all that is missing. */
  constructor(options: MalipoOptions = {}) {
    const transport = new Transport(options);
    this.#returns = new Returns(transport);
    this.checkouts = new Checkouts(transport, "/v1/checkouts");
    this.payments = new Payments(transport, "/v1/payments");
    this.payouts = new Payouts(transport, "/v1/payouts");
    this.payees = new Payees(transport, "/v1/payees");
    this.accounts = new Accounts(transport, "/v1/accounts");
    this.refunds = new Refunds(transport, "/v1/refunds");
    this.reconciliations = new Reconciliations(transport, "/v1/reconciliations");
    this.shortcodes = new Shortcodes(transport, "/v1/shortcodes");
    this.webhookEndpoints = new WebhookEndpoints(transport, "/v1/webhook-endpoints");
    this.events = new Events(transport, "/v1/events");
    this.clients = new Clients(transport, "/v1/clients");
    this.changeRequests = new ChangeRequests(transport, "/v1/change-requests");
    this.merchant = new Merchant(transport, "/v1/merchant");
    this.merchants = new Merchants(transport, "/v1/merchants");
    this.jobs = new Jobs(transport, "/v1/jobs");
    this.notices = new Notices(transport, "/v1/notices");
    this.audit = new Audit(transport, "/v1/audit");
    this.attention = new Attention(transport, "/v1/attention");
    this.payoutBatches = new PayoutBatches(transport, "/v1/payout-batches");
    this.paymentLinks = new PaymentLinks(transport, "/v1/payment-links");
    this.qrCodes = new QrCodes(transport, "/v1/qr-codes");
    this.standingOrders = new StandingOrders(transport, "/v1/standing-orders");
    this.balances = new Balances(transport, "/v1/balances");
    this.ledger = new Ledger(transport, "/v1/ledger");
    this.people = new People(transport, "/v1/people");
    this.outsideSubjects = new OutsideSubjects(transport, "/v1/outside-subjects");
    this.flags = new Flags(transport, "/v1/flags");
    this.webhooks = new Webhooks(
      options.webhookSecrets ??
        variable("MALIPO_WEBHOOK_SECRETS")?.split(",").map((one) => one.trim()).filter(Boolean) ??
        [],
    );
    this.#transport = transport;
  }

  /** Sums and counts of a time, by day, hour, channel, shortcode, store or failure. */
  summary(query: GetSummary = {}, options?: CallOptions): Promise<Summary> {
    return this.#transport.get("/v1/reports/summary", query, options);
  }

  /** How Daraja answers for your shortcodes, as the service measured it. It lags by up to a minute. */
  status(options?: CallOptions): Promise<DarajaStatus> {
    return this.#transport.get("/v1/status", {}, options);
  }

  /** Codes and fields of Daraja that the service doesn't know. Needs `operator`. */
  drift(options?: CallOptions): Promise<{ readonly data: readonly Drift[] }> {
    return this.#transport.get("/v1/drift", {}, options);
  }

  /** Searches by receipt, id, phone, account, reference or amount. */
  search(q: string, options?: CallOptions): Promise<{ readonly data: readonly SearchHit[] }> {
    return this.#transport.get("/v1/search", { q }, options);
  }

  /** {@link Checkouts.wait}. Errors: `wait_timed_out`. */
  waitForCheckout(id: string, options?: WaitOptions): Promise<Checkout> {
    return this.checkouts.wait(id, options);
  }

  /** {@link Payouts.wait}. Errors: `wait_timed_out`. */
  waitForPayout(id: string, options?: WaitForPayoutOptions): Promise<Payout> {
    return this.payouts.wait(id, options);
  }

  /**
   * Verifies and reads the URL with which the hosted page sends a shopper back to the shop. Use the result only for the
   * page that the shopper sees: deliver the goods after a webhook, or after `checkouts.get`. Compare `checkout` with the
   * one that you made for this order. Errors: `signature_invalid`.
   */
  verifyReturn(address: string | URL, options?: CallOptions): Promise<Returned> {
    return this.#returns.verify(address, options);
  }
}
