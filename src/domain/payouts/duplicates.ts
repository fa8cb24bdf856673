import type { Context } from "../../context/context.ts";
import { ConstraintError, type Statement, type Value } from "../../db/database.ts";
import { formatTime } from "../../http/fields.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import { type FieldError, Problem } from "../../problems/problem.ts";
import type { DuplicatePolicy } from "../merchants/rules-contract.ts";
import type { Payout } from "./machine/facts.ts";

/** A payout that is about to be stored, and the JSON Pointer of its row in the request; empty where it is the request. */
export interface NewPayout {
  readonly payout: Payout;
  readonly pointer: string;
}

/** An earlier payout that a new one repeats. */
interface Earlier {
  readonly position: number;
  readonly id: string;
  readonly batch: string | null;
  readonly createdAt: number;
}

/** Two payouts look alike if payee, account, amount and reference are the same. Payouts of refunds are never compared. */
const keyOf = ({ phone_index, account_reference, amount, reference }: Payout): readonly Value[] => [
  phone_index.toHex(),
  amount,
  reference,
  account_reference,
];

/** While the index key changes, a stored payout may have the payee's index of either key. */
const linesOf = ({ vault }: Context, { payout }: NewPayout, position: number): readonly (readonly Value[])[] =>
  vault.alike(payout.phone_index).map((index) => [index.toHex(), ...keyOf(payout).slice(1), position]);

/** Payouts that certainly did not leave are left out: to send such a one again is right. */
const ALIKE = "FROM json_each(?1) line CROSS JOIN payouts p ON p.merchant_id = ?2 " +
  "AND p.phone_index = unhex(line.value ->> 0) AND p.created_at > ?3 AND p.amount = line.value ->> 1 " +
  "AND p.reference = line.value ->> 2 AND p.account_reference IS (line.value ->> 3) " +
  "AND p.status NOT IN ('failed', 'rejected', 'cancelled') AND p.refund_id IS NULL";

function argsOf(ctx: Context, payouts: readonly NewPayout[]): Value[] {
  const since = ctx.clock.now() - ctx.config.limits.payouts.duplicateWindowMs;
  return [JSON.stringify(payouts.flatMap((each, i) => linesOf(ctx, each, i))), ctx.merchantId, since];
}

/** Statement: the batch fails with `conflict` if one of the payouts repeats a stored one. */
const refuseAlike = (ctx: Context, payouts: readonly NewPayout[]): Statement =>
  statement(`INSERT INTO guards (failed) SELECT 'conflict' WHERE EXISTS (SELECT 1 ${ALIKE})`, ...argsOf(ctx, payouts));

const selectAlike = (ctx: Context, payouts: readonly NewPayout[]): Query<Earlier> => ({
  sql: `SELECT line.value ->> 4, p.id, p.batch_id, p.created_at ${ALIKE} ORDER BY line.value ->> 4, p.id`,
  args: argsOf(ctx, payouts),
  map: ([position, id, batch, createdAt]) => ({
    position: Number(position),
    id: String(id),
    batch: batch === null || batch === undefined ? null : String(batch),
    createdAt: Number(createdAt),
  }),
});

/** The first earlier payout for each new one that repeats one, by its position. */
async function findAlike(ctx: Context, payouts: readonly NewPayout[]): Promise<Map<number, Earlier>> {
  const [found] = await rows(ctx.db, selectAlike(ctx, payouts));
  const byPosition = new Map<number, Earlier>();
  for (const earlier of found) if (!byPosition.has(earlier.position)) byPosition.set(earlier.position, earlier);
  return byPosition;
}

/** Rows of one request that repeat a row before them, with the pointer of that row. */
function repeatedRows(payouts: readonly NewPayout[]): Map<number, string> {
  const seen = new Map<string, string>();
  const repeated = new Map<number, string>();
  for (const [position, { payout, pointer }] of payouts.entries()) {
    const key = JSON.stringify(keyOf(payout));
    const before = seen.get(key);
    if (before === undefined) seen.set(key, pointer);
    else repeated.set(position, before);
  }
  return repeated;
}

/** What {@link guardDuplicates} found. */
export interface DuplicateGuard {
  /** The payouts to store. Under `warn` they name the one that they repeat. */
  readonly payouts: readonly Payout[];
  /** Put these into the batch that stores the payouts. */
  readonly statements: readonly Statement[];
  /** Runs the write. Errors: `looks_like_a_duplicate` if the statements stopped it. */
  explain<T>(write: () => Promise<T>): Promise<T>;
}

/**
 * Compares new payouts with each other and with those of the last days (`PAYOUT_DUPLICATE_DAYS`): same payee, account,
 * amount and reference. A comparison with stored payouts belongs to the write, so that two requests at once can't both
 * pass. Errors: `looks_like_a_duplicate`.
 */
export async function guardDuplicates(
  ctx: Context,
  policy: DuplicatePolicy,
  payouts: readonly NewPayout[],
): Promise<DuplicateGuard> {
  const all = payouts.map(({ payout }) => payout);
  const free = { payouts: all, statements: [], explain: <T>(write: () => Promise<T>) => write() };
  if (policy === "off") return free;
  const repeated = repeatedRows(payouts);
  if (policy === "warn") {
    const alike = await findAlike(ctx, payouts);
    const named = all.map((payout, position) => {
      const within = repeated.has(position) ? firstLike(payouts, position) : null;
      return { ...payout, possible_duplicate_of: alike.get(position)?.id ?? within };
    });
    return { ...free, payouts: named };
  }
  if (repeated.size > 0) throw await refusal(ctx, payouts, repeated);
  return {
    payouts: all,
    statements: [refuseAlike(ctx, payouts)],
    async explain(write) {
      try {
        return await write();
      } catch (error) {
        if (!(error instanceof ConstraintError) || error.rule !== "conflict") throw error;
        throw await refusal(ctx, payouts, repeated) ?? error;
      }
    },
  };
}

/** The id of the first payout of the request that has the same key. */
function firstLike(payouts: readonly NewPayout[], position: number): string | null {
  const key = JSON.stringify(payouts[position] === undefined ? null : keyOf(payouts[position].payout));
  return payouts.find(({ payout }) => JSON.stringify(keyOf(payout)) === key)?.payout.id ?? null;
}

/** The 409 with every row that repeats another one. Null if there is none by now. */
async function refusal(
  ctx: Context,
  payouts: readonly NewPayout[],
  repeated: ReadonlyMap<number, string>,
): Promise<Problem | null> {
  const alike = await findAlike(ctx, payouts);
  const errors: FieldError[] = payouts.flatMap(({ pointer }, position) => {
    const earlier = alike.get(position);
    const row = repeated.get(position);
    if (earlier !== undefined) {
      const batch = earlier.batch === null ? "" : ` of ${earlier.batch}`;
      return [{ pointer, detail: `repeats ${earlier.id}${batch}, created at ${formatTime(earlier.createdAt)}` }];
    }
    return row === undefined ? [] : [{ pointer, detail: `repeats ${row} of this request` }];
  });
  if (errors.length === 0) return null;
  const earliest = [...alike.values()][0];
  const what = payouts.length === 1 ? "This payout" : `${errors.length} of the ${payouts.length} rows`;
  return new Problem(
    "looks_like_a_duplicate",
    `${what}: ${
      errors.slice(0, 3).map(({ detail }) => detail).join("; ")
    }. Payee, amount and reference are the same. ` +
      "Nothing was created. If it is meant, send it with allow_duplicate: true.",
    { errors, duplicateOf: earliest?.batch ?? earliest?.id ?? null },
  );
}
