import type { Context } from "../../context/context.ts";
import { nairobiDay } from "../../daraja/time.ts";
import type { Statement } from "../../db/database.ts";
import { first, type Query, rows, select, statement } from "../../db/query.ts";
import { payoutLimits } from "../../db/schema.ts";
import { type FieldError, Problem } from "../../problems/problem.ts";
import type { Payout } from "./machine/facts.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What a merchant may send; the stricter of the service's limits and its own. Amounts in cents. */
export interface Limits {
  readonly minAmount: number;
  readonly maxAmount: number;
  readonly daily: number;
  readonly dailyPerPhone: number;
  readonly hourlyCountPerPhone: number;
  readonly approvalFrom: number;
}

/** A merchant's own limits. */
export const selectOwnLimits: (merchantId: string) => Query<typeof payoutLimits.$inferSelect> = select(
  payoutLimits,
  "WHERE merchant_id = ?",
);

/** The limits of the merchant that asks. */
export async function limitsOf(ctx: Context): Promise<Limits> {
  const service = ctx.config.limits.payouts;
  const own = await first(ctx.db, selectOwnLimits(ctx.merchantId));
  const least = (value: number, other: number | null | undefined) => Math.min(value, other ?? Infinity);
  return {
    minAmount: Math.max(service.minAmount, own?.min_amount ?? 0),
    maxAmount: least(service.maxAmount, own?.max_amount),
    daily: least(service.dailyPerMerchant, own?.daily_amount),
    dailyPerPhone: least(service.dailyPerPhone, own?.daily_amount_per_phone),
    hourlyCountPerPhone: least(service.countPerPhonePerHour, own?.hourly_count_per_phone),
    approvalFrom: least(service.approvalFrom, own?.approval_from),
  };
}

const kes = (cents: number): string => `KES ${cents / 100}`;

/** What is wrong with the amount of one payout, or null (Safaricom's limits: daraja.md section 10). */
export function amountError({ minAmount, maxAmount }: Limits, amount: number): string | null {
  if (amount < minAmount) return `must be at least ${minAmount} cents (${kes(minAmount)}) for one payout`;
  if (amount > maxAmount) return `must be at most ${maxAmount} cents (${kes(maxAmount)}) for one payout`;
  return null;
}

/** What payouts take from one counter. */
export interface Spend {
  readonly name: string;
  readonly total: number;
  readonly cap: number;
  readonly expiresAt: number;
  /** Where the caller named it. */
  readonly pointers: readonly string[];
  readonly says: (left: number) => string;
}

type Counted = Pick<Payout, "merchant_id" | "phone_index" | "created_at" | "amount">;

function namesOf({ merchant_id, phone_index, created_at }: Counted) {
  const phone = `${merchant_id}/${phone_index.toHex()}`;
  const day = nairobiDay(created_at);
  return {
    merchant: `payout/day/${merchant_id}/${day}`,
    phone: `payout/phone-day/${phone}/${day}`,
    count: `payout/phone-hour/${phone}/${Math.floor(created_at / HOUR_MS)}`,
  };
}

/** What new payouts take, one entry a counter. `pointers` names where each payout's amount and phone stand. */
export function spendsOf(
  payouts: readonly { readonly payout: Counted; readonly amountAt: string; readonly phoneAt: string }[],
  limits: Limits,
): Spend[] {
  const spends = new Map<string, Spend & { total: number; pointers: string[] }>();
  const says = { merchant: perMerchant(limits), phone: perPhone(limits), count: perHour(limits) };
  const add = (spend: Spend & { total: number; pointers: string[] }) => {
    const known = spends.get(spend.name);
    if (known === undefined) {
      spends.set(spend.name, spend);
      return;
    }
    known.total += spend.total;
    known.pointers.push(...spend.pointers);
  };
  for (const { payout, amountAt, phoneAt } of payouts) {
    const names = namesOf(payout);
    const base = { total: payout.amount, expiresAt: payout.created_at + 2 * DAY_MS };
    add({ ...base, name: names.merchant, cap: limits.daily, pointers: [amountAt], says: says.merchant });
    add({ ...base, name: names.phone, cap: limits.dailyPerPhone, pointers: [amountAt], says: says.phone });
    add({
      ...base,
      name: names.count,
      total: 1,
      cap: limits.hourlyCountPerPhone,
      pointers: [phoneAt],
      says: says.count,
    });
  }
  return [...spends.values()];
}

const perMerchant = (limits: Limits) => (left: number) =>
  `${kes(limits.daily)} may be sent in a day, and ${kes(left)} of it is left today`;
const perPhone = (limits: Limits) => (left: number) =>
  `${kes(limits.dailyPerPhone)} may be sent to one phone in a day, and ${kes(left)} of it is left today`;
const perHour = (limits: Limits) => (left: number) =>
  `${limits.hourlyCountPerPhone} payouts may go to one phone in an hour, and ${left} of them are left this hour`;

/** Takes it all, in the batch that creates the payouts; past a cap the batch fails with `limit_exceeded`. */
export const take = (spends: readonly Spend[]): Statement =>
  statement(
    "INSERT INTO counters (name, total, cap, expires_at) " +
      "SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true " +
      "ON CONFLICT (name) DO UPDATE SET total = total + excluded.total, cap = excluded.cap",
    JSON.stringify(spends.map(({ name, total, cap, expiresAt }) => [name, total, cap, expiresAt])),
  );

const selectTotals = (names: readonly string[]): Query<readonly [string, number]> => ({
  sql: "SELECT name, total FROM counters WHERE name IN (SELECT value FROM json_each(?))",
  args: [JSON.stringify(names)],
  map: ([name, total]) => [String(name), Number(total)],
});

/** Which limits stand in the way, with what is left of each; empty when none does (any more). */
export async function refusals(ctx: Context, spends: readonly Spend[]): Promise<FieldError[]> {
  const [found] = await rows(ctx.db, selectTotals(spends.map(({ name }) => name)));
  const totals = new Map(found);
  return spends.flatMap((spend) => {
    const left = Math.max(0, spend.cap - (totals.get(spend.name) ?? 0));
    if (spend.total <= left) return [];
    return spend.pointers.map((pointer) => ({ pointer, detail: spend.says(left) }));
  });
}

/** The 422 for payouts that would pass a limit. */
export function limitExceeded(errors: readonly FieldError[]): Problem {
  const reasons = [...new Set(errors.map(({ detail }) => detail))].slice(0, 3).join("; ");
  const detail = reasons === "" ? "A transaction limit would be exceeded by this request." : `${reasons}.`;
  return new Problem("limit_exceeded", `${detail} Lower the amount, or wait until the limit renews.`, { errors });
}

/** A payout that can't have left gives its allowance back; one that left after all takes it again, up to the cap. */
export function settleAllowance(payout: Payout, held: boolean): Statement[] {
  const { merchant, phone, count } = namesOf(payout);
  const sql = held
    ? "UPDATE counters SET total = min(cap, total + ?) WHERE name = ?"
    : "UPDATE counters SET total = max(0, total - ?) WHERE name = ?";
  return [
    statement(sql, payout.amount, merchant),
    statement(sql, payout.amount, phone),
    statement(sql, 1, count),
  ];
}
