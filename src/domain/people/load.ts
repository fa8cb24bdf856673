import type { Role } from "../../auth/roles.ts";
import { scopesOf } from "../../auth/roles.ts";
import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, type Query, statement } from "../../db/query.ts";
import { within } from "../../db/reach.ts";
import { Problem } from "../../problems/problem.ts";
import { type PersonRow, rolesOf, selectPerson } from "./store.ts";

/* What the verbs of people share. */

/** A person within the caller's reach. Errors: `not_found`. */
export async function loadOwn(ctx: Context, id: string): Promise<PersonRow> {
  const row = within(ctx.reach, await first(ctx.db, selectPerson(id)));
  if (row === null) throw new Problem("not_found", "There is no person with this id. GET /v1/people lists yours.");
  return row;
}

/** Errors: `wrong_state`. */
export function requireNotRemoved({ status }: PersonRow): void {
  if (status === "removed") throw new Problem("wrong_state", "The person was removed. Invite them again.");
}

/** Whoever gives a role gives its scopes. Errors: `scope_not_held`. */
export function requireHeld(ctx: Pick<Context, "scopes">, roles: readonly Role[]): void {
  const missing = [...scopesOf(roles)].filter((scope) => !ctx.scopes.has(scope));
  if (missing.length === 0) return;
  throw new Problem(
    "scope_not_held",
    `The roles ${roles.join(", ")} need scopes that this caller does not have: ${missing.join(", ")}.`,
  );
}

const isAdmin = (row: PersonRow): boolean => row.status === "active" && rolesOf(row).includes("admin");

const OTHER_ADMIN = "SELECT 1 FROM people WHERE merchant_id = ? AND id <> ? AND status = 'active' " +
  "AND EXISTS (SELECT 1 FROM json_each(roles) WHERE value = 'admin')";

const countOtherAdmins = ({ merchant_id, id }: PersonRow): Query<number> => ({
  sql: `SELECT EXISTS (${OTHER_ADMIN})`,
  args: [merchant_id, id],
  map: ([found]) => Number(found),
});

/**
 * Statements that undo the batch with `conflict` if it would leave the merchant without an admin: run the verb again then.
 * Errors: `last_admin`.
 */
export async function keepAnAdmin(
  { db }: Pick<Context, "db">,
  before: PersonRow,
  after: PersonRow,
): Promise<readonly Statement[]> {
  if (!isAdmin(before) || isAdmin(after)) return [];
  if (await first(db, countOtherAdmins(before)) !== 1) {
    throw new Problem("last_admin", "This is the last admin of the merchant. Make somebody else an admin first.");
  }
  return [statement(
    `INSERT INTO guards (failed) SELECT 'conflict' WHERE NOT EXISTS (${OTHER_ADMIN})`,
    before.merchant_id,
    before.id,
  )];
}
