import { accountKey } from "../settlement/account-key.ts";
import type { Payment } from "../checkouts/machine.ts";
import type { Context } from "../../context/context.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import type { Suggestion } from "./contract.ts";
import { isOneTypoAway } from "./typo.ts";

const MAX_CANDIDATES = 2_000;
const MAX_SUGGESTIONS = 5;
/** Shorter accounts are often one typo apart by chance. */
const MIN_KEY_LENGTH = 3;

const COLUMNS = "SELECT id, reference, account_reference, account_key, amount FROM checkouts WHERE shortcode_id = ?";
const SELECT_SAME_ACCOUNT =
  `${COLUMNS} AND account_key = ? AND status <> 'succeeded' ORDER BY id DESC LIMIT ${MAX_SUGGESTIONS}`;
const SELECT_UNPAID = `${COLUMNS} AND status IN ('open', 'pending') ORDER BY id DESC LIMIT ${MAX_CANDIDATES}`;

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

/** Checkouts that unmatched or partial money may be for, at most five. They are shown to a person; nothing is matched by them. */
export async function suggestCheckouts(ctx: Context, payment: Payment): Promise<Suggestion[]> {
  if (payment.status !== "unmatched" && payment.status !== "partial") return [];
  const key = accountKey(payment.account_reference ?? "");
  const [sameAccount, unpaid] = await rows(
    ctx.db,
    { ...statement(SELECT_SAME_ACCOUNT, payment.shortcode_id, key), map },
    { ...statement(SELECT_UNPAID, payment.shortcode_id), map },
  );
  return rankCandidates(key, payment.amount, sameAccount, unpaid);
}

/** The order is: the same account, a similar account with the same amount, a similar account. Without an account: the same amount. */
function rankCandidates(
  key: string,
  amount: number,
  sameAccount: readonly Candidate[],
  unpaid: readonly Candidate[],
): Suggestion[] {
  const toSuggestion = ({ id, reference, account_reference, amount }: Candidate, reason: Suggestion["reason"]) => ({
    checkout: id,
    reference,
    account_reference,
    amount,
    reason,
  });
  if (key === "") {
    return unpaid.filter((c) => c.amount === amount).slice(0, MAX_SUGGESTIONS).map((c) =>
      toSuggestion(c, "same_amount")
    );
  }
  const similar = key.length < MIN_KEY_LENGTH
    ? []
    : unpaid.filter((c) => c.account_key !== key && isOneTypoAway(c.account_key, key))
      .toSorted((a, b) => Number(b.amount === amount) - Number(a.amount === amount));
  return [
    ...sameAccount.map((c) => toSuggestion(c, "same_account")),
    ...similar.map((c) => toSuggestion(c, "similar_account")),
  ]
    .slice(0, MAX_SUGGESTIONS);
}
