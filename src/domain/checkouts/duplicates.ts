import type { Context } from "../../context/context.ts";
import { ConstraintError, type Result, type Statement } from "../../db/database.ts";
import { first, insert, statement } from "../../db/query.ts";
import { checkouts } from "../../db/schema.ts";
import { event } from "../../db/trail.ts";
import { Problem } from "../../problems/problem.ts";
import type { DuplicatePolicy } from "../merchants/rules-contract.ts";
import type { Checkout } from "./machine.ts";
import { insertCheckout } from "./store.ts";
import type { CheckoutView } from "./contract.ts";

/** Checkouts with the same reference that are looked at, the newest: a shop may use one reference for all. */
const MAX_ALIKE = 20;

/** SQL: the oldest open checkout among the newest with a merchant's reference. Its `?` marks: merchant and reference. */
const ALIKE = "SELECT id FROM (SELECT id, status FROM checkouts INDEXED BY checkouts_by_reference " +
  `WHERE merchant_id = ? AND reference = ? ORDER BY id DESC LIMIT ${MAX_ALIKE}) ` +
  "WHERE status IN ('open', 'pending') ORDER BY id LIMIT 1";

const REFUSE = `INSERT INTO guards (failed) SELECT 'conflict' WHERE EXISTS (${ALIKE})`;
const insertCompared = insert(checkouts, "RETURNING possible_duplicate_of", { possible_duplicate_of: `(${ALIKE})` });

/**
 * Statements that store a new checkout, and compare it with others in the same step, so that of two requests at once the
 * later one sees the earlier. The last one stores the row.
 */
export function insertGuarded(policy: DuplicatePolicy, checkout: Checkout): Statement[] {
  const { merchant_id, reference } = checkout;
  if (policy === "off") return [insertCheckout(checkout)];
  return [
    ...(policy === "refuse" ? [statement(REFUSE, merchant_id, reference)] : []),
    insertCompared(checkout, [merchant_id, reference]),
  ];
}

type Data = Omit<CheckoutView, "hosted_url" | "prompts_failing">;
const OF_ROW = "FROM (SELECT possible_duplicate_of AS other FROM checkouts WHERE id = ?)";
const VALUES = "VALUES (?, ?, ?, ?, ?, ?)";

/** Statement: an event whose data names the duplicate that the row has got. `where`: a condition on `other`. */
function eventOfRow(ctx: Context, type: "checkout.created" | "checkout.possible_duplicate", data: Data, where: string) {
  const made = event(ctx, type, data.id, data);
  if (!made.sql.includes(VALUES)) throw new Error("the table of events has other columns than this statement knows");
  const values = `SELECT ?, ?, ?, ?, json_set(?, '$.possible_duplicate_of', other), ? ${OF_ROW} WHERE ${where}`;
  return { ...made, sql: made.sql.replace(VALUES, values), args: [...made.args, data.id] };
}

/** Statements: the events of a new checkout whose row {@link insertGuarded} has stored in the same batch. */
export const creationEvents = (ctx: Context, policy: DuplicatePolicy, data: Data): Statement[] =>
  policy === "off" ? [event(ctx, "checkout.created", data.id, data)] : [
    eventOfRow(ctx, "checkout.created", data, "true"),
    eventOfRow(ctx, "checkout.possible_duplicate", data, "other IS NOT NULL"),
  ];

/** The duplicate that the stored row names, by the results of a batch with {@link insertGuarded}. */
export function duplicateIn(statements: readonly Statement[], results: readonly Result[]): string | null {
  const stored = statements.findIndex(({ sql }) => sql.endsWith("RETURNING possible_duplicate_of"));
  const value = results[stored]?.rows[0]?.[0];
  return typeof value === "string" ? value : null;
}

/** Runs the write. Errors: `looks_like_a_duplicate` if the policy `refuse` has stopped it. */
export async function explainDuplicate<T>(
  ctx: Context,
  policy: DuplicatePolicy,
  { merchant_id, reference }: Checkout,
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (policy !== "refuse" || !(error instanceof ConstraintError) || error.rule !== "conflict") throw error;
    const other = await first(ctx.db, { ...statement(ALIKE, merchant_id, reference), map: ([id]) => String(id) });
    if (other === null) throw error;
    throw new Problem(
      "looks_like_a_duplicate",
      `${other} has the same reference and is still open. Nothing was created. Use that checkout, or cancel it first. ` +
        "If two are meant, send it with allow_duplicate: true.",
      { duplicateOf: other },
    );
  }
}
