import { getBatchApproval as getBatchContract } from "../../domain/payouts/approval-contract.ts";
import type { Output } from "../../http/operation.ts";
import type { Markup } from "../../pages/markup.ts";
import { shillings } from "../../lib/shillings.ts";
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
import type { Agreement, Signable } from "./signable.ts";
import { phoneText } from "../kit/values.tsx";
import { askResolution, resolutionOf } from "./resolution.tsx";

/** The largest payouts of a batch that its page shows. */
const LARGEST = 10;

/** A phone as people in Kenya write it, `0712 345 678`; the number of a business as it is. */
const payeeText = (number: string): string => number.replace(/^254(\d{3})(\d{3})(\d{3})$/, "0$1 $2 $3");

const payout: Signable = {
  action: "payout.approve",
  path: "payouts",
  roles: ["approver", "admin"],
  title: (text) => text.approve,
  did: (text) => text.approved,
  after: "payouts",
  async agreement({ ctx }, text, id) {
    const { created_by } = await loadPayout(ctx, id);
    const { phone_number, amount, reference, shortcode, digest } = await getApproval(ctx, { id });
    return {
      signed: { action: "payout.approve", subjectId: id, digest },
      madeBy: created_by,
      facts: [
        [text.payee, payeeText(phone_number)],
        [text.amount, shillings(amount)],
        [text.reference, reference],
        [text.shortcode, shortcode],
      ],
      consequence: text.goesTo(shillings(amount), payeeText(phone_number), reference),
      button: text.approveAmount(shillings(amount)),
    };
  },
  run: (ctx, id) => approvePayout(ctx, { id }),
};

type Shown = Output<typeof getBatchContract>["data"];

function Largest({ data }: { data: Shown }): Markup {
  const largest = data.toSorted((a, b) => b.amount - a.amount).slice(0, LARGEST);
  return (
    <ul>
      {largest.map(({ amount, phone_number, reference }) => (
        <li key={reference}>{shillings(amount)} · {payeeText(phone_number)} · {reference}</li>
      ))}
    </ul>
  );
}

const batch: Signable = {
  action: "payout_batch.approve",
  path: "payout-batches",
  roles: ["approver", "admin"],
  title: (text) => text.approve,
  did: (text) => text.approved,
  after: "payouts",
  async agreement({ ctx }, text, id) {
    const { created_by } = await loadBatch(ctx, id);
    const { total, amount, digest, data } = await getBatchApproval(ctx, { id });
    return {
      signed: { action: "payout_batch.approve", subjectId: id, digest },
      madeBy: created_by,
      facts: [
        [text.payouts, String(total)],
        [text.amount, shillings(amount)],
        [
          text.largest,
          <Largest key="largest" data={data} />,
        ],
      ],
      consequence: text.batchGoes(String(total), shillings(amount)),
      button: text.approveAll(String(total)),
    };
  },
  run: (ctx, id) => approveBatch(ctx, { id }),
};

const resolveOfPayout: Signable = {
  action: "payout.resolve",
  path: "payout-results",
  roles: ["admin"],
  title: (text) => text.resolve,
  did: (text) => text.recorded,
  after: "payouts",
  ask: askResolution,
  fields: ["outcome", "evidence", "receipt"],
  async agreement({ ctx }, text, id, form) {
    const row = await loadPayout(ctx, id);
    const resolution = resolutionOf(form);
    const isPaid = resolution.outcome === "succeeded";
    return {
      signed: {
        action: "payout.resolve",
        subjectId: id,
        digest: payoutResolution(ctx, row, { receipt: null, ...resolution }),
      },
      madeBy: row.created_by,
      facts: [
        [text.payee, phoneText(row.phone_masked)],
        [text.amount, shillings(row.amount)],
        [text.reference, row.reference],
        [text.evidence, resolution.evidence],
      ],
      consequence: isPaid ? text.sawPaid : text.sawFailed,
      button: isPaid ? text.recordPaid : text.recordFailed,
    };
  },
  run: (ctx, id, form) => resolvePayout(ctx, { id, ...resolutionOf(form) }),
};

const resolveOfRefund: Signable = {
  action: "refund.resolve",
  path: "refund-results",
  roles: ["admin"],
  title: (text) => text.resolve,
  did: (text) => text.recorded,
  after: "refunds",
  ask: askResolution,
  fields: ["outcome", "evidence", "receipt"],
  async agreement({ ctx }, text, id, form) {
    const row = await loadRefund(ctx, id);
    const resolution = resolutionOf(form);
    const isPaid = resolution.outcome === "succeeded";
    return {
      signed: {
        action: "refund.resolve",
        subjectId: id,
        digest: refundResolution(ctx, row, { receipt: null, ...resolution }),
      },
      madeBy: row.created_by,
      facts: [
        [text.amount, shillings(row.amount)],
        [text.reference, row.payment_id],
        [text.evidence, resolution.evidence],
      ],
      consequence: isPaid ? text.sawPaid : text.sawFailed,
      button: isPaid ? text.recordPaid : text.recordFailed,
    };
  },
  run: (ctx, id, form) => resolveRefund(ctx, { id, ...resolutionOf(form) }),
};

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

/** All that people sign. `kinds` says how a change that waits is made. */
export const signables = (kinds: ChangeKinds): readonly Signable[] => [
  payout,
  batch,
  resolveOfPayout,
  resolveOfRefund,
  change(kinds),
];
