import { type Context, type Fields, type Services, systemContext } from "../context/context.ts";
import type { Job, JobOutcome } from "../context/jobs.ts";
import type { Statement } from "../db/database.ts";
import { first, statement } from "../db/query.ts";
import { isConflict } from "../db/retry.ts";
import { outsideJob } from "../jobs/fence.ts";
import { deleteFinished } from "../jobs/store.ts";
import { errorText } from "../telemetry/log.ts";
import { isSourceBelieved, proofOf } from "../domain/payments/prove-confirmation.ts";
import { type FinishNotice, quarantined } from "../domain/settlement/outcome.ts";
import { unknownInNotice } from "../daraja/drift.ts";
import { seen } from "../db/drift.ts";
import { handlerOf, type NoticeOutcome } from "./handlers.ts";
import { markNotice, type Notice, openNoticeBody, selectNotice } from "./inbox.ts";

/** The job that processes one notice. The end of the job is stored in the same batch as what the notice changes. */
export async function processNotice(
  services: Services,
  job: Job,
  hint: Notice | undefined,
  note: (fields: Fields) => void,
): Promise<JobOutcome> {
  const notice = hint ?? await loadStored(services, job.subjectId);
  if (notice === null) return "finished";
  note({ notice: notice.id, notice_kind: notice.kind, about: notice.subjectId });
  const ctx = systemContext(services, "", "daraja", notice.id, note);
  const proof = notice.kind === "c2b_confirmation" ? await proofOf(ctx, notice) : "settle";
  if (typeof proof === "object") return { runAt: proof.waitUntil };
  const isDoubted = notice.kind === "c2b_confirmation" && !isSourceBelieved(ctx, notice);
  const finishNotice: FinishNotice<NoticeOutcome> = (outcome, merchantId) => [
    ...isDoubted ? [abortIfVouchedFor(notice.id)] : [],
    markNotice(notice.id, {
      status: outcome.status,
      problem: outcome.problem,
      merchantId,
      paymentId: paymentIdOf(outcome),
      processedAt: services.clock.now(),
    }),
    deleteFinished(job),
  ];
  const outcome =
    await (proof === "refuted" ? quarantine(ctx, finishNotice) : handlerOf(notice.kind)(ctx, notice, finishNotice))
      .catch((error: unknown) => {
        if (isDoubted && isConflict(error)) return null;
        throw error;
      });
  if (outcome === null) return { runAt: services.clock.now() }; // then the notice is read anew
  note({ notice_status: outcome.status });
  await countDrift(services, notice);
  if (outcome.status !== "applied") {
    services.log.write("alert", `notice_${outcome.status}`, {
      notice: notice.id,
      kind: notice.kind,
      about: notice.subjectId,
      problem: outcome.problem,
    });
  } else if (outcome.unreadableFields !== undefined) {
    services.log.write("alert", "notice_partly_unreadable", {
      notice: notice.id,
      kind: notice.kind,
      about: notice.subjectId,
      fields: outcome.unreadableFields,
    });
  }
  return "stored";
}

/** Statement: undoes the batch if a copy of the notice came from Safaricom since it was read. */
const abortIfVouchedFor = (id: string): Statement =>
  statement("INSERT INTO guards (failed) SELECT 'conflict' FROM notices WHERE id = ? AND source_known = 1", id);

/** M-Pesa says that there is no such payment. */
async function quarantine(ctx: Context, finish: FinishNotice<NoticeOutcome>): Promise<NoticeOutcome> {
  const outcome = quarantined("refuted_by_mpesa");
  await ctx.db.write(finish(outcome, null));
  return outcome;
}

function paymentIdOf(outcome: NoticeOutcome): string | null {
  return "paymentId" in outcome ? outcome.paymentId ?? null : null;
}

/** Null where the notice is gone, or was processed before. */
async function loadStored(services: Services, id: string): Promise<Notice | null> {
  const row = await first(services.db, selectNotice(id));
  if (row === null || row.status !== "stored") return null;
  return {
    id,
    kind: row.kind,
    subjectId: row.subject_id,
    body: await openNoticeBody(services, id, row.body),
    sourceKnown: row.source_known,
  };
}

/** Counts what no table knows. It comes after the notice's own batch, and a failure of it is no failure of the notice. */
async function countDrift({ db, clock, log }: Services, { kind, body }: Notice): Promise<void> {
  const found = unknownInNotice(kind, body);
  if (found.length === 0) return;
  const at = clock.now();
  await outsideJob(db).write(found.slice(0, 20).map((one) => seen({ ...one, count: 1, at }))).catch((error: unknown) =>
    log.write("warn", "drift_not_counted", { error: errorText(error) })
  );
}
