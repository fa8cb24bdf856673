import { commit, type Context, reachTo, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, type Query, select, statement } from "../../db/query.ts";
import type { Reach } from "../../db/reach.ts";
import { merchants, payoutDefaultLimits, payoutLimits } from "../../db/schema.ts";
import { auditEntry, changeOf } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField } from "../../problems/problem.ts";
import type {
  getPayoutLimits as readContract,
  LimitsView,
  updatePayoutLimits as contract,
} from "./control-contract.ts";
import { type LimitColumns, selectDefaultLimits, selectMerchantLimits } from "./limits.ts";

const LIMIT_COLUMNS = [
  "min_amount",
  "max_amount",
  "daily_amount",
  "daily_amount_per_phone",
  "hourly_count_per_phone",
  "approval_from",
  "approval_from_per_maker",
  "approval_from_per_payee",
  "approval_from_batch",
  "approval_from_new_payee",
] as const;

const REPLACE = `DO UPDATE SET ${LIMIT_COLUMNS.map((name) => `${name} = excluded.${name}`).join(", ")}, ` +
  "updated_at = excluded.updated_at";
const upsertLimits = insert(payoutLimits, `ON CONFLICT (merchant_id) ${REPLACE}`);
const upsertDefaults = insert(payoutDefaultLimits, `ON CONFLICT (name) ${REPLACE}`);
const selectMerchant: (id: string) => Query<typeof merchants.$inferSelect> = select(merchants, "WHERE id = ?");

const NO_LIMITS: LimitColumns = {
  min_amount: null,
  max_amount: null,
  daily_amount: null,
  daily_amount_per_phone: null,
  hourly_count_per_phone: null,
  approval_from: null,
  approval_from_per_maker: null,
  approval_from_per_payee: null,
  approval_from_batch: null,
  approval_from_new_payee: null,
};

/** The stored limits of a merchant, or those of all. Errors: `validation_failed` at `/merchant`. */
export async function loadLimits(ctx: Context, reach: Reach): Promise<LimitColumns> {
  if (reach.kind === "every") return await first(ctx.db, selectDefaultLimits()) ?? NO_LIMITS;
  const known = await first(ctx.db, selectMerchantLimits(reach.merchantId));
  if (known === null && await first(ctx.db, selectMerchant(reach.merchantId)) === null) {
    throw invalidField("/merchant", "there is no merchant with this id");
  }
  return known ?? NO_LIMITS;
}

/** `all` stands for every merchant. */
const nameOf = (reach: Reach): string => reach.kind === "every" ? "all" : reach.merchantId;

/** Limits as the API shows them. */
export const limitsView = (reach: Reach, limits: LimitColumns): LimitsView => {
  const shown = Object.fromEntries(LIMIT_COLUMNS.map((name) => [name, limits[name]]));
  return { merchant: nameOf(reach), ...shown as Omit<LimitsView, "merchant"> }; // the columns are its fields
};

/** A merchant's own limits, or those of all merchants. Errors: `validation_failed` at `/merchant`, `insufficient_scope`. */
export async function getPayoutLimits(ctx: Context, input: Input<typeof readContract>): Promise<LimitsView> {
  requireScope(ctx, "operator");
  const reach = reachTo(ctx, input.merchant);
  return limitsView(reach, await loadLimits(ctx, reach));
}

/** Sets them for payouts to come. Errors: `validation_failed`, `insufficient_scope`. */
export async function updatePayoutLimits(ctx: Context, input: Input<typeof contract>): Promise<LimitsView> {
  requireScope(ctx, "operator");
  const reach = reachTo(ctx, input.merchant);
  const before = await loadLimits(ctx, reach);
  const given = Object.fromEntries(
    LIMIT_COLUMNS.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  );
  const after: LimitColumns = { ...limitsView(reach, before), ...given };
  if (after.min_amount !== null && after.max_amount !== null && after.min_amount > after.max_amount) {
    throw invalidField("/min_amount", "must not be above max_amount");
  }
  const answer = limitsView(reach, after);
  const subject = { ...ctx, merchantId: reach.kind === "own" ? reach.merchantId : ctx.merchantId };
  const updated_at = ctx.clock.now();
  await commit(ctx, nameOf(reach), [
    reach.kind === "own"
      ? upsertLimits({ ...after, merchant_id: reach.merchantId, updated_at })
      : upsertDefaults({ ...after, name: "all", updated_at }),
    auditEntry(subject, "payout_limits.updated", nameOf(reach), given, changeOf({ ...before }, given)),
  ], { status: 200, body: answer });
  return answer;
}

/** Statement: aborts the batch with `conflict` if the limits are changed after this read. */
export async function abortUnlessUpdatedAt(ctx: Context, reach: Reach): Promise<Statement> {
  const stored = reach.kind === "every"
    ? await first(ctx.db, selectDefaultLimits())
    : await first(ctx.db, selectMerchantLimits(reach.merchantId));
  const [table, key] = reach.kind === "every" ? ["payout_default_limits", "name"] : ["payout_limits", "merchant_id"];
  return statement(
    `INSERT INTO guards (failed) SELECT 'conflict' WHERE (SELECT updated_at FROM ${table} WHERE ${key} = ?) IS NOT ?`,
    nameOf(reach),
    stored?.updated_at ?? null,
  );
}
