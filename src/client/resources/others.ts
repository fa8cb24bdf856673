import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type {
  AttentionCase,
  AuditEntry,
  ChangeMerchant,
  ChangeRequest,
  Client,
  ClientWithSecret,
  CreateClient,
  CreateMerchant,
  CreateQrCode,
  Delivery,
  Event,
  FeatureFlag,
  FeatureFlagList,
  Job,
  ListAttention,
  ListAudit,
  ListChangeRequests,
  ListClients,
  ListEvents,
  ListJobs,
  ListMerchants,
  ListNotices,
  ManagedMerchant,
  MerchantWithClient,
  Notice,
  QrCode,
  RejectChange,
  RevokedClient,
  RotateClientSecret,
  SetFlag,
  UpdateClient,
} from "../types.ts";

/** What ends together with a client. */
export interface RevokeOptions extends ChangeOptions {
  /** Also the clients that it has made, and those that they have made. */
  readonly descendants?: true;
  /** Also what the revoked clients have not sent. */
  readonly payouts?: "cancel";
}

/** Events: what webhooks send. Use this list to catch up. */
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
  /** Only this answer contains the secret. */
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

  /** Its name, or how it proves who it is. Errors: `wrong_state`, `scope_not_held`, `other_lineage`. */
  update(id: string, body: UpdateClient, options?: CallOptions): Promise<Client> {
    return this.transport.patch(this.at(id), body, options);
  }

  /** A second secret; the one before stays valid for a while. Only this answer contains it. Errors: `wrong_state`. */
  rotateSecret(id: string, body: RotateClientSecret = {}, options?: ChangeOptions): Promise<ClientWithSecret> {
    return this.act(id, "rotate-secret", body, options);
  }

  /** The client gets no new tokens, and those that it has end. Errors: `wrong_state`. */
  revoke(id: string, options?: RevokeOptions): Promise<RevokedClient> {
    const query = new URLSearchParams({
      ...(options?.descendants === true ? { descendants: "true" } : {}),
      ...(options?.payouts === undefined ? {} : { payouts: options.payouts }),
    });
    return this.transport.post(`${this.at(id, "revoke")}${query.size > 0 ? `?${query}` : ""}`, undefined, options);
  }
}

/** Changes that wait for a second person. Needs the scope `operator`. */
export class ChangeRequests extends Resource {
  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<ChangeRequest> {
    return this.read(id, options);
  }

  /** Newest first. */
  list(query: ListChangeRequests = {}, options?: CallOptions): List<ChangeRequest> {
    return this.listPages(query, options);
  }

  /** Applies it. Errors: `own_lineage`, `change_stale`, `wrong_state`. */
  confirm(id: string, options?: ChangeOptions): Promise<ChangeRequest> {
    return this.act(id, "confirm", undefined, options);
  }

  /** Ends it. Errors: `wrong_state`. */
  reject(id: string, body: RejectChange, options?: ChangeOptions): Promise<ChangeRequest> {
    return this.act(id, "reject", body, options);
  }
}

/** Merchants, for the people who run the service. Needs the scope `platform`. */
export class Merchants extends Resource {
  /** Only this answer contains the secret of the merchant's first client. */
  create(body: CreateMerchant, options?: ChangeOptions): Promise<MerchantWithClient> {
    return this.transport.post(this.path, body, options);
  }

  /** Renames, disables or enables a merchant. Errors: `not_found`. */
  update(id: string, body: ChangeMerchant, options?: CallOptions): Promise<ManagedMerchant> {
    return this.transport.patch(this.at(id), body, options);
  }

  /** Newest first. */
  list(query: ListMerchants = {}, options?: CallOptions): List<ManagedMerchant> {
    return this.listPages(query, options);
  }
}

/** Background jobs. Needs the scope `operator`. */
export class Jobs extends Resource {
  /** Jobs that wait, run or are dead, newest first. */
  list(query: ListJobs = {}, options?: CallOptions): List<Job> {
    return this.listPages(query, options);
  }

  /** Runs a dead job again. Errors: `wrong_state`. */
  retry(id: string, options?: ChangeOptions): Promise<Job> {
    return this.act(id, "retry", undefined, options);
  }
}

/** What needs a person. Each kind needs the read scope of its subject; `operator` sees and does all. */
export class Attention extends Resource {
  /** Oldest first. */
  list(query: ListAttention = {}, options?: CallOptions): List<AttentionCase> {
    return this.listPages(query, options);
  }

  /** Writes a note to a case. Errors: `not_found`. */
  note(id: string, text: string, options?: ChangeOptions): Promise<AttentionCase> {
    return this.act(id, "note", { text }, options);
  }

  /** You look after the case from now on. Errors: `not_found`. */
  take(id: string, options?: ChangeOptions): Promise<AttentionCase> {
    return this.act(id, "take", undefined, options);
  }

  /** Hides a case that is not about money for 1 to 24 hours. Errors: `not_found`, `wrong_state`. */
  sleep(id: string, hours: number, options?: ChangeOptions): Promise<AttentionCase> {
    return this.act(id, "sleep", { hours }, options);
  }
}

/** Who did what. Needs the scope `audit:read` or `operator`. */
export class Audit extends Resource {
  /** Newest first. */
  list(query: ListAudit = {}, options?: CallOptions): List<AuditEntry> {
    return this.listPages(query, options);
  }
}

/** What M-Pesa sent. Needs the scope `operator`. */
export class Notices extends Resource {
  /** Newest first. */
  list(query: ListNotices = {}, options?: CallOptions): List<Notice> {
    return this.listPages(query, options);
  }
}

/** Switches of behaviours. Needs `platform`. */
export class Flags extends Resource {
  list(options?: CallOptions): Promise<FeatureFlagList> {
    return this.transport.get(this.path, {}, options);
  }

  /** Errors: `not_found`. */
  set(name: FeatureFlag["name"], body: SetFlag, options?: CallOptions): Promise<FeatureFlag> {
    return this.transport.patch(this.at(name), body, options);
  }
}

/** QR codes that a customer scans to pay. */
export class QrCodes extends Resource {
  create(body: CreateQrCode, options?: ChangeOptions): Promise<QrCode> {
    return this.transport.post(this.path, body, options);
  }
}
