import type { Context } from "../../context/context.ts";
import { rows } from "../../db/query.ts";
import type { Approval } from "../../db/schema.ts";
import { createLru } from "../../lib/lru.ts";
import { holds, isPerson, type SignatureRow, signaturesOf } from "../people/signing.ts";
import { isBatchDigestOf } from "./digest.ts";
import type { Payout } from "./machine/facts.ts";

/** A signature of a batch is for up to 5,000 payouts, which are sent one by one. What it covers is kept for a while. */
const MAX_KEPT = 50;
const verified = createLru<string, ReadonlySet<string>>(MAX_KEPT);

/** Whether each approval of a person is signed by their passkey, as it was stored when they approved. */
export async function isSigned(ctx: Context, payout: Payout): Promise<boolean> {
  const byPeople = payout.approvals.filter(({ by }) => isPerson(by));
  if (byPeople.length === 0) return true;
  const [found] = await rows(ctx.db, signaturesOf(payout.id, payout.batch_id ?? payout.id));
  for (const approval of byPeople) {
    const ofPerson = found.filter(({ person_id }) => person_id === approval.by);
    const covering = await Promise.all(ofPerson.map((row) => covers(ctx, row, payout, approval)));
    if (!approval.signed || !covering.includes(true)) return false;
  }
  return true;
}

async function covers(ctx: Context, row: SignatureRow, payout: Payout, { digest }: Approval): Promise<boolean> {
  if (row.subject_id === payout.id) {
    return row.action === "payout.approve" && row.digest === digest && await holds(ctx, row);
  }
  return row.action === "payout_batch.approve" && (await coveredBy(ctx, row)).has(digest);
}

/** The digests of the payouts that a signature of a batch is for; none where it does not hold. */
async function coveredBy(ctx: Context, row: SignatureRow): Promise<ReadonlySet<string>> {
  const key = `${row.id} ${row.person_id} ${row.digest}`;
  const known = verified.get(key);
  if (known !== undefined) return known;
  const isWhole = isBatchDigestOf(ctx, row.digest, row.subject_id, row.covers) && await holds(ctx, row);
  const digests: ReadonlySet<string> = new Set(isWhole ? row.covers : []);
  if (isWhole) verified.set(key, digests);
  return digests;
}
