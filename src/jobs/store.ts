import type { InferSelectModel } from "drizzle-orm";
import type { Job, JobKind } from "../context/jobs.ts";
import type { Statement } from "../db/database.ts";
import { newId } from "../crypto/ids.ts";
import { columnNames, insert, select, statement } from "../db/query.ts";
import { jobs } from "../db/schema.ts";

export type JobRow = InferSelectModel<typeof jobs>;

const KEEP_LEASE =
  "ON CONFLICT (kind, subject_id) DO UPDATE SET status = 'queued', attempts = 0, updated_at = excluded.updated_at, version = version + 1, " +
  "run_at = CASE WHEN lease IS NULL THEN excluded.run_at ELSE min(run_at, excluded.run_at) END";
/** What {@link replace} does where the subject has a job of the kind. */
export const TAKE_LEASE =
  "ON CONFLICT (kind, subject_id) DO UPDATE SET status = 'queued', attempts = 0, updated_at = excluded.updated_at, version = version + 1, " +
  "run_at = excluded.run_at, lease = NULL, last_error = NULL";
const insertOrAdvance = insert(jobs, KEEP_LEASE);
const insertOrReplace = insert(jobs, TAKE_LEASE);
const columns = columnNames(jobs);

/** What {@link schedule} and {@link replace} need. `runAt` and `now` in ms since the epoch. */
export interface NewJob {
  readonly kind: JobKind;
  readonly subjectId: string;
  readonly merchantId: string | null;
  readonly runAt: number;
  readonly now: number;
}

/** The row of a job without a lease. */
export const newJobRow = ({ kind, subjectId, merchantId, runAt, now }: NewJob): JobRow => ({
  id: newId("job"),
  kind,
  subject_id: subjectId,
  merchant_id: merchantId,
  status: "queued",
  run_at: Math.ceil(runAt),
  lease: null,
  attempts: 0,
  last_error: null,
  created_at: now,
  updated_at: now,
  version: 1,
});

/**
 * Makes sure that the subject has a job of this kind which runs at `runAt`. A job that runs now keeps its lease, and runs
 * again by then.
 */
export const schedule = (job: NewJob): Statement => insertOrAdvance(newJobRow(job));

/** The same, if `condition` (an expression with its arguments) holds when the statement runs. */
export function scheduleIf(condition: Statement, job: NewJob): Statement {
  const { sql, args } = schedule(job);
  return {
    sql: sql.replace(/VALUES \(([?, ]+)\)/, `SELECT $1 WHERE ${condition.sql}`),
    args: [...args, ...condition.args],
  };
}

/** The same for the subject whose id the query `subject` gives, which finds one row at most; no job where it finds none. */
export function scheduleFound(subject: Statement, job: Omit<NewJob, "subjectId">): Statement {
  const { sql, args } = schedule({ ...job, subjectId: "" });
  return {
    sql: sql.replace(
      /VALUES \(\?, \?, \?, ([?, ]+)\)/,
      `SELECT ?, ?, found.id, $1 FROM (${subject.sql}) found WHERE true`,
    ),
    args: [...args.slice(0, 2), ...args.slice(3), ...subject.args],
  };
}

/**
 * The subject has one free job of this kind, due at `runAt`. A run that holds the job loses its lease, and its end changes
 * nothing. For handlers that store their next step in their own batch, and whose row's version keeps two runs apart: the
 * runner then has nothing to write at the end of a run. {@link schedule} would keep the lease, and the job would run once
 * for nothing at the end of the lease.
 */
export const replace = (job: NewJob): Statement => insertOrReplace(newJobRow(job));

/**
 * Statement: stores a job that is leased to this process already, if `table` holds the row `subjectId`. It does not when
 * the statement before found a duplicate.
 */
export const insertLeased = (job: Job, table: "notices", now: number): Statement =>
  statement(
    `INSERT INTO jobs (${columns}) SELECT ?, ?, ?, ?, 'queued', ?, ?, 1, NULL, ?, ?, 1 WHERE EXISTS (SELECT 1 FROM ${table} WHERE id = ?)`,
    job.id,
    job.kind,
    job.subjectId,
    job.merchantId,
    job.leaseUntil,
    job.lease,
    now,
    now,
    job.subjectId,
  );

/** Statement: deletes the job of this kind that the subject has, if any. */
export const deleteJob = (kind: JobKind, subjectId: string): Statement =>
  statement("DELETE FROM jobs WHERE kind = ? AND subject_id = ?", kind, subjectId);

/** Statement: deletes a job that has finished, unless it was scheduled again while it ran. */
export const deleteFinished = (job: Job): Statement =>
  statement("DELETE FROM jobs WHERE id = ? AND lease = ? AND run_at = ?", job.id, job.lease, job.leaseUntil);

/** Statement: the job runs again at `runAt` (ms), unless it was scheduled for an earlier time while it ran. */
export const reschedule = (job: Job, runAt: number, now: number): Statement =>
  statement(
    "UPDATE jobs SET version = version + 1, run_at = ?, lease = NULL, attempts = 0, last_error = NULL, updated_at = ? WHERE id = ? AND lease = ? AND run_at = ?",
    Math.ceil(runAt),
    now,
    job.id,
    job.lease,
    job.leaseUntil,
  );

/**
 * Statement: ends the lease of a job and makes it due at `runAt` (ms), or dead. If it was scheduled while it ran, it stays
 * queued, due at that time.
 */
export const release = (job: Job, runAt: number, now: number, error: string | null, dead: boolean): Statement =>
  statement(
    "UPDATE jobs SET version = version + 1, run_at = CASE WHEN run_at = ? THEN ? ELSE run_at END, lease = NULL, last_error = ?, " +
      "status = CASE WHEN run_at = ? THEN ? ELSE status END, updated_at = ? WHERE id = ? AND lease = ?",
    job.leaseUntil,
    Math.ceil(runAt),
    error,
    job.leaseUntil,
    dead ? "dead" : "queued",
    now,
    job.id,
    job.lease,
  );

export const selectJob = select(jobs, "WHERE id = ?");

/** Statement: makes a dead job due at `now` (ms). */
export const requeueDead = (id: string, now: number): Statement =>
  statement(
    "UPDATE jobs SET status = 'queued', run_at = ?, attempts = 0, version = version + 1, updated_at = ? WHERE id = ? AND status = 'dead'",
    now,
    now,
    id,
  );
