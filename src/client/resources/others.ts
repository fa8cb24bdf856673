import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type {
  Client,
  ClientWithSecret,
  CreateClient,
  Delivery,
  Event,
  Job,
  ListClients,
  ListEvents,
  ListJobs,
  ListNotices,
  ListPayments,
  ListShortcodes,
  MatchPayment,
  Notice,
  Payment,
  PaymentDetail,
  Shortcode,
} from "../types.ts";

/** Money that arrived. */
export class Payments extends Resource {
  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<PaymentDetail> {
    return this.read(id, options);
  }

  /** Puts money that came without a checkout to the one it was meant for. Errors: `wrong_state`. */
  match(id: string, body: MatchPayment, options?: ChangeOptions): Promise<PaymentDetail> {
    return this.act(id, "match", body, options);
  }

  /** Newest first. */
  list(query: ListPayments = {}, options?: CallOptions): List<Payment> {
    return this.listPages(query, options);
  }
}

/** Paybills and tills. */
export class Shortcodes extends Resource {
  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<Shortcode> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListShortcodes = {}, options?: CallOptions): List<Shortcode> {
    return this.listPages(query, options);
  }
}

/** What webhooks tell: the way to catch up. */
export class Events extends Resource {
  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<Event> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListEvents = {}, options?: CallOptions): List<Event> {
    return this.listPages(query, options);
  }

  /** Sends it again, to every endpoint that takes its type. Errors: `wrong_state`. */
  redeliver(id: string, options?: ChangeOptions): Promise<{ readonly data: readonly Delivery[] }> {
    return this.act(id, "redeliver", undefined, options);
  }
}

/** API credentials. Needs the scope `operator`. */
export class Clients extends Resource {
  /** The answer holds the secret, this once. */
  create(body: CreateClient, options?: ChangeOptions): Promise<ClientWithSecret> {
    return this.transport.post(this.path, body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<Client> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListClients = {}, options?: CallOptions): List<Client> {
    return this.listPages(query, options);
  }

  /** It gets no more tokens; one it holds works at most 10 minutes longer. */
  revoke(id: string, options?: ChangeOptions): Promise<Client> {
    return this.act(id, "revoke", undefined, options);
  }
}

/** Later work. Needs the scope `operator`. */
export class Jobs extends Resource {
  /** What waits, runs or is dead, newest first. */
  list(query: ListJobs = {}, options?: CallOptions): List<Job> {
    return this.listPages(query, options);
  }

  /** Runs a dead job again. Errors: `wrong_state`. */
  retry(id: string, options?: ChangeOptions): Promise<Job> {
    return this.act(id, "retry", undefined, options);
  }
}

/** What M-Pesa sent. Needs the scope `operator`. */
export class Notices extends Resource {
  /** Newest first. */
  list(query: ListNotices = {}, options?: CallOptions): List<Notice> {
    return this.listPages(query, options);
  }
}
