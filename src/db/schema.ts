import type { AuditAction } from "./audit-actions.ts";
import type { EventType } from "./event-types.ts";
import { customType, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { CallbackKind } from "../crypto/capability.ts";

/**
 * The columns of the tables and their types, for drizzle. Constraints and indexes are in `migrations/`; a test compares
 * both. Times are in ms since the epoch, amounts in cents.
 */
const blob = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "blob" });
const json = <T>() => text({ mode: "json" }).$type<T>();

export const merchants = sqliteTable("merchants", {
  id: text().primaryKey(),
  name: text().notNull(),
  created_at: integer().notNull(),
  version: integer().notNull(),
  status: text({ enum: ["active", "disabled"] }).notNull(),
  disabled_at: integer(),
});

/** A public key of a client, as a JWK. */
export type PublicJwk =
  | { readonly kty: "OKP"; readonly crv: "Ed25519"; readonly kid: string; readonly x: string }
  | { readonly kty: "EC"; readonly crv: "P-256"; readonly kid: string; readonly x: string; readonly y: string }
  | { readonly kty: "RSA"; readonly kid: string; readonly n: string; readonly e: string };

type Use = "allowed" | "required";

/** How a client proves who it is, and where it may call from. */
export interface ClientAccess {
  /** `private_key_jwt` (RFC 7523). Required: a secret is refused. */
  readonly client_assertion: Use;
  readonly assertion_keys: readonly PublicJwk[];
  /** Tokens that are bound to a key (RFC 9449). Required: others are refused. */
  readonly dpop: Use;
  /** HTTP message signatures (RFC 9421) of requests that create payouts. */
  readonly payout_signature: Use;
  readonly signature_keys: readonly PublicJwk[];
  /** Networks, such as `192.0.2.0/24`. Empty: from anywhere. */
  readonly addresses: readonly string[];
}

export const clients = sqliteTable("clients", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  name: text().notNull(),
  secret_hash: blob().notNull(),
  scopes: json<string[]>().notNull(),
  status: text({ enum: ["active", "revoked"] }).notNull(),
  created_at: integer().notNull(),
  revoked_at: integer(),
  version: integer().notNull(),
  epoch: integer().notNull(),
  parent_id: text(),
  owner_id: text(),
  previous_secret_hash: blob(),
  previous_secret_until: integer(),
  last_used_at: integer(),
  /** How it proves who it is. Null: by its secret, from anywhere. */
  access: json<ClientAccess>(),
  /** Proves that this service has written `access`. */
  access_seal: blob(),
  /** Proves that this service has written what the client may do. Null: an earlier version has. */
  row_seal: blob(),
});

export const shortcodes = sqliteTable("shortcodes", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  kind: text({ enum: ["paybill", "till"] }).notNull(),
  number: text().notNull(),
  store_number: text(),
  name: text().notNull(),
  is_default: integer({ mode: "boolean" }).notNull(),
  credentials: blob().notNull(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  validation: text({ enum: ["accept_all", "open_checkout", "known_accounts"] }).notNull(),
  known_accounts: json<string[]>().notNull(),
  validation_when_down: text({ enum: ["accept", "reject"] }),
  urls_version: text({ enum: ["v1", "v2"] }),
  urls_response_type: text({ enum: ["completed", "cancelled"] }),
  urls_registered_at: integer(),
  pull_phone: blob(),
  pull_registered_at: integer(),
  version: integer().notNull(),
  /** Safaricom lets this paybill ask for the name behind a phone (Hakikisha). */
  name_check: integer({ mode: "boolean" }).notNull(),
  /** When Daraja accepted the credentials. Null: it has not, and the shortcode takes no requests. */
  proven_at: integer(),
  /** The pair of C2B addresses that Daraja has. */
  url_number: integer().notNull(),
  /** Pairs up to this number answer 404. */
  urls_revoked: integer().notNull(),
  /** The shop that it belongs to, by the merchant's own name for it. */
  store: text(),
  /** Safaricom's tariff of a paybill. Null: nobody entered it. */
  tariff: text({ enum: ["mgao", "business_bouquet", "customer_bouquet"] }),
});

/** What is paid for. `amount`: cents of all of it. */
export interface CheckoutItem {
  readonly name: string;
  readonly quantity: number;
  readonly amount: number;
}

export const checkouts = sqliteTable("checkouts", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  shortcode_id: text().notNull(),
  status: text({ enum: ["open", "pending", "succeeded", "expired", "cancelled", "review"] }).notNull(),
  amount: integer().notNull(),
  currency: text({ enum: ["KES"] }).notNull(),
  reference: text().notNull(),
  account_reference: text().notNull(),
  account_key: text().notNull(),
  description: text().notNull(),
  return_url: text(),
  metadata: json<Record<string, string>>().notNull(),
  expires_at: integer().notNull(),
  cancelled_at: integer(),
  expired_at: integer(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
  /** Cents that are held for it, computed with each change. */
  amount_received: integer().notNull(),
  partial: text({ enum: ["refuse", "collect"] }).notNull(),
  overpayment: text({ enum: ["park", "keep_within", "refund_difference"] }).notNull(),
  /** Cents above the amount that `keep_within` keeps. */
  overpayment_within: integer().notNull(),
  items: json<CheckoutItem[]>().notNull(),
  /** An open checkout of the merchant with the same reference, when this one was made. */
  possible_duplicate_of: text(),
  /** Cents that people and accounts have given to it of payments that are not its own. */
  amount_allocated: integer().notNull(),
  /** It may be more than M-Pesa's limit of a transaction, and is then collected by several prompts. */
  split: integer({ mode: "boolean" }).notNull(),
  /** Cents of `amount_allocated` that had paid it, and that M-Pesa took back. */
  amount_lost: integer().notNull(),
});

export const attempts = sqliteTable("attempts", {
  id: text().primaryKey(),
  checkout_id: text().notNull(),
  status: text({ enum: ["pending", "succeeded", "failed", "unknown"] }).notNull(),
  phone: blob().notNull(),
  phone_index: blob().notNull(),
  phone_masked: text().notNull(),
  evidence: integer().notNull(),
  request_ids: blob(),
  failure: text(),
  result_code: text(),
  result_description: text(),
  polls: integer().notNull(),
  created_at: integer().notNull(),
  accepted_at: integer(),
  ended_at: integer(),
  version: integer().notNull(),
  /** Cents that the prompt asked for, where it was a part of its checkout's amount; null: all of it. */
  amount: integer(),
});

export const payments = sqliteTable("payments", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  shortcode_id: text().notNull(),
  checkout_id: text(),
  attempt_id: text(),
  receipt: text(),
  receipt_source: text({ enum: ["callback", "notice", "inferred", "person"] }).notNull(),
  uploaded: integer({ mode: "boolean" }).notNull(),
  channel: text({ enum: ["stk", "c2b", "pull"] }).notNull(),
  status: text({ enum: ["matched", "partial", "unmatched", "duplicate_payment", "refunded", "taken_back"] }).notNull(),
  amount: integer().notNull(),
  currency: text({ enum: ["KES"] }).notNull(),
  account_reference: text(),
  phone: blob(),
  payer_name: blob(),
  paid_at: integer(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
  /** Cents that refunds gave back; a trigger keeps it. It may be more than `amount`. */
  amount_refunded: integer().notNull(),
  /** The key of `account_reference`; empty where the customer named none. */
  account_key: text().notNull(),
  /** Cents that refunds have given or promised back; triggers keep it. The rest is held. */
  amount_promised: integer().notNull(),
  /** Cents that M-Pesa reversed and that no refund of ours asked for. */
  amount_taken_back: integer().notNull(),
  /** Where the money is, if no checkout has all of it. Triggers keep the table `allocations` equal. */
  allocations: json<readonly Allocation[]>(),
  /** What nobody whom we believe has named: its shortcode or its account. A person, or M-Pesa itself, has to. */
  unproven: text({ enum: ["shortcode", "account"] }),
});

/** A part of a payment, in cents, for a checkout or for a standing account. */
export type Allocation =
  | { readonly checkout: string; readonly amount: number }
  | { readonly account: string; readonly amount: number };

/** One row for each entry of `payments.allocations`, kept by triggers. `before`: the sum of the entries before it. */
export const allocations = sqliteTable("allocations", {
  payment_id: text().notNull(),
  position: integer().notNull(),
  account_id: text(),
  checkout_id: text(),
  amount: integer().notNull(),
  before: integer().notNull(),
  at: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.payment_id, table.position] })]);

/** An account to which money may come at any time. */
export const standingAccounts = sqliteTable("standing_accounts", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  shortcode_id: text().notNull(),
  account_reference: text().notNull(),
  account_key: text().notNull(),
  /** We made the number, so its last digit checks it. */
  is_generated: integer({ mode: "boolean" }).notNull(),
  name: blob().notNull(),
  apply: text({ enum: ["oldest_first", "none"] }).notNull(),
  /** Cents a month. */
  expected_amount: integer(),
  due_day: integer().notNull(),
  /** Cents that were expected up to `expected_since` (ms), when the amount or its day were last changed. */
  expected_before: integer().notNull(),
  expected_since: integer().notNull(),
  /** When the sweep looks whether the expected amount is there. */
  next_check_at: integer(),
  /** The last version that an event has told. */
  told_version: integer().notNull(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
});

/** Money of an account's balance that was applied to a checkout, in cents; below zero where it was taken from it again. */
export const accountApplications = sqliteTable("account_applications", {
  id: text().primaryKey(),
  account_id: text().notNull(),
  checkout_id: text().notNull(),
  amount: integer().notNull(),
  at: integer().notNull(),
});

/** The phone of a payment that M-Pesa told in full, as a blind index. A prompt's phone is in its attempt. */
export const paymentPhones = sqliteTable("payment_phones", {
  payment_id: text().primaryKey(),
  phone_index: blob().notNull(),
});

/** A payment that turned out to be the same transfer as another one, and where it went. */
export const mergedPayments = sqliteTable("merged_payments", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  into_id: text().notNull(),
  at: integer().notNull(),
  /** The receipt that it had. If `into_id` names no payment, the payment that has this receipt is the same transfer. */
  receipt: text(),
});

/** A reversal that M-Pesa lists: of a receipt that may not be known yet, by a refund of ours or by somebody else. */
export const reversals = sqliteTable("reversals", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  shortcode_id: text().notNull(),
  /** Its own receipt; `of_receipt` is the one that it reverses. */
  receipt: text().notNull(),
  of_receipt: text().notNull(),
  /** Cents. */
  amount: integer().notNull(),
  at: integer(),
  reconciliation_id: text(),
  outcome: text({ enum: ["waiting", "taken_back", "refund", "differs"] }).notNull(),
  /** The payment that was taken back or that differs, or the refund that it is; null while it waits. */
  subject_id: text(),
  created_at: integer().notNull(),
});

export const notices = sqliteTable("notices", {
  id: text().primaryKey(),
  kind: text().notNull().$type<CallbackKind>(),
  subject_id: text().notNull(),
  merchant_id: text(),
  digest: blob().notNull(),
  body: blob().notNull(),
  copies: integer().notNull(),
  status: text({ enum: ["stored", "applied", "quarantined", "unreadable"] }).notNull(),
  problem: text(),
  received_at: integer().notNull(),
  processed_at: integer(),
  payment_id: text(),
  /** Whether it came from an address of Safaricom's. */
  source_known: integer({ mode: "boolean" }),
  /** What M-Pesa said of a confirmation that was not believed at once. */
  proof: text({ enum: ["proven", "refuted"] }),
  /** How often M-Pesa was asked. */
  proof_asks: integer().notNull(),
  version: integer().notNull(),
});

/** The span that stored a row of another table, as a W3C traceparent. Written only where traces are collected. */
export const traceContexts = sqliteTable("trace_contexts", {
  subject_id: text().primaryKey(),
  context: text().notNull(),
  created_at: integer().notNull(),
});

export const jobs = sqliteTable("jobs", {
  id: text().primaryKey(),
  kind: text().notNull(),
  subject_id: text().notNull(),
  merchant_id: text(),
  status: text({ enum: ["queued", "dead"] }).notNull(),
  run_at: integer().notNull(),
  lease: text(),
  attempts: integer().notNull(),
  last_error: text(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
});

export const events = sqliteTable("events", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  type: text().$type<EventType>().notNull(),
  subject_id: text().notNull(),
  data: json<Record<string, unknown>>().notNull(),
  created_at: integer().notNull(),
});

export const audit = sqliteTable("audit", {
  seq: integer().primaryKey(),
  merchant_id: text(),
  actor: text().notNull(),
  action: text().$type<AuditAction>().notNull(),
  subject_id: text().notNull(),
  request_id: text(),
  data: json<Record<string, unknown>>().notNull(),
  at: integer().notNull(),
  /** The merchant of who acted; null for the command line, M-Pesa and our own work. */
  actor_merchant_id: text(),
  /** Where the request came from: an IPv4 address, or the /64 of an IPv6 address. */
  address: text(),
  before: json<Record<string, unknown>>(),
  after: json<Record<string, unknown>>(),
});

/** Up to 500 audit entries of a merchant, sealed: their digests, and the hash of the chain after the last of them. */
export const auditSeals = sqliteTable("audit_seals", {
  merchant_id: text().notNull(),
  /** How many entries of the merchant are sealed, with these. */
  entries: integer().notNull(),
  last_seq: integer().notNull(),
  /** For each entry 8 bytes of its number and 16 bytes of its digest. */
  digests: blob().notNull(),
  hash: blob().notNull(),
  at: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.merchant_id, table.entries] })]);

/** The end of each merchant's chain, signed. */
export const auditHeads = sqliteTable("audit_heads", {
  merchant_id: text().primaryKey(),
  entries: integer().notNull(),
  seq: integer().notNull(),
  hash: blob().notNull(),
  at: integer().notNull(),
  kid: text().notNull(),
  signature: text().notNull(),
  /** What the last anchor outside of the database covers, and when it was made. */
  anchored_entries: integer().notNull(),
  anchored_at: integer().notNull(),
});

/** One row: up to which entry all chains are sealed. */
export const auditSealing = sqliteTable("audit_sealing", {
  id: integer().primaryKey(),
  last_seq: integer().notNull(),
});

/** How far the check of a merchant's chain has come, and what the last one found. */
export const auditChecks = sqliteTable("audit_checks", {
  merchant_id: text().primaryKey(),
  entries: integer().notNull(),
  seq: integer().notNull(),
  hash: blob().notNull(),
  found: json<ChainProblem[]>().notNull(),
  problems: json<ChainProblem[]>().notNull(),
  started_at: integer().notNull(),
  ended_at: integer(),
  /** When a check from the first entry on has ended. */
  whole_at: integer(),
});

/** One thing that does not fit in a chain of the audit trail. `seq` is the entry, where one is meant. */
export interface ChainProblem {
  readonly kind: ChainProblemKind;
  readonly seq: number | null;
}
export type ChainProblemKind =
  | "changed"
  | "removed"
  | "inserted"
  | "reordered"
  | "truncated"
  | "seal_changed"
  | "trigger_dropped";

export const idempotencyKeys = sqliteTable("idempotency_keys", {
  merchant_id: text().notNull(),
  key: text().notNull(),
  fingerprint: blob().notNull(),
  subject_id: text(),
  status: integer(),
  body: blob(),
  locked_until: integer().notNull(),
  created_at: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.merchant_id, table.key] })]);

export const counters = sqliteTable("counters", {
  name: text().primaryKey(),
  total: integer().notNull(),
  cap: integer().notNull(),
  expires_at: integer().notNull(),
});

export const payoutBatches = sqliteTable("payout_batches", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  created_by: text().notNull(),
  source: text({ enum: ["csv", "json"] }).notNull(),
  total: integer().notNull(),
  amount: integer().notNull(),
  problems: json<{ pointer: string; detail: string }[]>().notNull(),
  created_at: integer().notNull(),
  version: integer().notNull(),
});

/** One person's yes to a payout. `at` in ms. */
export interface Approval {
  readonly by: string;
  readonly at: number;
  /** The keyed digest of what was approved, in hex. */
  readonly digest: string;
  /** Whether the request that approved it was signed. */
  readonly signed: boolean;
  /** The keyed digest of all this. Left out: an earlier version stored the approval. */
  readonly proof?: string;
}

/** What a person said became of money that was sent. */
export interface Resolution {
  readonly outcome: "succeeded" | "failed";
  readonly evidence: string;
  readonly receipt: string | null;
  readonly by: string;
  /** ms since the epoch. */
  readonly at: number;
  /** The bits of evidence that the person knew. Rows of version 0.1.0 have none. */
  readonly known?: number;
  /** What M-Pesa had reported when the person decided; null: nothing final. */
  readonly despite?: "succeeded" | "failed" | null;
}

export const payouts = sqliteTable("payouts", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  shortcode_id: text().notNull(),
  batch_id: text(),
  status: text({
    enum: ["awaiting_approval", "queued", "submitted", "in_doubt", "succeeded", "failed", "rejected", "cancelled"],
  }).notNull(),
  amount: integer().notNull(),
  currency: text({ enum: ["KES"] }).notNull(),
  phone: blob().notNull(),
  phone_index: blob().notNull(),
  phone_masked: text().notNull(),
  reference: text().notNull(),
  purpose: text({ enum: ["business", "salary", "promotion"] }).notNull(),
  remarks: text().notNull(),
  occasion: text(),
  metadata: json<Record<string, string>>().notNull(),
  originator_conversation_id: text().notNull(),
  created_by: text().notNull(),
  approval_required: integer({ mode: "boolean" }).notNull(),
  decided_by: text(),
  decided_at: integer(),
  reason: text(),
  evidence: integer().notNull(),
  sends: integer().notNull(),
  unsent: integer().notNull(),
  missed: integer().notNull(),
  polls: integer().notNull(),
  held: integer({ mode: "boolean" }).notNull(),
  conversation_id: text(),
  daraja_originator_id: text(),
  receipt: text(),
  failure: text(),
  result_code: text(),
  result_description: text(),
  resolution: json<Resolution>(),
  send_after: integer().notNull(),
  first_sent_at: integer(),
  sent_at: integer(),
  accepted_at: integer(),
  in_doubt_at: integer(),
  paid_at: integer(),
  ended_at: integer(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
  /** The number of a business is in `receiver`, and also in `phone` and its index, so that the limits count by recipient. */
  destination: text({ enum: ["phone", "paybill", "till", "b2c_account", "kra"] }).notNull(),
  receiver: text(),
  account_reference: text(),
  fee: integer(),
  refund_id: text(),
  /** The number of the last request whose answer is stored, or that was given up. */
  answered: integer().notNull(),
  needs_person: integer({ mode: "boolean" }).notNull(),
  /** An earlier payout of the same merchant that looks like this one. */
  possible_duplicate_of: text(),
  approvals: json<readonly Approval[]>().notNull(),
  /** The payee's name: as the caller gave it, and as M-Pesa returned it. */
  given_name: blob(),
  payee_name: blob(),
  name_confirmed_by: text(),
  name_confirmed_at: integer(),
  /** The keyed digest of the payout as it was created. Null: the version before this column made it. */
  origin: text(),
  /** The request that created it, where that was signed. */
  signed_request: text(),
});

/** A request that was signed (RFC 9421). `content` is the signature with what is needed to verify it, sealed. */
export const signedRequests = sqliteTable("signed_requests", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  client_id: text().notNull(),
  content: blob().notNull(),
  created_at: integer().notNull(),
});

/** Whom a merchant pays, by phone, with the name that M-Pesa returned. */
export const payees = sqliteTable("payees", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  phone_index: blob().notNull(),
  phone_masked: text().notNull(),
  name: blob().notNull(),
  /** Where the name comes from: the result of a payout, a payment of this phone, or a name check. */
  name_source: text({ enum: ["payout", "payment", "check"] }).notNull(),
  name_at: integer().notNull(),
  /** The last name that a caller gave. */
  given_name: blob(),
  match: text({ enum: ["match", "mismatch", "unknown", "confirmed"] }).notNull(),
  /** The two names that a person has confirmed, as they are compared. */
  confirmed_pair: blob(),
  confirmed_by: text(),
  confirmed_at: integer(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
});

/** `scope` is the id of a merchant, or `*` for all. */
/** How many percent of a merchant, or of all (`*`), have a behaviour. */
export const featureFlags = sqliteTable("feature_flags", {
  name: text().notNull(),
  scope: text().notNull(),
  percent: integer().notNull(),
  changed_by: text().notNull(),
  changed_at: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.name, table.scope] })]);

export const payoutPauses = sqliteTable("payout_pauses", {
  scope: text().primaryKey(),
  reason: text(),
  paused_by: text().notNull(),
  paused_at: integer().notNull(),
});

/** The limits of a merchant. Null: the limit of the service applies. */
/** The rules that a merchant has chosen. A merchant without a row has the defaults. */
export const merchantSettings = sqliteTable("merchant_settings", {
  merchant_id: text().primaryKey(),
  rules: json<Record<string, unknown>>().notNull(),
  version: integer().notNull(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  /** Name, colour and so on, as customers see the merchant. */
  brand: json<Record<string, unknown>>().notNull(),
});

/** The logo of a merchant, cleaned before it was stored. `hash` is in its address. */
export const merchantLogos = sqliteTable("merchant_logos", {
  merchant_id: text().primaryKey(),
  hash: text().notNull(),
  kind: text({ enum: ["svg", "png"] }).notNull(),
  content: blob().notNull(),
  created_at: integer().notNull(),
});

export const payoutLimits = sqliteTable("payout_limits", {
  merchant_id: text().primaryKey(),
  min_amount: integer(),
  max_amount: integer(),
  daily_amount: integer(),
  daily_amount_per_phone: integer(),
  hourly_count_per_phone: integer(),
  approval_from: integer(),
  updated_at: integer().notNull(),
  approval_from_per_maker: integer(),
  approval_from_per_payee: integer(),
  approval_from_batch: integer(),
  approval_from_new_payee: integer(),
});

/** Limits of all merchants that the people who run the service have set, besides those of the settings. */
export const payoutDefaultLimits = sqliteTable("payout_default_limits", {
  name: text().primaryKey(),
  min_amount: integer(),
  max_amount: integer(),
  daily_amount: integer(),
  daily_amount_per_phone: integer(),
  hourly_count_per_phone: integer(),
  approval_from: integer(),
  updated_at: integer().notNull(),
  approval_from_per_maker: integer(),
  approval_from_per_payee: integer(),
  approval_from_batch: integer(),
  approval_from_new_payee: integer(),
});

export const reconciliations = sqliteTable("reconciliations", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  shortcode_id: text().notNull(),
  source: text({ enum: ["pull", "statement"] }).notNull(),
  started_by: text().notNull(),
  status: text({ enum: ["queued", "running", "completed", "failed"] }).notNull(),
  window_from: integer().notNull(),
  window_to: integer().notNull(),
  next_offset: integer().notNull(),
  tries: integer().notNull(),
  seen: integer().notNull(),
  matched: integer().notNull(),
  created: integer().notNull(),
  differing: integer().notNull(),
  unreadable: integer().notNull(),
  problem: text(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  ended_at: integer(),
  /** What a person should know about how a file was read. */
  notes: json<string[]>().notNull(),
  /** The number of rows of a file that were left out. */
  left_out: integer().notNull(),
  reversing_at: integer(),
  reversed_at: integer(),
  reversed_by: text(),
  version: integer().notNull(),
});

/** The rows of a statement that did not count as payments, and why. `row` is the line of the file. */
export const reconciliationLeftOut = sqliteTable("reconciliation_left_out", {
  reconciliation_id: text().notNull(),
  row: integer().notNull(),
  receipt: text(),
  reason: text().notNull(),
  amount: integer(),
}, (table) => [primaryKey({ columns: [table.reconciliation_id, table.row] })]);

/** The payments that a reconciliation compares, one row for each receipt. Rows that agree are deleted at its end. */
export const reconciliationRows = sqliteTable("reconciliation_rows", {
  reconciliation_id: text().notNull(),
  receipt: text().notNull(),
  outcome: text({ enum: ["waiting", "matched", "completed", "created", "differs", "missing"] }).notNull(),
  payment_id: text(),
  ours: integer(),
  theirs: integer(),
  account_reference: text(),
  paid_at: integer(),
}, (table) => [primaryKey({ columns: [table.reconciliation_id, table.receipt] })]);

/** What a run of a shortcode has alerted about; a later run that meets the same does not alert again. */
export const reconciliationReported = sqliteTable("reconciliation_reported", {
  shortcode_id: text().notNull(),
  finding: text().notNull(),
  at: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.shortcode_id, table.finding] })]);

/** A row is a balanced posting: `amount` from the credited account to the debited one, and the new balances of both. */
export const ledgerEntries = sqliteTable("ledger_entries", {
  merchant_id: text().notNull(),
  entry: integer().notNull(),
  shortcode_id: text().notNull(),
  cause: text().notNull(),
  subject_id: text().notNull(),
  debit: text().notNull(),
  credit: text().notNull(),
  amount: integer().notNull(),
  debit_balance: integer().notNull(),
  credit_balance: integer().notNull(),
  at: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.merchant_id, table.entry] })]);

/** Debits minus credits of each account. The trigger of the ledger updates it. */
export const ledgerAccounts = sqliteTable("ledger_accounts", {
  shortcode_id: text().notNull(),
  account: text().notNull(),
  merchant_id: text().notNull(),
  balance: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.shortcode_id, table.account] })]);

/** A finding as it is stored; older rows have no `count` and no `subjects`. Amounts in cents. */
export interface LedgerFinding {
  readonly shortcode: string;
  readonly kind: string;
  readonly expected: number;
  readonly found: number;
  readonly count?: number;
  readonly subjects?: readonly string[];
}

export const ledgerChecks = sqliteTable("ledger_checks", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  day: text().notNull(),
  started_by: text().notNull(),
  findings: json<LedgerFinding[]>().notNull(),
  at: integer().notNull(),
});

/** How far the nightly check of a merchant has come: the next step, and the id behind which its rows follow. */
export const ledgerCheckProgress = sqliteTable("ledger_check_progress", {
  merchant_id: text().notNull(),
  day: text().notNull(),
  started_at: integer().notNull(),
  step: text().notNull(),
  after_id: text().notNull(),
  findings: json<LedgerFinding[]>().notNull(),
}, (table) => [primaryKey({ columns: [table.merchant_id, table.day] })]);

/** How much of a payment is reserved for refunds, and how much was refunded. Together never more than was paid. */
export const refundTotals = sqliteTable("refund_totals", {
  payment_id: text().primaryKey(),
  cap: integer().notNull(),
  promised: integer().notNull(),
  refunded: integer().notNull(),
});

export const webhookEndpoints = sqliteTable("webhook_endpoints", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  url: text().notNull(),
  description: text(),
  events: json<string[]>().notNull(),
  status: text({ enum: ["enabled", "disabled", "deleted"] }).notNull(),
  disabled_reason: text({ enum: ["requested", "gone", "failing"] }),
  disabled_at: integer(),
  secret: blob(),
  previous_secret: blob(),
  previous_secret_until: integer(),
  failing_since: integer(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
});

/** One attempt to deliver an event to an endpoint. While `lease` is set, `run_at` is the end of the lease. */
export const deliveries = sqliteTable("deliveries", {
  endpoint_id: text().notNull(),
  id: text().notNull(),
  event_id: text().notNull(),
  cause: text({ enum: ["event", "redelivery", "test"] }).notNull(),
  number: integer().notNull(),
  retry: integer().notNull(),
  status: text({ enum: ["pending", "succeeded", "failed", "cancelled"] }).notNull(),
  run_at: integer().notNull(),
  lease: text(),
  url: text(),
  failure: text(),
  response_status: integer(),
  response_body: text(),
  started_at: integer(),
  duration_ms: integer(),
  next_at: integer(),
  created_at: integer().notNull(),
  ended_at: integer(),
  version: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.endpoint_id, table.id] })]);

/** The balances of a shortcode as M-Pesa reports them, and the balances of the ledger at the same moment. */
export const balances = sqliteTable("balances", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  shortcode_id: text().notNull(),
  accounts: json<
    {
      readonly account: string;
      readonly currency: string;
      readonly current: number;
      readonly available: number | null;
      readonly reserved: number | null;
      readonly uncleared: number | null;
    }[]
  >().notNull(),
  utility: integer(),
  working: integer(),
  ledger_utility: integer().notNull(),
  ledger_working: integer().notNull(),
  completed_at: integer(),
  received_at: integer().notNull(),
});

export const balanceAlerts = sqliteTable("balance_alerts", {
  shortcode_id: text().primaryKey(),
  merchant_id: text().notNull(),
  below: integer().notNull(),
  updated_at: integer().notNull(),
});

export const standingOrders = sqliteTable("standing_orders", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  shortcode_id: text().notNull(),
  status: text({ enum: ["pending", "active", "failed", "unknown"] }).notNull(),
  name: text().notNull(),
  amount: integer().notNull(),
  currency: text({ enum: ["KES"] }).notNull(),
  phone: blob().notNull(),
  phone_masked: text().notNull(),
  frequency: text({
    enum: ["once", "daily", "weekly", "monthly", "every_two_months", "quarterly", "half_yearly", "yearly"],
  }).notNull(),
  start_day: text().notNull(),
  end_day: text().notNull(),
  account_reference: text().notNull(),
  description: text().notNull(),
  evidence: integer().notNull(),
  response_ref_id: text(),
  receipt: text(),
  failure: text(),
  result_code: text(),
  result_description: text(),
  created_by: text().notNull(),
  accepted_at: integer(),
  ended_at: integer(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
});

/** Receipts that people gave when they resolved payouts and refunds: each one once per merchant. */
export const givenReceipts = sqliteTable("given_receipts", {
  merchant_id: text().notNull(),
  receipt: text().notNull(),
  subject_id: text().notNull(),
  at: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.merchant_id, table.receipt] })]);

/** `requests`: all calls for the reversal and their results, oldest first. `promised`: its amount is reserved of the payment. */
export const refunds = sqliteTable("refunds", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  shortcode_id: text().notNull(),
  payment_id: text().notNull(),
  payout_id: text(),
  status: text({ enum: ["queued", "submitted", "in_doubt", "succeeded", "failed"] }).notNull(),
  method: text({ enum: ["reversal", "payout"] }).notNull(),
  amount: integer().notNull(),
  currency: text({ enum: ["KES"] }).notNull(),
  reason: text().notNull(),
  created_by: text().notNull(),
  requests: json<
    readonly {
      readonly state: "calling" | "unsent" | "refused" | "unclear" | "accepted" | "paid" | "failed" | "already";
      readonly conversation: string | null;
      readonly at: number;
    }[]
  >().notNull(),
  evidence: integer().notNull(),
  polls: integer().notNull(),
  promised: integer({ mode: "boolean" }).notNull(),
  receipt: text(),
  failure: text(),
  result_code: text(),
  result_description: text(),
  resolution: json<Resolution>(),
  send_after: integer().notNull(),
  accepted_at: integer(),
  in_doubt_at: integer(),
  refunded_at: integer(),
  ended_at: integer(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
  needs_person: integer({ mode: "boolean" }).notNull(),
});

/** Pages that show the statement of an account to whom it was shared with. */
export const accountLinks = sqliteTable("account_links", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  account_id: text().notNull(),
  expires_at: integer().notNull(),
  revoked_at: integer(),
  created_by: text().notNull(),
  created_at: integer().notNull(),
  version: integer().notNull(),
});

/** Addresses to pay at, which a merchant shares. Without an amount the payer says how much. */
export const paymentLinks = sqliteTable("payment_links", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  shortcode_id: text().notNull(),
  code: text().notNull(),
  amount: integer(),
  currency: text({ enum: ["KES"] }).notNull(),
  description: text().notNull(),
  reusable: integer({ mode: "boolean" }).notNull(),
  disabled: integer({ mode: "boolean" }).notNull(),
  expires_at: integer(),
  created_by: text().notNull(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
});

/** The checkouts that were started by a link. `start` is the form that started it: sent twice, it starts one. */
export const paymentLinkCheckouts = sqliteTable("payment_link_checkouts", {
  checkout_id: text().primaryKey(),
  link_id: text().notNull(),
  start: text().notNull(),
  created_at: integer().notNull(),
});

/** What was decided about money above the amount of a checkout, once: a refund that gives it back, or why there is none. */
export const differences = sqliteTable("differences", {
  checkout_id: text().primaryKey(),
  merchant_id: text().notNull(),
  payment_id: text().notNull(),
  amount: integer().notNull(),
  refund_id: text(),
  problem: text(),
  created_at: integer().notNull(),
});

/** Changes that are proposed first. `input` is the sealed request; it is erased when the change is decided. */
export const changeRequests = sqliteTable("change_requests", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  kind: text({
    enum: [
      "client.create",
      "client.update",
      "person.invite",
      "person.update",
      "payout_limits.update",
      "shortcode.create",
      "shortcode.update",
      "shortcode.delete",
      "webhook_endpoint.create",
      "webhook_endpoint.update",
      "webhook_endpoint.delete",
    ],
  }).notNull(),
  operation: text().notNull(),
  status: text({ enum: ["proposed", "applied", "rejected", "stale"] }).notNull(),
  summary: text().notNull(),
  subject_id: text(),
  before: json<Record<string, unknown>>(),
  after: json<Record<string, unknown>>(),
  secrets: json<readonly string[]>().notNull(),
  basis: text().notNull(),
  input: blob(),
  needs_platform: integer({ mode: "boolean" }).notNull(),
  proposed_by: text().notNull(),
  decided_by: text(),
  reason: text(),
  applies_at: integer().notNull(),
  decided_at: integer(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
});

/** What is wrong now, and what was: one row for each rule and subject. The subject of a rule about a merchant begins with its id. */
export const alerts = sqliteTable("alerts", {
  rule: text().notNull(),
  subject: text().notNull(),
  merchant_id: text(),
  status: text({ enum: ["firing", "resolved"] }).notNull(),
  value: integer().notNull(),
  since: integer().notNull(),
  /** When a message about it was last stored. */
  sent_at: integer().notNull(),
  resolved_at: integer(),
}, (table) => [primaryKey({ columns: [table.rule, table.subject] })]);

/** Messages that still have to leave, oldest first. */
export const alertMessages = sqliteTable("alert_messages", {
  id: text().primaryKey(),
  channel: text({ enum: ["webhook", "email"] }).notNull(),
  body: json<unknown>().notNull(),
  created_at: integer().notNull(),
});

/** When each part of the evaluation last ran, in any process. */
export const alertRuns = sqliteTable("alert_runs", { name: text().primaryKey(), at: integer().notNull() });

/** What people decided about a case that needs one: who looks after it, and until when (ms) it is hidden. */
export const attention = sqliteTable("attention", {
  case_id: text().primaryKey(),
  taken_by: text(),
  sleeps_until: integer(),
  updated_at: integer().notNull(),
});

export const attentionNotes = sqliteTable("attention_notes", {
  id: text().primaryKey(),
  case_id: text().notNull(),
  text: blob().notNull(),
  by: text().notNull(),
  at: integer().notNull(),
});

/** How many prompts of a clock hour were settled. `hour` is its beginning in ms. */
export const promptHours = sqliteTable("prompt_hours", {
  hour: integer().notNull(),
  merchant_id: text().notNull(),
  prompts: integer().notNull(),
  settled: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.hour, table.merchant_id] })]);

/** Calls to Daraja of all processes, by minute. `ms` is the upper bound of how long they took. */
export const darajaCalls = sqliteTable("daraja_calls", {
  minute: integer().notNull(),
  operation: text().notNull(),
  shortcode: text().notNull(),
  outcome: text({ enum: ["accepted", "refused", "failed"] }).notNull(),
  ms: integer().notNull(),
  count: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.minute, table.operation, table.shortcode, table.outcome, table.ms] })]);

/** Codes and fields of Daraja that no table of ours knows. */
export const drift = sqliteTable("drift", {
  kind: text().notNull(),
  name: text().notNull(),
  count: integer().notNull(),
  first_at: integer().notNull(),
  last_at: integer().notNull(),
}, (table) => [primaryKey({ columns: [table.kind, table.name] })]);

export const guards = sqliteTable("guards", { failed: text() });

export const promptGuards = sqliteTable("prompt_guards", { failed: text() });

/** Which keys each running process knows, as it said last. */
export const keyProcesses = sqliteTable("key_processes", {
  process: text().primaryKey(),
  rings: json<Readonly<Record<RingName, readonly KnownKey[]>>>().notNull(),
  seen_at: integer().notNull(),
});

export type RingName = "encryption" | "index" | "signing" | "callback";
/** A key without its secret: `print` tells two keys of one id apart. */
export interface KnownKey {
  readonly id: string;
  readonly print: string;
  readonly state: "verify" | "active" | "retiring";
}

/** The key that is active in every running process, and since when. No row: they do not agree. */
export const keyRings = sqliteTable("key_rings", {
  ring: text().$type<RingName>().primaryKey(),
  key_print: text().notNull(),
  since: integer().notNull(),
});

/** How many values a key of the encryption ring has sealed. */
export const keySeals = sqliteTable("key_seals", {
  key_id: text().primaryKey(),
  seals: integer().notNull(),
});

/** How far the values of a column have been made again with the active key. */
export const keyWork = sqliteTable("key_work", {
  place: text().primaryKey(),
  key_print: text().notNull(),
  after_row: text().notNull(),
  changed: integer().notNull(),
  /** Rows that can't be made again, because what they were made of is gone. */
  lost: integer().notNull(),
  ended_at: integer(),
});

/** A person who uses the console. `identity` is their e-mail and name, sealed. */
export const people = sqliteTable("people", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  identity: blob().notNull(),
  email_index: blob().notNull(),
  roles: json<string[]>().notNull(),
  status: text({ enum: ["invited", "active", "removed"] }).notNull(),
  /** A person, a client, or `cli`. */
  invited_by: text().notNull(),
  removed_at: integer(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  version: integer().notNull(),
});

/** A link with which a person signs in once. */
export const signInLinks = sqliteTable("sign_in_links", {
  token_hash: blob().primaryKey(),
  person_id: text().notNull(),
  created_by: text().notNull(),
  created_at: integer().notNull(),
  expires_at: integer().notNull(),
  used_at: integer(),
});

/** A browser in which a person is signed in. */
export const sessions = sqliteTable("sessions", {
  id: text().primaryKey(),
  person_id: text().notNull(),
  token_hash: blob().notNull(),
  method: text({ enum: ["link", "passkey", "oidc"] }).notNull(),
  address: text().notNull(),
  agent: text().notNull(),
  created_at: integer().notNull(),
  last_seen_at: integer().notNull(),
  /** When it ends, however much it is used. */
  expires_at: integer().notNull(),
  ended_at: integer(),
});

/** A passkey of a person. `credential` is its id and its public key, sealed: nobody who can only write here adds one. */
export const passkeys = sqliteTable("passkeys", {
  id: text().primaryKey(),
  person_id: text().notNull(),
  credential_hash: blob().notNull(),
  credential: blob().notNull(),
  /** As the authenticator counts its signatures; 0 where it does not count. */
  counter: integer().notNull(),
  name: text().notNull(),
  /** It is on several devices of the person, such as by iCloud. */
  backed_up: integer({ mode: "boolean" }).notNull(),
  created_at: integer().notNull(),
  last_used_at: integer(),
  removed_at: integer(),
  version: integer().notNull(),
});

/** Challenges that a passkey has answered: each counts once. */
export const usedChallenges = sqliteTable("used_challenges", {
  hash: blob().primaryKey(),
  expires_at: integer().notNull(),
});

/** What a person signed by passkey, with all that is needed to verify it again. */
export const signatures = sqliteTable("signatures", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  person_id: text().notNull(),
  passkey_id: text().notNull(),
  action: text().notNull(),
  subject_id: text().notNull(),
  /** The keyed digest of what was signed. */
  digest: text().notNull(),
  /** The digests of the payouts of a batch; empty where it is about one thing. */
  covers: json<string[]>().notNull(),
  challenge: blob().notNull(),
  client_data: blob().notNull(),
  authenticator_data: blob().notNull(),
  signature: blob().notNull(),
  created_at: integer().notNull(),
});

/** Somebody whose tokens an outside issuer makes. `subject` is the issuer's name for them, sealed. */
export const outsideSubjects = sqliteTable("outside_subjects", {
  id: text().primaryKey(),
  merchant_id: text().notNull(),
  issuer: text().notNull(),
  subject: blob().notNull(),
  /** SHA-256 of issuer, subject and merchant. */
  subject_hash: blob().notNull(),
  status: text({ enum: ["active", "blocked"] }).notNull(),
  blocked_at: integer(),
  created_at: integer().notNull(),
  version: integer().notNull(),
});
