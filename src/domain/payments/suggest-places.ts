import { accountKey } from "../settlement/account-key.ts";
import type { Payment } from "../checkouts/machine.ts";
import type { Context } from "../../context/context.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import type { PaymentDetail } from "./contract.ts";
import { phoneFormsOf } from "./phone-index.ts";
import { type AccountCandidate, type Candidate, rankSuggestions, similarAccounts } from "./suggestions.ts";

const MAX_CANDIDATES = 2_000;
const MAX_SAME_ACCOUNT = 20;
/** Prompts whose phones are compared. Each phone is opened for that. */
const MAX_PROMPTS = 60;

const COLUMNS = "SELECT id, reference, account_reference, account_key, amount, max(0, amount - amount_received) " +
  "FROM checkouts WHERE shortcode_id = ?";
const SELECT_SAME_ACCOUNT =
  `${COLUMNS} AND account_key = ? AND status <> 'succeeded' ORDER BY id DESC LIMIT ${MAX_SAME_ACCOUNT}`;
const SELECT_UNPAID = `${COLUMNS} AND status IN ('open', 'pending') ORDER BY id DESC LIMIT ${MAX_CANDIDATES}`;
const SELECT_ACCOUNTS = "SELECT id, account_reference, account_key FROM standing_accounts " +
  `WHERE shortcode_id = ? ORDER BY id DESC LIMIT ${MAX_CANDIDATES}`;
const SELECT_PHONE = "SELECT phone_index FROM payment_phones WHERE payment_id = ?";
const SELECT_PROMPTS = "SELECT id, checkout_id, phone FROM attempts WHERE checkout_id IN " +
  `(SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ${MAX_PROMPTS}`;

const map: Query<Candidate>["map"] = ([id, reference, account, key, amount, due]) => ({
  id: String(id),
  reference: String(reference),
  account_reference: String(account),
  account_key: String(key),
  amount: Number(amount),
  due: Number(due),
});

const mapAccount: Query<AccountCandidate>["map"] = ([id, account, key]) => ({
  id: String(id),
  account_reference: String(account),
  account_key: String(key),
});

/** Places that money may be for: checkouts and standing accounts. */
export type Suggestions = Pick<PaymentDetail, "suggestions" | "account_suggestions">;

/**
 * Places that unmatched or partial money may be for, at most five. They are shown to a person, who accepts one by its id;
 * nothing is placed by them alone.
 */
export async function suggestPlaces(ctx: Context, payment: Payment): Promise<Suggestions> {
  if (payment.status !== "unmatched" && payment.status !== "partial") {
    return { suggestions: [], account_suggestions: [] };
  }
  const typed = payment.account_reference ?? "";
  const key = accountKey(typed);
  const [sameAccount, unpaid, accounts] = await rows(
    ctx.db,
    { ...statement(SELECT_SAME_ACCOUNT, payment.shortcode_id, key), map },
    { ...statement(SELECT_UNPAID, payment.shortcode_id), map },
    { ...statement(SELECT_ACCOUNTS, payment.shortcode_id), map: mapAccount },
  );
  const money = { id: payment.id, left: leftOf(payment), typed, key };
  const samePhone = await promptedOnPhone(ctx, payment.id, unpaid.filter(({ due }) => due <= money.left));
  return {
    suggestions: rankSuggestions(money, { sameAccount: key === "" ? [] : sameAccount, unpaid, samePhone }),
    account_suggestions: similarAccounts(money, accounts),
  };
}

/** Cents of a payment that are in no other place, and that nobody has got or was promised back. */
const leftOf = ({ amount, amount_promised, amount_refunded, amount_taken_back, allocations }: Payment): number =>
  (allocations ?? []).reduce(
    (left, part) => left - part.amount,
    amount - Math.max(amount_promised, amount_refunded) - amount_taken_back,
  );

/** The checkouts among them that prompted a phone which fits what M-Pesa told of the payer: whole, hashed or masked. */
async function promptedOnPhone(
  ctx: Context,
  paymentId: string,
  among: readonly Candidate[],
): Promise<ReadonlySet<string>> {
  const ids = JSON.stringify(among.map(({ id }) => id));
  const [[told], prompts] = await rows(
    ctx.db,
    { ...statement(SELECT_PHONE, paymentId), map: ([index]) => index as Uint8Array }, // the column is NOT NULL
    {
      ...statement(SELECT_PROMPTS, ids),
      map: ([id, checkout, phone]) => ({ id: String(id), checkout: String(checkout), phone: phone as Uint8Array }),
    },
  );
  const found = new Set<string>();
  if (told === undefined) return found;
  const wanted = new Uint8Array(told).toHex();
  for (const { id, checkout, phone } of prompts) {
    const digits = await ctx.vault.openText(new Uint8Array(phone), { table: "attempts", column: "phone", row: id });
    if (phoneFormsOf(ctx, digits).some((index) => index.toHex() === wanted)) found.add(checkout);
  }
  return found;
}
