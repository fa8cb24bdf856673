import { receiveConfirmation } from "../domain/payments/receive-confirmation.ts";
import { settleAttempt, type Settled } from "../domain/checkouts/settle-attempt.ts";
import { type Fields, type Services, systemContext } from "../context/context.ts";
import { parseC2b, parseStkCallback } from "../daraja/notices.ts";
import type { Statement } from "../db/database.ts";
import { first } from "../db/query.ts";
import type { JobOutcome } from "../context/jobs.ts";
import type { Job } from "../context/jobs.ts";
import { finish } from "../jobs/store.ts";
import { readPayoutNotice } from "../domain/payouts/read-notice.ts";
import { settlePayout } from "../domain/payouts/settle-payout.ts";
import { settleMoneyNotice } from "./money-notices.ts";
import { mark, type Notice, openBody, selectNotice } from "./inbox.ts";

/** The job that reads one notice and hands it to whom it concerns. Its end is stored with what it changed. */
export async function processNotice(
  services: Services,
  job: Job,
  hint: Notice | undefined,
  note: (fields: Fields) => void,
): Promise<JobOutcome> {
  const notice = hint ?? await reread(services, job.subjectId);
  if (notice === null) return "finished";
  note({ notice: notice.id, notice_kind: notice.kind, about: notice.subjectId });
  const ctx = systemContext(services, "", "daraja", notice.id, note);
  const ending = (settled: Settled | Unread, merchantId: string | null): Statement[] => [
    mark(notice.id, settled.status, settled.problem, merchantId, services.clock.now(), paymentOf(settled)),
    finish(job),
  ];
  const settled = await dispatch(ctx, notice, ending);
  note({ notice_status: settled.status });
  if (settled.status !== "applied") {
    services.log.write("alert", `notice_${settled.status}`, {
      notice: notice.id,
      kind: notice.kind,
      about: notice.subjectId,
      problem: settled.problem,
    });
  }
  return "stored";
}

const paymentOf = (settled: Settled | Unread): string | null =>
  "paymentId" in settled ? settled.paymentId ?? null : null;

type Unread = { readonly status: "unreadable"; readonly problem: string };
type Ending = (settled: Settled | Unread, merchantId: string | null) => Statement[];

async function dispatch(
  ctx: ReturnType<typeof systemContext>,
  notice: Notice,
  ending: Ending,
): Promise<Settled | Unread> {
  switch (notice.kind) {
    case "stk": {
      const said = parseStkCallback(notice.body);
      return said.kind === "stk"
        ? await settleAttempt(ctx, notice.subjectId, said, ending)
        : await unread(ctx, said.reason, ending);
    }
    case "c2b_confirmation": {
      const said = parseC2b(notice.body);
      return said.kind === "c2b"
        ? await receiveConfirmation(ctx, notice.subjectId, said, ending)
        : await unread(ctx, said.reason, ending);
    }
    default: {
      const money = await settleMoneyNotice(ctx, notice, ending);
      if (money !== null) return typeof money === "string" ? await unread(ctx, money, ending) : money;
      const said = readPayoutNotice(notice.kind, notice.body) ?? "no_reader";
      return typeof said === "string"
        ? await unread(ctx, said, ending)
        : await settlePayout(ctx, notice.subjectId, said, ending);
    }
  }
}

async function unread(services: Services, reason: string, ending: Ending): Promise<Unread> {
  const settled: Unread = { status: "unreadable", problem: reason };
  await services.db.write(ending(settled, null));
  return settled;
}

async function reread(services: Services, id: string): Promise<Notice | null> {
  const row = await first(services.db, selectNotice(id));
  if (row === null || row.status !== "stored") return null;
  return { id, kind: row.kind, subjectId: row.subject_id, body: await openBody(services, id, row.body) };
}
