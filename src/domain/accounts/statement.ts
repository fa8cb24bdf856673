import { type Context, requireScope } from "../../context/context.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import type { getAccountStatement as contract, StatementLine, StatementView } from "./contract.ts";
import { arrearsAt } from "./expected.ts";
import { KEPT } from "../settlement/account-balance.ts";
import { type AccountState, ALIKE, isOfAccount, loadReachedAccount } from "./store.ts";

/** More lines than this are not put into one answer. */
const MAX_LINES = 20_000;

/**
 * Lines in the order in which they were booked. What went back is one line for each allocation, so that the lines add up to
 * the balance. `?1` is the account.
 */
const LINES =
  "SELECT l.at AS at, 0 AS rank, 'received', l.amount, p.id, p.receipt, NULL, NULL, p.id AS id, NULL AS spelt, NULL AS alike FROM allocations l " +
  "JOIN payments p ON p.id = l.payment_id WHERE l.account_id = ?1 " +
  "UNION ALL SELECT max(l.at, p.updated_at), 2, iif(p.amount_taken_back > 0, 'taken_back', 'given_back'), " +
  `${KEPT} - l.amount, p.id, p.receipt, NULL, NULL, p.id, NULL, NULL FROM allocations l JOIN payments p ON p.id = l.payment_id ` +
  `WHERE l.account_id = ?1 AND ${KEPT} < l.amount ` +
  "UNION ALL SELECT s.at, 1, iif(s.amount > 0, 'applied', 'released'), -s.amount, NULL, NULL, c.id, c.reference, s.id, NULL, NULL " +
  "FROM account_applications s JOIN checkouts c ON c.id = s.checkout_id WHERE s.account_id = ?1 " +
  "UNION ALL SELECT coalesce(p.paid_at, p.created_at), 0, 'paid_checkout', p.amount - p.amount_promised - p.amount_taken_back, " +
  `p.id, p.receipt, c.id, c.reference, p.id, c.account_reference, ${ALIKE} FROM standing_accounts a JOIN checkouts c ON c.shortcode_id = a.shortcode_id ` +
  "AND c.account_key = a.account_key JOIN payments p ON p.checkout_id = c.id AND p.status IN ('matched', 'partial') WHERE a.id = ?1";

interface Line extends Omit<StatementLine, "at" | "balance"> {
  readonly at: number;
}

const selectLines = (id: string): Query<Line | null> => ({
  ...statement(`SELECT * FROM (${LINES}) ORDER BY at, rank, id LIMIT ${MAX_LINES + 1}`, id),
  map: ([at, _rank, kind, amount, payment, receipt, checkout, reference, _id, spelt, alike]) =>
    spelt != null && !isOfAccount(id, String(spelt), String(alike)) ? null : {
      at: Number(at),
      kind: String(kind) as Line["kind"], // the query names no other
      amount: Number(amount),
      payment: payment == null ? null : String(payment),
      receipt: receipt == null ? null : String(receipt),
      checkout: checkout == null ? null : String(checkout),
      reference: reference == null ? null : String(reference),
    },
});

/** A statement of an account, for times in ms. Errors: `invalid_query` where it is too long. */
export async function statementOf(
  ctx: Context,
  { account, received }: AccountState,
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
): Promise<StatementView> {
  const [found] = await rows(ctx.db, selectLines(account.id));
  let opening = 0;
  let balance = 0;
  const data: StatementLine[] = [];
  for (const line of found) {
    if (line === null) continue;
    if (to !== undefined && line.at >= to) break;
    if (line.kind !== "paid_checkout") balance += line.amount;
    if (from !== undefined && line.at < from) opening = balance;
    else data.push({ ...line, at: formatTime(line.at), balance });
  }
  if (found.length > MAX_LINES) {
    throw new Problem(
      "invalid_query",
      `The account has more than ${MAX_LINES} lines, which do not fit into one statement. GET /v1/payments lists its payments.`,
    );
  }
  return {
    account: account.id,
    account_reference: account.account_reference,
    from: formatTimeOrNull(from ?? null),
    to: formatTimeOrNull(to ?? null),
    opening_balance: opening,
    closing_balance: balance,
    arrears: arrearsAt(account, received, ctx.clock.now()),
    currency: "KES",
    data,
  };
}

/** The statement of one account. Errors: `not_found`, `invalid_query`. */
export async function getAccountStatement(ctx: Context, input: Input<typeof contract>): Promise<StatementView> {
  requireScope(ctx, "accounts:read");
  if (input.from !== undefined && input.to !== undefined && input.to <= input.from) {
    throw new Problem("invalid_query", "to: must be later than from", {
      errors: [{ pointer: "to", detail: "must be later than from" }],
    });
  }
  return await statementOf(ctx, await loadReachedAccount(ctx, input.id), input);
}
