import { type Context, requireScope } from "../../context/context.ts";
import { idAt, type IdPrefix } from "../../crypto/ids.ts";
import type { Value } from "../../db/database.ts";
import { type Query, rows } from "../../db/query.ts";
import { formatTime } from "../../http/fields.ts";
import { CLOCK_MARGIN_MS } from "../../http/list-filters.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import { estimateOfPaymentSql, estimateSql } from "./estimate-sql.ts";
import type { getSummary as contract, Summary, SummaryLine } from "./contract.ts";

const DEFAULT_MS = 30 * 86_400_000;
/** Ten years: more is a mistake. */
const LONGEST_MS = 3_660 * 86_400_000;

type By = Summary["by"];
type Table = "payments" | "payouts" | "refunds" | "failures";
type Counted = readonly [key: string, count: number, amount: number, fees: number, reversed: number, estimated: number];

const DAY = "date((t.created_at + 10800000) / 1000, 'unixepoch')";
const HOUR = "strftime('%H', (t.created_at + 10800000) / 1000, 'unixepoch')";
/** What each table is grouped by. */
const KEYS: Readonly<Record<Exclude<Table, "failures">, Readonly<Record<Exclude<By, "failure">, string>>>> = {
  payments: { day: DAY, hour: HOUR, channel: "t.channel", shortcode: "t.shortcode_id", store: "t.shortcode_id" },
  payouts: { day: DAY, hour: HOUR, channel: "'b2c'", shortcode: "t.shortcode_id", store: "t.shortcode_id" },
  refunds: { day: DAY, hour: HOUR, channel: "t.method", shortcode: "t.shortcode_id", store: "t.shortcode_id" },
};

const JOIN_SHORTCODE = "JOIN shortcodes s ON s.id = t.shortcode_id";
const ESTIMATE = {
  payments: `coalesce(sum(${estimateOfPaymentSql("s.tariff", "t.amount", "coalesce(t.paid_at, t.created_at)")}), 0)`,
  payouts: `coalesce(sum(iif(t.destination = 'phone', ${estimateSql("b2c", "t.amount", "t.created_at")}, 0)), 0)`,
} as const;

/** Sums over a time. It reads each row of the time, found by the merchant's index, beside other queries. */
function sumsQuery(table: Table, by: By, merchantId: string, from: number, to: number): Query<Counted> {
  const [prefix, what, key]: readonly [IdPrefix, string, string] = table === "failures"
    ? [
      "chk",
      "coalesce(sum(t.amount), 0), 0, 0, 0 FROM checkouts t JOIN attempts a ON a.checkout_id = t.id",
      "a.failure",
    ]
    : table === "payments"
    ? [
      "pay",
      `sum(t.amount), 0, 0, ${ESTIMATE.payments} FROM payments t ${JOIN_SHORTCODE}`,
      by === "failure" ? "''" : KEYS.payments[by],
    ]
    : table === "payouts"
    ? [
      "pyt",
      `sum(t.amount), coalesce(sum(t.fee), 0), 0, ${ESTIMATE.payouts} FROM payouts t`,
      by === "failure" ? "''" : KEYS.payouts[by],
    ]
    : [
      "rfd",
      "sum(t.amount), 0, sum(iif(t.method = 'reversal', t.amount, 0)), 0 FROM refunds t",
      by === "failure" ? "''" : KEYS.refunds[by],
    ];
  const only = table === "failures"
    ? " AND a.status = 'failed'"
    : table === "payments"
    ? ""
    : " AND t.status = 'succeeded'";
  return {
    sql: `SELECT ${key}, count(*), ${what} WHERE t.merchant_id = ? AND t.id >= ? AND t.id < ? ` +
      `AND t.created_at >= ? AND t.created_at < ?${only} GROUP BY 1`,
    args: [merchantId, idAt(prefix, from - CLOCK_MARGIN_MS), idAt(prefix, to + CLOCK_MARGIN_MS), from, to],
    scan: true,
    map: ([key, ...figures]: readonly Value[]) => [String(key), ...figures.map(Number)] as unknown as Counted, // as selected
  };
}

const none = (): Omit<SummaryLine, "key"> => ({
  payments: { count: 0, amount: 0 },
  payouts: { count: 0, amount: 0 },
  refunds: { count: 0, amount: 0 },
  failures: { count: 0, amount: 0 },
  fees: 0,
  fees_estimated: 0,
  net: 0,
});

function add(
  line: Omit<SummaryLine, "key">,
  table: Table,
  [, count, amount, fees, reversed, estimated]: Counted,
): void {
  line[table].count += count;
  line[table].amount += amount;
  line.fees += fees;
  line.fees_estimated += estimated;
  line.net += (table === "payments" ? amount : table === "payouts" ? -amount : 0) - fees - reversed;
}

/** What a line is called, by what the rows were grouped by. */
async function keyOf(ctx: Context, by: By, grouped: string): Promise<string> {
  if (by !== "shortcode" && by !== "store") return grouped;
  const { number, row } = await ctx.shortcodes.byId(grouped);
  return by === "shortcode" ? number : row.store ?? "";
}

/** Sums and counts of what was created in a time, by day, hour, channel, shortcode, store or failure. Errors: `invalid_query`. */
export async function getSummary(ctx: Context, input: Input<typeof contract>): Promise<Summary> {
  requireScope(ctx, "reports:read");
  const to = input.to ?? ctx.clock.now();
  const from = input.from ?? to - DEFAULT_MS;
  if (from > to || to - from > LONGEST_MS) {
    const detail = from > to ? "must not be before from" : "must be at most ten years after from";
    throw new Problem("invalid_query", `to: ${detail}.`, { errors: [{ pointer: "to", detail }] });
  }
  const tables: readonly Table[] = input.by === "failure" ? ["failures"] : ["payments", "payouts", "refunds"];
  const found = await rows(
    ctx.db,
    ...tables.map((table) => sumsQuery(table, input.by, ctx.merchantId, from, to)),
  );
  const lines = new Map<string, Omit<SummaryLine, "key">>();
  const total = none();
  for (const [i, table] of tables.entries()) {
    for (const counted of found[i] ?? []) {
      const key = await keyOf(ctx, input.by, counted[0]);
      const line = lines.get(key) ?? none();
      lines.set(key, line);
      add(line, table, counted);
      add(total, table, counted);
    }
  }
  const data = [...lines].map(([key, line]) => ({ key, ...line })).sort((a, b) => a.key < b.key ? -1 : 1);
  return { from: formatTime(from), to: formatTime(to), by: input.by, data, total };
}
