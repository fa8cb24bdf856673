import { timesPaid } from "../../domain/payouts/payee-history.ts";
import { shillingFigure, shillings } from "../../lib/shillings.ts";
import { approvePayout, resolvePayout } from "../../domain/payouts/decide.ts";
import { approveBatch } from "../../domain/payouts/decide-batch.ts";
import { getApproval, getBatchApproval } from "../../domain/payouts/approval.ts";
import { loadBatch } from "../../domain/payouts/batches.ts";
import { resolutionDigest as payoutResolution } from "../../domain/payouts/resolution-digest.ts";
import { loadOwn as loadPayout } from "../../domain/payouts/read.ts";
import { resolutionDigest as refundResolution, resolveRefund } from "../../domain/refunds/decide.ts";
import { loadOwn as loadRefund } from "../../domain/refunds/read.ts";
import { confirmChange } from "../../domain/change-requests/decide.ts";
import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import { changeDigest, loadOwn as loadChange } from "../../domain/change-requests/store.ts";
import { ALL as EVERY_MERCHANT, listPauses, pauseDigest, resumePayouts } from "../../domain/payouts/pause.ts";
import { merchantName } from "../../domain/merchants/merchants.ts";
import { Problem } from "../../problems/problem.ts";
import { Actor } from "../kit/actor.tsx";
import { ApprovalTables } from "../batches/approval-tables.tsx";
import { wholePayee } from "../payouts/payee.tsx";
import type { Context } from "../../context/context.ts";
import type { Resolution } from "../../db/schema.ts";
import type { Agreement, Signable } from "./signable.ts";
import type { SigningText } from "./text.ts";
import { longTime, phoneText } from "../kit/values.tsx";
import { askResolution, resolutionOf } from "./resolution.tsx";

const payout: Signable = {
  action: "payout.approve",
  path: "payouts",
  roles: ["approver", "admin"],
  title: (text) => text.approve,
  did: (text) => text.approved,
  after: "payouts",
  async agreement(visit, text, id) {
    const { ctx } = visit;
    const { created_by } = await loadPayout(ctx, id);
    const shown = await getApproval(ctx, { id });
    const { amount, reference, shortcode, digest } = shown;
    const payee = wholePayee(shown, visit);
    return {
      signed: { action: "payout.approve", subjectId: id, digest },
      madeBy: created_by,
      facts: [
        [text.payee, payee],
        [text.amount, shillings(amount)],
        [text.reference, reference],
        [text.shortcode, shortcode],
      ],
      consequence: text.goesTo(shillings(amount), payee, reference),
      button: text.approveAmount(shillings(amount)),
    };
  },
  run: (ctx, id) => approvePayout(ctx, { id }),
};

const batch: Signable = {
  action: "payout_batch.approve",
  path: "payout-batches",
  roles: ["approver", "admin"],
  title: (text) => text.approve,
  did: (text) => text.approved,
  after: "payouts",
  async agreement(visit, text, id) {
    const { ctx } = visit;
    const { created_by } = await loadBatch(ctx, id);
    const { total, amount, digest, data } = await getBatchApproval(ctx, { id });
    const paid = await timesPaid(ctx, data.map(({ payout }) => payout));
    const newcomers = data.filter(({ payout }) => (paid.get(payout) ?? 0) === 0);
    const count = shillingFigure(total * 100);
    return {
      signed: { action: "payout_batch.approve", subjectId: id, digest },
      madeBy: created_by,
      facts: [
        [text.payouts, count],
        [text.amount, shillings(amount)],
      ],
      more: <ApprovalTables key={id} visit={visit} batch={id} payouts={data} newcomers={newcomers} paid={paid} />,
      consequence: text.batchGoes(count, shillings(amount), shillingFigure(newcomers.length * 100)),
      button: text.approveAll(count),
    };
  },
  run: (ctx, id) => approveBatch(ctx, { id }),
};

type Facts = Agreement["facts"];
type Given = Pick<Resolution, "outcome" | "evidence" | "receipt">;

/** What differs between saying what became of a payout and of a refund. */
interface Resolving<R extends { readonly created_by: string; readonly amount: number }>
  extends Pick<Signable, "action" | "path" | "after" | "run"> {
  load(ctx: Context, id: string): Promise<R>;
  digest(ctx: Context, row: R, given: Given): string;
  facts(row: R, text: SigningText): Facts;
}

const resolving = <R extends { readonly created_by: string; readonly amount: number }>(
  { action, path, after, run, load, digest, facts }: Resolving<R>,
): Signable => ({
  action,
  path,
  after,
  run,
  roles: ["admin"],
  title: (text) => text.resolve,
  did: (text) => text.recorded,
  async ask({ ctx }, text, form, id) {
    await load(ctx, id); // of another merchant: not found, before anything is asked
    return askResolution(text, form);
  },
  fields: ["outcome", "evidence", "receipt"],
  async agreement({ ctx }, text, id, form) {
    const row = await load(ctx, id);
    const given = resolutionOf(form);
    const isPaid = given.outcome === "succeeded";
    return {
      signed: { action, subjectId: id, digest: digest(ctx, row, { ...given, receipt: given.receipt ?? null }) },
      madeBy: row.created_by,
      facts: [[text.amount, shillings(row.amount)], ...facts(row, text), [text.evidence, given.evidence]],
      consequence: isPaid ? text.sawPaid : text.sawFailed,
      button: isPaid ? text.recordPaid : text.recordFailed,
    };
  },
});

const resolveOfPayout = resolving({
  action: "payout.resolve",
  path: "payout-results",
  after: "payouts",
  load: loadPayout,
  digest: payoutResolution,
  facts: (row, text) => [[text.payee, phoneText(row.phone_masked)], [text.reference, row.reference]],
  run: (ctx, id, form) => resolvePayout(ctx, { id, ...resolutionOf(form) }),
});

const resolveOfRefund = resolving({
  action: "refund.resolve",
  path: "refund-results",
  after: "refunds",
  load: loadRefund,
  digest: refundResolution,
  facts: (row, text) => [[text.reference, row.payment_id]],
  run: (ctx, id, form) => resolveRefund(ctx, { id, ...resolutionOf(form) }),
});

const change = (kinds: ChangeKinds): Signable => ({
  action: "change.confirm",
  path: "changes",
  roles: ["admin"],
  title: (text) => text.confirm,
  did: (text) => text.confirmed,
  after: "changes",
  async agreement({ ctx }, text, id) {
    const row = await loadChange(ctx, id);
    return {
      signed: { action: "change.confirm", subjectId: id, digest: changeDigest(ctx, row) },
      madeBy: row.proposed_by,
      facts: [
        [text.what, row.summary],
        [text.proposedBy, row.proposed_by],
        ...shownFields(text.before, row.before),
        ...shownFields(text.after, row.after),
      ],
      consequence: text.changes,
      button: text.confirm,
    };
  },
  run: (ctx, id) => confirmChange(ctx, { id }, kinds),
});

const shownFields = (label: string, fields: Readonly<Record<string, unknown>> | null): Agreement["facts"] =>
  Object.entries(fields ?? {}).map(([name, value]) => [`${label}: ${name}`, textOf(value)]);

const textOf = (value: unknown): string => typeof value === "string" ? value : JSON.stringify(value);

/** The id in addresses of the pause of all merchants. */
export const ALL_MERCHANTS = "all";

/** Who has paused money out may resume it: pausing needs nobody's word, and the page says since when and why. */
const resume: Signable = {
  action: "payouts.resume",
  path: "pauses",
  area: "platform",
  roles: ["platform"],
  title: (text) => text.resume,
  did: (text) => text.resumed,
  after: "",
  async agreement(visit, text, id) {
    const scope = id === ALL_MERCHANTS ? EVERY_MERCHANT : id;
    const pause = (await listPauses(visit.ctx)).find((one) => one.scope === scope);
    if (pause === undefined) throw new Problem("wrong_state", text.notPaused);
    return {
      signed: { action: "payouts.resume", subjectId: id, digest: pauseDigest(visit.ctx, scope, pause) },
      madeBy: null,
      facts: [
        [text.pausedOf, scope === EVERY_MERCHANT ? text.allMerchants : await merchantName(visit.ctx, scope)],
        [text.pausedBy, <Actor id={pause.paused_by} visit={visit} />],
        [text.pausedSince, longTime(pause.paused_at, visit)],
        ...pause.reason === null ? [] : [[text.pauseReason, pause.reason] as const],
      ],
      consequence: text.resumeSays,
      button: text.resume,
    };
  },
  run: (ctx, id) => resumePayouts(ctx, { merchant: id }),
};

/** All that people sign. `kinds` says how a change that waits is made. */
export const signables = (kinds: ChangeKinds): readonly Signable[] => [
  payout,
  batch,
  resolveOfPayout,
  resolveOfRefund,
  change(kinds),
  resume,
];
