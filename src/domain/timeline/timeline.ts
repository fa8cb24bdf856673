import type { Services } from "../../context/context.ts";
import { describeFailure, describeForShopper, type FailureCode } from "../../daraja/codes.ts";
import { nairobiDateTime } from "../../daraja/time.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { rows } from "../../db/query.ts";
import { formatTime } from "../../http/fields.ts";
import type { TimelineEntry } from "./contract.ts";
import {
  actorIn,
  ACTS,
  ARRIVED,
  type Language,
  NEXT,
  NOTICE,
  PROMPT,
  RECEIPT,
  say,
  STATUSES,
  TOLD,
} from "./sentences.ts";
import { shillings } from "../../lib/shillings.ts";
import { whySetAside } from "./set-aside.ts";
import {
  type AttemptRow,
  type AuditRow,
  type EventRow,
  type NoticeRow,
  selectAttempts,
  selectAudit,
  selectEvents,
  selectNextRun,
  selectNotices,
} from "./store.ts";

/** What a timeline is about. `related`: ids of other rows whose acts belong to it, such as the payments of a checkout. */
export interface TimelineSubject {
  readonly kind: "checkout" | "payment" | "payout" | "refund";
  readonly id: string;
  readonly merchantId: string;
  readonly related: readonly string[];
  /** What came, for a payment: cents, and when (ms) it was stored. */
  readonly arrived?: { readonly amount: number; readonly receipt: string | null; readonly at: number };
  readonly status: string;
  /** What a customer quotes. */
  readonly reference: string;
  readonly updatedAt: number;
  readonly needsPerson: boolean;
  /** The page of its receipt, for a payment. */
  readonly receiptUrl?: string;
}

interface Line extends Omit<TimelineEntry, "at"> {
  readonly at: number;
}

/**
 * What happened to a checkout, payment, payout or refund, oldest first, in plain words: for the API, the console, the
 * command line and the hosted page. It is made of attempts, notices, the audit trail, and events with their deliveries.
 */
export async function timelineOf(
  { db }: Pick<Services, "db">,
  subject: TimelineSubject,
  language: Language,
): Promise<TimelineEntry[]> {
  const ids = JSON.stringify([subject.id, ...subject.related]);
  const [attempts, notices, audit, events, [next]] = await rows(
    db,
    selectAttempts(subject.kind === "checkout" ? subject.id : ""),
    selectNotices(ids, subject.id),
    selectAudit(ids),
    selectEvents(subject.merchantId, ids),
    selectNextRun(subject.kind, subject.id),
  );
  const lines = [
    ...arrivalLines(subject, language),
    ...attempts.flatMap((attempt) => attemptLines(attempt, language)),
    ...notices.map((notice) => noticeLine(notice, language)),
    ...auditLines(audit, subject, language),
    ...events.map((event) => eventLine(event, language)),
  ].toSorted((a, b) => a.at - b.at || Number(isStart(b)) - Number(isStart(a)));
  const { receiptUrl, updatedAt } = subject;
  const at = Math.max(updatedAt, lines.at(-1)?.at ?? 0);
  const receipt: Line[] = receiptUrl === undefined
    ? []
    : [{ at, kind: "receipt", text: say(RECEIPT, language), detail: { receipt_url: receiptUrl } }];
  return [...lines, ...receipt, ...nextLines(subject, { at, runAt: next ?? null }, language)].map((line) => ({
    ...line,
    at: formatTime(line.at),
  }));
}

function arrivalLines({ arrived }: TimelineSubject, language: Language): Line[] {
  if (arrived === undefined) return [];
  const { amount, receipt, at } = arrived;
  const text = say(receipt === null ? ARRIVED.unnamed : ARRIVED.named, language, {
    amount: shillings(amount),
    receipt,
  });
  return [{ at, kind: "payment.arrived", text, detail: { amount, receipt } }];
}

/** Whether a line is where the story begins: its prompt is stored by the same commit, so it has the same time. */
const isStart = ({ kind }: Line): boolean => kind.endsWith(".created");

function attemptLines(row: AttemptRow, language: Language): Line[] {
  const detail = { attempt: row.id };
  const code = row.failure as FailureCode | null; // only the machine writes it
  const why = code === null ? null : language === "sw" ? describeForShopper(code) : describeFailure(code).message;
  const ended = row.status === "pending" ? null : row.status;
  return [
    { at: row.created_at, kind: "prompt.sent", text: say(PROMPT.sent, language, { phone: row.phone_masked }), detail },
    ...row.accepted_at === null
      ? []
      : [{ at: row.accepted_at, kind: "prompt.accepted", text: say(PROMPT.accepted, language), detail }],
    ...ended === null || row.ended_at === null ? [] : [{
      at: row.ended_at,
      kind: `prompt.${ended}`,
      text: say(PROMPT[ended], language, { why: why ?? "?" }),
      detail: { ...detail, failure: row.failure, result_code: row.result_code },
    }],
  ];
}

function noticeLine(row: NoticeRow, language: Language): Line {
  const what = row.kind === "stk" || row.kind === "c2b_confirmation" ? NOTICE[row.kind] : NOTICE.other;
  const became = say(NOTICE[row.status], language, { problem: whySetAside(row.problem, language) });
  return {
    at: row.received_at,
    kind: "notice",
    text: say(what, language, { kind: row.kind }) + became,
    detail: { notice: row.id, kind: row.kind, status: row.status, copies: row.copies },
  };
}

/** The acts that have a sentence, and each change of the subject's own status. */
function auditLines(entries: readonly AuditRow[], { kind, id }: TimelineSubject, language: Language): Line[] {
  let status = "";
  return entries.flatMap((entry) => {
    const act = ACTS[entry.action as AuditAction];
    const detail = { who: entry.actor, ...entry.subject_id === id ? {} : { subject: entry.subject_id } };
    const lines: Line[] = [];
    if (act !== undefined) {
      const text = say(act, language, { who: actorIn(entry.actor, language) });
      lines.push({ at: entry.at, kind: entry.action, text, detail });
    }
    const becomes = entry.subject_id === id && typeof entry.data.status === "string" ? entry.data.status : status;
    const sentence = STATUSES[`${kind}.${becomes}`];
    if (becomes !== status && sentence !== undefined) {
      lines.push({
        at: entry.at,
        kind: `${kind}.${becomes}`,
        text: say(sentence, language),
        detail: { status: becomes },
      });
    }
    status = becomes;
    return lines;
  });
}

function eventLine({ id, type, created_at, delivery }: EventRow, language: Language): Line {
  const detail = { event: id, type };
  if (delivery === null) return { at: created_at, kind: "told", text: say(TOLD.listed, language, { type }), detail };
  const { status, response_status, failure, ended_at } = delivery;
  const sentence = status === "succeeded" ? TOLD.answered : status === "pending" ? TOLD.waiting : TOLD.failed;
  const why = failure ?? status;
  return {
    at: ended_at ?? created_at,
    kind: "told",
    text: say(sentence, language, { type, status: response_status, why }),
    detail: { ...detail, response_status },
  };
}

/** What happens next, where somebody may wonder. */
function nextLines(
  subject: TimelineSubject,
  { at, runAt }: { readonly at: number; readonly runAt: number | null },
  language: Language,
): Line[] {
  const line = (text: string): Line[] => [{ at, kind: "next", text, detail: {} }];
  if (subject.status === "review") return line(say(NEXT.review, language, { reference: subject.reference }));
  if (subject.needsPerson && subject.status === "queued") return line(say(NEXT.name, language));
  if (subject.needsPerson) return line(say(NEXT.person, language));
  if (subject.status !== "in_doubt" || runAt === null) return [];
  return line(say(NEXT.asked, language, { time: nairobiDateTime(runAt).slice(11) }));
}
