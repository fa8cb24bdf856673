import type { Statement } from "../db/database.ts";
import type { Fields } from "../telemetry/log.ts";

/** Every kind of later work. `app/job-handlers.ts` says what each does. */
export type JobKind =
  /** Handles one notice of Daraja. The subject is the notice. */
  | "notice"
  /** Polls and expires a checkout. */
  | "checkout"
  /** Sends a payout and asks Daraja about it. */
  | "payout"
  /** Sends a refund and asks Daraja about it. */
  | "refund"
  /** Gives back what a checkout was paid too much. The subject is the checkout. */
  | "difference"
  /** Applies a reversal that M-Pesa lists. A trigger schedules it again when the payment of its receipt is stored. */
  | "reversal"
  /** Takes in money that names a standing account, applies its balance, and looks whether what is expected is there. */
  | "account"
  /** Ends the wait for the customer's answer to a standing order. */
  | "standing_order"
  /** Reconciles a shortcode. The subject is the shortcode, so that two runs of one shortcode never overlap. */
  | "reconcile"
  /** Ends the undoing of a reconciliation whose process died. The subject is the reconciliation. */
  | "undo_import"
  /** Applies a change that nobody has decided when its time has come. The subject is the change request. */
  | "change_request"
  /** Checks the ledgers of all merchants. The subject is the day. */
  | "ledger_check"
  /** Deletes rows past their retention time. There is one job for the whole service. */
  | "retention"
  /** Makes the deliveries of an event. The trigger `events_are_told` stores the job together with the event. */
  | "event"
  /** Wakes the delivery worker for an endpoint whose deliveries are due. The subject is the endpoint. */
  | "deliveries"
  /** Seals, anchors and checks the audit trail. There is one job for the whole service. */
  | "audit"
  /** Seals and indexes again what an old key has made. There is one job for the whole service. */
  | "keys"
  /** Evaluates the rules of alerts. There is one job for the whole service. */
  | "alerts"
  /** Sends the alert messages that wait. The subject is the channel. */
  | "alert_message";

/**
 * A row of later work. While a job is leased, `run_at` is the end of the lease, so the job of a process that died is
 * simply due again. A change that schedules the job meanwhile moves `run_at` forward, and the end of the run then leaves
 * the row alone.
 */
export interface Job {
  readonly id: string;
  readonly kind: JobKind;
  readonly subjectId: string;
  readonly merchantId: string | null;
  /** Runs so far, this one included. */
  readonly attempts: number;
  readonly lease: string;
  /** ms since the epoch. */
  readonly leaseUntil: number;
}

/** `stored`: the handler's own batch ended the job. Otherwise the runner ends it, or puts it off to `runAt` (ms). */
export type JobOutcome = "stored" | "finished" | { readonly runAt: number };

/** Runs one job. `hint` is what the process that stored the job still has in memory. */
export type JobHandler = (job: Job, hint: unknown, note: (fields: Fields) => void) => Promise<JobOutcome>;

/** What the rest of the service asks of the queue of jobs. */
export interface JobQueue {
  /** Statement: the subject has a job of this kind, due at `runAt` (ms). Call {@link wake} after the commit. */
  schedule(kind: JobKind, subjectId: string, merchantId: string | null, runAt: number): Statement;
  /** Statement: the same, if `condition` holds when it runs. */
  scheduleIf(
    condition: Statement,
    kind: JobKind,
    subjectId: string,
    merchantId: string | null,
    runAt: number,
  ): Statement;
  /** Statement: the subject that the query `subject` finds, one at most, has a job of this kind, due at `runAt`. */
  scheduleFound(kind: JobKind, subject: Statement, merchantId: string | null, runAt: number): Statement;
  /**
   * Statement: the subject has one free job of this kind, due at `runAt` (ms). A run that holds the job loses it. For a
   * handler that answers `stored`. Call {@link wake} after the commit.
   */
  replace(kind: JobKind, subjectId: string, merchantId: string | null, runAt: number): Statement;
  /** Statement: the subject needs no job of this kind any more. */
  drop(kind: JobKind, subjectId: string): Statement;
  /** A job that this process has leased before it is stored, and the statement that stores it. Call {@link run} after the commit. */
  insertLeased(kind: "notice", subjectId: string): { readonly job: Job; readonly statement: Statement };
  /** Runs a job of {@link insertLeased} as soon as the pool has room. `hint` saves the handler a read. */
  run(job: Job, hint: unknown): void;
  /** Runs `store`, which comes before jobs: while many such writes are under way, only a few jobs run. */
  storeFirst<T>(store: () => Promise<T>): Promise<T>;
  /** Asks for a wake-up at `runAt` (ms). */
  wake(runAt: number): void;
}
