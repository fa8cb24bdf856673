import { accountKey } from "../settlement/account-key.ts";
import type { Payment } from "../checkouts/machine.ts";
import type { Context } from "../../context/context.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import type { Suggestion } from "./contract.ts";
import { isOneTypoAway } from "./typo.ts";

const LOOKED_AT = 2_000;
const SHOWN = 5;
/** Shorter accounts are all like one another. */
const SHORTEST_KEY = 3;

const COLUMNS = "SELECT id, reference, account_reference, account_key, amount FROM checkouts WHERE shortcode_id = ?";
const SAME = `${COLUMNS} AND account_key = ? AND status <> 'succeeded' ORDER BY id DESC LIMIT ${SHOWN}`;
const AWAITED = `${COLUMNS} AND status IN ('open', 'pending') ORDER BY id DESC LIMIT ${LOOKED_AT}`;

interface Candidate {
  readonly id: string;
  readonly reference: string;
  readonly account_reference: string;
  readonly account_key: string;
  readonly amount: number;
}

const map: Query<Candidate>["map"] = ([id, reference, account, key, amount]) => ({
  id: String(id),
  reference: String(reference),
  account_reference: String(account),
  account_key: String(key),
  amount: Number(amount),
});

/** Checkouts that a person may want to match unmatched or partial money to. Bounded; never acted on by itself. */
export async function suggestCheckouts(ctx: Context, payment: Payment): Promise<Suggestion[]> {
  if (payment.status !== "unmatched" && payment.status !== "partial") return [];
  const key = accountKey(payment.account_reference ?? "");
  const [same, awaited] = await rows(
    ctx.db,
    { ...statement(SAME, payment.shortcode_id, key), map },
    { ...statement(AWAITED, payment.shortcode_id), map },
  );
  return rankCandidates(key, payment.amount, same, awaited);
}

/** The likeliest first: the same account, then a similar one with the amount, then a similar one. */
function rankCandidates(
  key: string,
  amount: number,
  same: readonly Candidate[],
  awaited: readonly Candidate[],
): Suggestion[] {
  const shown = ({ id, reference, account_reference, amount }: Candidate, reason: Suggestion["reason"]) => ({
    checkout: id,
    reference,
    account_reference,
    amount,
    reason,
  });
  if (key === "") {
    return awaited.filter((c) => c.amount === amount).slice(0, SHOWN).map((c) => shown(c, "same_amount"));
  }
  const similar = key.length < SHORTEST_KEY
    ? []
    : awaited.filter((c) => c.account_key !== key && isOneTypoAway(c.account_key, key))
      .toSorted((a, b) => Number(b.amount === amount) - Number(a.amount === amount));
  return [...same.map((c) => shown(c, "same_account")), ...similar.map((c) => shown(c, "similar_account"))]
    .slice(0, SHOWN);
}
