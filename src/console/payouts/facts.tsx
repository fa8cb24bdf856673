import type { PayoutView } from "../../domain/payouts/contract.ts";
import { shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import { Actor } from "../kit/actor.tsx";
import type { Fact, Related } from "../kit/detail-page.tsx";
import { When, WhenLong } from "../kit/values.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { isHeld } from "./acts.tsx";
import { Fee } from "./columns.tsx";
import { isOwn } from "./own.ts";
import { Payee } from "./payee.tsx";
import { payoutsText } from "./text.ts";

/** A fact that not every payout has. */
const ifKnown = (label: string, value: string | null): readonly Fact[] => value === null ? [] : [{ label, value }];

/** What a payout's page says of it. */
export function payoutFacts(row: PayoutView, visit: Visit): readonly Fact[] {
  const words = payoutsText[visit.language];
  const { payee, approval, approvals, reason, resolution } = row;
  const decidedBy = approvals.at(-1)?.by ?? approval?.decided_by ?? null;
  return [
    { label: words.to, value: <Payee payout={row} look={visit} /> },
    ...ifKnown(words.givenName, payee.given_name),
    ...ifKnown(words.mpesaName, payee.name),
    { label: words.purpose, value: words.purposes[row.purpose] },
    { label: words.remarks, value: row.remarks },
    { label: words.feeTitle, value: <Fee payout={row} look={visit} /> },
    { label: visit.text.shortcode, value: row.shortcode },
    ...ifKnown(words.receipt, row.receipt),
    ...ifKnown(words.failure, row.failure?.message ?? null),
    ...ifKnown(words.advice, row.failure?.advice ?? null),
    ...ifKnown(words.why, reason === "approval_expired" ? words.approvalExpired : reason),
    { label: words.madeBy, value: <Actor id={row.created_by} visit={visit} /> },
    ...decidedBy === null ? [] : [{ label: words.approvedBy, value: <Actor id={decidedBy} visit={visit} /> }],
    ...approval !== null && row.status === "awaiting_approval"
      ? [{ label: words.runsOut, value: <When at={approval.expires_at} look={visit} /> }]
      : [],
    ...resolution === null ? [] : [
      { label: words.evidence, value: resolution.evidence },
      { label: words.resolvedBy, value: <Actor id={resolution.by} visit={visit} /> },
    ],
    { label: words.made, value: <WhenLong at={row.created_at} look={visit} /> },
    ...row.paid_at === null ? [] : [{ label: words.paid, value: <WhenLong at={row.paid_at} look={visit} /> }],
  ];
}

/** The batch that it came with, and the payout that it may repeat. */
export function relatedOfPayout(row: PayoutView, visit: Visit): Promise<readonly Related[]> {
  const words = payoutsText[visit.language];
  const related: Related[] = [];
  if (row.batch !== null) related.push({ path: `batches/${row.batch}`, label: words.batch, chip: null });
  if (row.possible_duplicate_of !== null) {
    related.push({ path: `payouts/${row.possible_duplicate_of}`, label: words.repeats, chip: null });
  }
  return Promise.resolve(related);
}

/** What a person must know before they do anything with it. */
export function PayoutNotes(row: PayoutView, visit: Visit): Markup | null {
  const words = payoutsText[visit.language];
  if (row.status === "in_doubt") return <p class="note">{words.inDoubt(shillings(row.amount))}</p>;
  if (isHeld(row)) return <p class="note">{words.heldForName}</p>;
  if (row.status !== "awaiting_approval") return null;
  if (isOwn(row, visit)) return <p class="note">{words.own}</p>;
  if (row.batch === null) return null;
  return (
    <p class="note">
      {words.decideBatch} <a href={hrefOf(visit, `batches/${row.batch}`)}>{words.batch}</a>
    </p>
  );
}
