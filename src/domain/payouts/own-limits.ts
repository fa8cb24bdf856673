import { commit, type Context, requireScope } from "../../context/context.ts";
import { first, insert, type Query, select } from "../../db/query.ts";
import { merchants, payoutLimits } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField } from "../../problems/problem.ts";
import type {
  getPayoutLimits as readContract,
  LimitsView,
  updatePayoutLimits as contract,
} from "./control-contract.ts";
import { selectMerchantLimits } from "./limits.ts";

const LIMIT_COLUMNS = [
  "min_amount",
  "max_amount",
  "daily_amount",
  "daily_amount_per_phone",
  "hourly_count_per_phone",
  "approval_from",
] as const;

const upsertLimits = insert(
  payoutLimits,
  `ON CONFLICT (merchant_id) DO UPDATE SET ${LIMIT_COLUMNS.map((name) => `${name} = excluded.${name}`).join(", ")}, ` +
    "updated_at = excluded.updated_at",
);
const selectMerchant: (id: string) => Query<typeof merchants.$inferSelect> = select(merchants, "WHERE id = ?");

type Row = typeof payoutLimits.$inferSelect;

async function loadLimits(ctx: Context, merchant: string): Promise<Row> {
  const known = await first(ctx.db, selectMerchantLimits(merchant));
  if (known !== null) return known;
  if (await first(ctx.db, selectMerchant(merchant)) === null) {
    throw invalidField("/merchant", "there is no merchant with this id");
  }
  return {
    merchant_id: merchant,
    min_amount: null,
    max_amount: null,
    daily_amount: null,
    daily_amount_per_phone: null,
    hourly_count_per_phone: null,
    approval_from: null,
    updated_at: 0,
  };
}

const view = ({ merchant_id: merchant, updated_at: _, ...limits }: Row): LimitsView => ({ merchant, ...limits });

/** A merchant's own limits. Errors: `validation_failed` at `/merchant`. */
export async function getPayoutLimits(ctx: Context, input: Input<typeof readContract>): Promise<LimitsView> {
  requireScope(ctx, "operator");
  return view(await loadLimits(ctx, input.merchant));
}

/** Sets them for payouts to come. Errors: `validation_failed`. */
export async function updatePayoutLimits(ctx: Context, input: Input<typeof contract>): Promise<LimitsView> {
  requireScope(ctx, "operator");
  const before = await loadLimits(ctx, input.merchant);
  const given = Object.fromEntries(
    LIMIT_COLUMNS.flatMap((name) => (input[name] === undefined ? [] : [[name, input[name]]])),
  );
  const after: Row = { ...before, ...given, updated_at: ctx.clock.now() };
  if (after.min_amount !== null && after.max_amount !== null && after.min_amount > after.max_amount) {
    throw invalidField("/min_amount", "must not be above max_amount");
  }
  const answer = view(after);
  await commit(ctx, input.merchant, [
    upsertLimits(after),
    auditEntry(ctx, "payout_limits.updated", input.merchant, given),
  ], {
    status: 200,
    body: answer,
  });
  return answer;
}
