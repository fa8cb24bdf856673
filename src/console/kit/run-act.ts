import { fingerprintOf, isKeyTaken, KeyClaim, parseIdempotencyKey } from "../../http/idempotency.ts";
import type { Context } from "../../context/context.ts";
import { ConstraintError, type Database, type Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { Proposal } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import { CSRF_FIELD } from "../session/csrf.ts";
import type { Act, Subject, Versioned } from "./act.ts";
import { BACK_FIELD, KEY_FIELD, VERSION_FIELD } from "./form.tsx";
import type { Visit } from "./visit.ts";

/**
 * What became of a pressed button. `proposed`: it waits for a second person. `again`: an earlier press had done it. `stale`:
 * the record is not as it was shown.
 */
export type Outcome = "done" | "proposed" | "again" | "stale";

/** No CHECK of `guards` but the last knows this word, whose rule is `guard`. Nothing retries it, unlike a conflict. */
const STALE = "stale";
const STALE_RULE = "guard";

/**
 * Does an act as a person pressed it: once for each form, however often it arrives, and only while the record is as the
 * form showed it. Errors: those of the verb.
 */
export async function runAct<R extends Versioned>(
  visit: Visit,
  subject: Subject<R>,
  act: Act<R>,
  row: R,
  form: FormData,
): Promise<Outcome> {
  const { table } = subject;
  const isFresh = table === undefined || String(form.get(VERSION_FIELD)) === String(row.version);
  const db = table === undefined ? visit.ctx.db : guardedFirstWrite(visit.ctx.db, unlessAt(table, row));
  return await runOnce(visit, form, isFresh, (ctx) => act.run({ ...ctx, db }, row, form, visit));
}

/** Does what a form asks that is about no record, such as making one: once for each form, however often it arrives. */
export const runForm = (
  visit: Visit,
  form: FormData,
  run: (ctx: Context) => Promise<unknown>,
): Promise<Outcome> => runOnce(visit, form, true, run);

async function runOnce(
  visit: Visit,
  form: FormData,
  isFresh: boolean,
  run: (ctx: Context) => Promise<unknown>,
): Promise<Outcome> {
  const services = visit.ctx;
  const claim = new KeyClaim(services, visit.viewer.merchantId, keyOf(form), fingerprint(visit, form));
  if (await wasDone(claim)) return "again";
  if (!isFresh) return "stale";
  try {
    const view = await run({ ...services, claim });
    if (claim.state === "taken") {
      await services.db.write([await claim.answerStatement({ status: 200, body: view ?? null })]);
    }
    return view instanceof Proposal ? "proposed" : "done";
  } catch (error) {
    if (isKeyTaken(error) || (error instanceof Problem && await wasDone(claim))) return "again";
    if (error instanceof ConstraintError && error.rule === STALE_RULE) return "stale";
    throw error;
  }
}

const unlessAt = (table: string, { id, version = 0 }: Versioned): Statement =>
  statement(
    `INSERT INTO guards (failed) SELECT '${STALE}' WHERE NOT EXISTS (SELECT 1 FROM ${table} WHERE id = ? AND version = ?)`,
    id,
    version,
  );

/** A key belongs to a merchant, so the API's and the console's are kept apart by their beginning. */
function keyOf(form: FormData): string {
  const key = form.get(KEY_FIELD);
  return `console:${parseIdempotencyKey(typeof key === "string" ? key : undefined, true)}`;
}

/** The same person, the same form. */
function fingerprint(visit: Visit, form: FormData): Uint8Array {
  const own = new Set<string>([CSRF_FIELD, KEY_FIELD, BACK_FIELD]);
  const fields = [...form].filter(([name, value]) => !own.has(name) && typeof value === "string");
  return fingerprintOf(
    "POST",
    visit.url.pathname + visit.url.search,
    JSON.stringify([visit.viewer.person.id, ...fields]),
  );
}

/** Whether an earlier press has stored its change. Errors: `idempotency_in_progress`, `idempotency_key_reused`. */
const wasDone = async (claim: KeyClaim): Promise<boolean> => (await claim.findEarlierResult()).kind !== "none";

/** The first batch is refused unless the record is as it was shown. Later ones, such as an answer of M-Pesa's, are not. */
function guardedFirstWrite(db: Database, guard: Statement): Database {
  let isFirst = true;
  return {
    read: (statements) => db.read(statements),
    async write(statements) {
      if (!isFirst) return await db.write(statements);
      const results = await db.write([guard, ...statements]);
      isFirst = false;
      return results.slice(1);
    },
    close: () => db.close(),
  };
}
