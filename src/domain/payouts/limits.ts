import type { Context } from "../../context/context.ts";
import { nairobiDay } from "../../daraja/time.ts";
import type { Statement } from "../../db/database.ts";
import { type Query, rows, select, statement } from "../../db/query.ts";
import { payoutDefaultLimits, payoutLimits } from "../../db/schema.ts";
import { type FieldError, Problem } from "../../problems/problem.ts";
import { rulesOf, selectSettings } from "../merchants/rules.ts";
import type { MerchantRules } from "../merchants/rules-contract.ts";
import type { Payout } from "./machine/facts.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What a merchant may send: of the settings, the limits of all merchants and its own the strictest. Amounts in cents. */
export interface Limits {
  readonly minAmount: number;
  readonly maxAmount: number;
  readonly daily: number;
  readonly dailyPerPhone: number;
  readonly hourlyCountPerPhone: number;
  readonly approvalFrom: number;
  /** From these sums on approval is needed: what a client, or a payee, had without approval in 24 h; a batch. */
  readonly approvalFromPerMaker: number;
  readonly approvalFromPerPayee: number;
  readonly approvalFromBatch: number;
  /** From this amount on, for somebody who was never paid before. */
  readonly approvalFromNewPayee: number;
}

/** The columns of limits, in cents or payouts; null: no such limit. */
export type LimitColumns = Omit<typeof payoutLimits.$inferSelect, "merchant_id" | "updated_at">;

/** A merchant's own limits. */
export const selectMerchantLimits: (merchantId: string) => Query<typeof payoutLimits.$inferSelect> = select(
  payoutLimits,
  "WHERE merchant_id = ?",
);

/** The limits of all merchants, besides those of the settings. */
export const selectDefaultLimits: () => Query<typeof payoutDefaultLimits.$inferSelect> = select(
  payoutDefaultLimits,
  "WHERE name = 'all'",
);

/** Of two rows of limits the stricter ones. */
function strictest(a: LimitColumns | undefined, b: LimitColumns | undefined): LimitColumns | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const lower = (name: keyof LimitColumns) =>
    a[name] === null || b[name] === null ? a[name] ?? b[name] : Math.min(a[name], b[name]);
  return {
    min_amount: Math.max(a.min_amount ?? 0, b.min_amount ?? 0),
    max_amount: lower("max_amount"),
    daily_amount: lower("daily_amount"),
    daily_amount_per_phone: lower("daily_amount_per_phone"),
    hourly_count_per_phone: lower("hourly_count_per_phone"),
    approval_from: lower("approval_from"),
    approval_from_per_maker: lower("approval_from_per_maker"),
    approval_from_per_payee: lower("approval_from_per_payee"),
    approval_from_batch: lower("approval_from_batch"),
    approval_from_new_payee: lower("approval_from_new_payee"),
  };
}

/** The limits of the merchant that asks. */
export async function limitsOf(ctx: Context): Promise<Limits> {
  const [[own], [all]] = await rows(ctx.db, selectMerchantLimits(ctx.merchantId), selectDefaultLimits());
  return limitsWith(ctx, strictest(own, all));
}

/** The limits and the rules of the merchant that asks, in one round trip. */
export async function limitsAndRulesOf(ctx: Context): Promise<{ limits: Limits; rules: MerchantRules }> {
  const { merchantId } = ctx;
  const [[own], [all], [settings]] = await rows(
    ctx.db,
    selectMerchantLimits(merchantId),
    selectDefaultLimits(),
    selectSettings(merchantId),
  );
  return { limits: limitsWith(ctx, strictest(own, all)), rules: rulesOf(settings) };
}

function limitsWith(ctx: Context, own: LimitColumns | undefined): Limits {
  const service = ctx.config.limits.payouts;
  const stricter = (value: number, other: number | null | undefined) => Math.min(value, other ?? Infinity);
  return {
    minAmount: Math.max(service.minAmount, own?.min_amount ?? 0),
    maxAmount: stricter(service.maxAmount, own?.max_amount),
    daily: stricter(service.dailyPerMerchant, own?.daily_amount),
    dailyPerPhone: stricter(service.dailyPerPhone, own?.daily_amount_per_phone),
    hourlyCountPerPhone: stricter(service.countPerPhonePerHour, own?.hourly_count_per_phone),
    approvalFrom: stricter(service.approvalFrom, own?.approval_from),
    approvalFromPerMaker: stricter(service.approvalFromPerMaker, own?.approval_from_per_maker),
    approvalFromPerPayee: stricter(service.approvalFromPerPayee, own?.approval_from_per_payee),
    approvalFromBatch: stricter(service.approvalFromBatch, own?.approval_from_batch),
    approvalFromNewPayee: stricter(service.approvalFromNewPayee, own?.approval_from_new_payee),
  };
}

const kes = (cents: number): string => `KES ${cents / 100}`;

/** What is wrong with the amount of one payout, or null (Safaricom's limits: daraja.md section 10). */
export function amountError({ minAmount, maxAmount }: Limits, amount: number): string | null {
  if (amount < minAmount) return `must be at least ${minAmount} cents (${kes(minAmount)}) for one payout`;
  if (amount > maxAmount) return `must be at most ${maxAmount} cents (${kes(maxAmount)}) for one payout`;
  return null;
}

/** What new payouts take from one counter. */
export interface Reservation {
  /** The counter's name. */
  readonly name: string;
  /** Cents, or payouts where the counter counts them. */
  readonly amount: number;
  readonly cap: number;
  /** ms since the epoch; after it the counter may be deleted. */
  readonly expiresAt: number;
  /** JSON Pointers to the fields of the request that count. */
  readonly pointers: readonly string[];
  /** Says which limit this is, and how much of it is left. */
  readonly explain: (left: number) => string;
}

/** While payouts are added up. A batch may have 5,000, so this one is changed in place. */
type OpenReservation = Omit<Reservation, "amount" | "pointers"> & { amount: number; readonly pointers: string[] };

type Counted = Pick<Payout, "merchant_id" | "phone_index" | "created_at" | "amount">;

/** The counters that a payout takes from. */
export function counterNames(
  { merchant_id, phone_index, created_at }: Counted,
): { readonly merchant: string; readonly phone: string; readonly count: string } {
  const phone = `${merchant_id}/${phone_index.toHex()}`;
  const day = nairobiDay(created_at);
  return {
    merchant: `payout/day/${merchant_id}/${day}`,
    phone: `payout/phone-day/${phone}/${day}`,
    count: `payout/phone-hour/${phone}/${Math.floor(created_at / HOUR_MS)}`,
  };
}

/**
 * What new payouts take from the counters, one entry for each counter. `amountAt` and `phoneAt` are JSON Pointers to a
 * payout's amount and phone in the request.
 */
export function reservationsOf(
  payouts: readonly { readonly payout: Counted; readonly amountAt: string; readonly phoneAt: string }[],
  limits: Limits,
): Reservation[] {
  const reservations = new Map<string, OpenReservation>();
  const explain = {
    merchant: explainDaily(limits),
    phone: explainDailyPerPhone(limits),
    count: explainHourlyCount(limits),
  };
  const add = (next: OpenReservation): void => {
    const known = reservations.get(next.name);
    if (known === undefined) {
      reservations.set(next.name, next);
      return;
    }
    known.amount += next.amount;
    known.pointers.push(...next.pointers);
  };
  for (const { payout, amountAt, phoneAt } of payouts) {
    const names = counterNames(payout);
    const base = { amount: payout.amount, expiresAt: payout.created_at + 2 * DAY_MS };
    add({ ...base, name: names.merchant, cap: limits.daily, pointers: [amountAt], explain: explain.merchant });
    add({ ...base, name: names.phone, cap: limits.dailyPerPhone, pointers: [amountAt], explain: explain.phone });
    add({
      ...base,
      name: names.count,
      amount: 1,
      cap: limits.hourlyCountPerPhone,
      pointers: [phoneAt],
      explain: explain.count,
    });
  }
  return [...reservations.values()];
}

const explainDaily = (limits: Limits) => (left: number) =>
  `${kes(limits.daily)} may be sent in a day, and ${kes(left)} of it is left today`;
const explainDailyPerPhone = (limits: Limits) => (left: number) =>
  `${kes(limits.dailyPerPhone)} may be sent to one phone in a day, and ${kes(left)} of it is left today`;
const explainHourlyCount = (limits: Limits) => (left: number) =>
  `${limits.hourlyCountPerPhone} payouts may go to one phone in an hour, and ${left} of them are left this hour`;

/**
 * Statement: takes from the counters what the payouts of this batch need. Past a cap the batch fails with
 * `limit_exceeded`.
 */
export const reserve = (reservations: readonly Reservation[]): Statement =>
  statement(
    "INSERT INTO counters (name, total, cap, expires_at) " +
      "SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(?) WHERE true " +
      "ON CONFLICT (name) DO UPDATE SET total = total + excluded.total, cap = excluded.cap",
    JSON.stringify(reservations.map(({ name, amount, cap, expiresAt }) => [name, amount, cap, expiresAt])),
  );

const selectTotals = (names: readonly string[]): Query<readonly [string, number]> => ({
  sql: "SELECT name, total FROM counters WHERE name IN (SELECT value FROM json_each(?))",
  args: [JSON.stringify(names)],
  map: ([name, total]) => [String(name), Number(total)],
});

/** Which limits the reservations would pass, and how much of each is left. Empty when there is room for all by now. */
export async function exceededLimits(ctx: Context, reservations: readonly Reservation[]): Promise<FieldError[]> {
  const [found] = await rows(ctx.db, selectTotals(reservations.map(({ name }) => name)));
  const totals = new Map(found);
  return reservations.flatMap((reservation) => {
    const left = Math.max(0, reservation.cap - (totals.get(reservation.name) ?? 0));
    if (reservation.amount <= left) return [];
    return reservation.pointers.map((pointer) => ({ pointer, detail: reservation.explain(left) }));
  });
}

/** The 422 for payouts that would pass a limit. */
export function limitExceeded(errors: readonly FieldError[]): Problem {
  const reasons = [...new Set(errors.map(({ detail }) => detail))].slice(0, 3).join("; ");
  const detail = reasons === "" ? "A transaction limit would be exceeded by this request." : `${reasons}.`;
  return new Problem("limit_exceeded", `${detail} Lower the amount, or wait until the limit renews.`, { errors });
}

/**
 * Statements: a payout that certainly did not leave gives back what it took from the counters. One that did leave after
 * all takes it again, also past the cap: what left is never refused, and the next payout sets the cap anew.
 */
export function adjustReserved(payout: Payout, isHeld: boolean): Statement[] {
  const { merchant, phone, count } = counterNames(payout);
  const sql = isHeld
    ? "UPDATE counters SET cap = max(cap, total + ?1), total = total + ?1 WHERE name = ?2"
    : "UPDATE counters SET total = max(0, total - ?1) WHERE name = ?2";
  return [
    statement(sql, payout.amount, merchant),
    statement(sql, payout.amount, phone),
    statement(sql, 1, count),
  ];
}
