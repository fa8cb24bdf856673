import type { ClientSeals } from "../auth/client-seals.ts";
import type { DpopProofs } from "../auth/dpop.ts";
import type { Oidc } from "../auth/oidc.ts";
import type { Standings } from "../auth/standings.ts";
import type { Config } from "../config/config.ts";
import type { Capabilities } from "../crypto/capability.ts";
import type { Digests } from "../crypto/digests.ts";
import type { Vault } from "../crypto/vault.ts";
import type { Daraja, MoneySenders } from "../daraja/daraja.ts";
import type { Database } from "../db/database.ts";
import type { Flags } from "../flags/flags.ts";
import type { Clock, KeyValue, Mailer, Outbound } from "../platform/ports.ts";
import type { Log } from "../telemetry/log.ts";
import type { Telemetry } from "../telemetry/tracing.ts";
import type { JobQueue } from "./jobs.ts";
import type { ShortcodeDirectory } from "./shortcode.ts";

/** Sends events to webhook endpoints in the background. The rows are the truth: what it misses, jobs find. */
export interface DeliveryWorker {
  /** Something is due to the endpoint. */
  wake(endpointId: string): void;
  /** Until when (ms) the endpoint asked not to be called; 0 where it did not ask. */
  pausedUntil(endpointId: string): number;
}

/** What the sweep of this process has done already. It spares a query each minute; a restart forgets it, without harm. */
export interface SweepState {
  /** A name of this process, for as long as it runs. */
  readonly process: string;
  /** The last night, as a day in Nairobi, whose ledger checks were scheduled or found complete. Null: none yet. */
  ledgerCheckDay: string | null;
  /** When this process last scheduled the retention job, in ms since the epoch. 0: never. */
  retentionScheduledAt: number;
  /** The same of the job that evaluates the alerts. */
  alertsScheduledAt: number;
  /** The same of the job of the audit trail. */
  auditScheduledAt: number;
  /** When each cause of refused payouts and refunds was last told, in ms since the epoch. */
  readonly toldCauses: Map<string, number>;
}

/** Answers by the stored rows that they were made from (as text): the same rows give the same answer. */
export interface AnswerCache {
  get(rows: string): CachedAnswer | undefined;
  set(rows: string, answer: CachedAnswer): void;
}

export interface CachedAnswer {
  /** The merchant that may read it. */
  readonly merchantId: string;
  readonly json: string;
}

/** Everything that does I/O or keeps state. A test replaces parts of it to control the time or to inject failures. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly db: Database;
  /** Small state beside the database, shared by the processes where the host has a store for it. */
  readonly kv: KeyValue;
  readonly vault: Vault;
  readonly capabilities: Capabilities;
  /** Keyed digests of what people approve. */
  readonly digests: Digests;
  readonly daraja: Omit<Daraja, keyof MoneySenders>;
  /** Sends money out. Only `domain/money-out/send-money.ts` uses it, because a pause has to stop all of it. */
  readonly moneyOut: MoneySenders;
  readonly jobs: JobQueue;
  readonly deliveries: DeliveryWorker;
  /** Makes the HTTP requests to webhook endpoints. */
  readonly outbound: Outbound;
  /** Sends e-mail to the people who run the service; null without `SMTP_URL`. */
  readonly mailer: Mailer | null;
  readonly shortcodes: ShortcodeDirectory;
  readonly sweepState: SweepState;
  /** Whether this service has written the rows of clients. */
  readonly clientSeals: ClientSeals;
  /** Whether the clients of tokens may still act. */
  readonly standings: Standings;
  /** Proofs that a caller has the key of its token. */
  readonly dpop: DpopProofs;
  /** Answers of `GET /v1/checkouts/{id}`. */
  readonly checkoutAnswers: AnswerCache;
  /** How Daraja answers, as measured here. */
  readonly darajaHealth: { readonly promptsFail: boolean };
  /** Where people of the console may sign in besides; null without `CONSOLE_OIDC`. */
  readonly oidc: Oidc | null;
  readonly log: Log;
  /** What can be switched while the service runs. */
  readonly flags: Flags;
  /** Null where nobody collects traces. */
  readonly telemetry: Telemetry | null;
}
