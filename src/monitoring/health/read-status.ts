import { type Context, requireScope } from "../../context/context.ts";
import { idAt } from "../../crypto/ids.ts";
import type { Database } from "../../db/database.ts";
import { type Query, rows } from "../../db/query.ts";
import { formatTime } from "../../http/fields.ts";
import { type Row, selectCalls, type State, stateOf, sum } from "./calls.ts";
import type { StatusView } from "./contract.ts";

const MINUTE_MS = 60_000;
const WINDOWS = [5, 60] as const;
const MOST_PROMPTS = 5_000;

const selectSettled = (merchantId: string, since: number): Query<{ number: string; at: number }> => ({
  sql: `SELECT coalesce(s.store_number, s.number), a.created_at FROM (SELECT checkout_id, created_at FROM attempts ` +
    `WHERE id > ?1 AND created_at > ?2 AND status = 'succeeded' ORDER BY id DESC LIMIT ${MOST_PROMPTS}) a CROSS JOIN checkouts c ` +
    "ON c.id = a.checkout_id CROSS JOIN shortcodes s ON s.id = c.shortcode_id WHERE c.merchant_id = ?3",
  args: [idAt("att", since), since, merchantId],
  map: ([number, at]) => ({ number: String(number), at: Number(at) }),
});

/** The median time (ms) of answers; null without one. */
export function medianMs(found: readonly Row[]): number | null {
  const answered = found.filter(({ outcome }) => outcome !== "failed").toSorted((a, b) => a.ms - b.ms);
  let left = sum(answered) / 2;
  return answered.find(({ count }) => (left -= count) <= 0)?.ms ?? null;
}

/** How Daraja answers for the shortcodes of the caller's merchant. Errors: `insufficient_scope`. */
export async function readStatus(ctx: Context): Promise<StatusView> {
  requireScope(ctx, "checkouts:read");
  const now = ctx.clock.now();
  const own = await ctx.shortcodes.ofMerchant(ctx.merchantId);
  const named = new Map(own.flatMap(({ number, storeNumber }) => [[storeNumber ?? number, number], [number, number]]));
  const since = now - 61 * MINUTE_MS;
  const [calls, settled] = await rows(ctx.db, selectCalls(since), selectSettled(ctx.merchantId, since));
  const keys = new Set(
    calls.filter(({ shortcode }) => named.has(shortcode)).map((c) => `${c.operation} ${c.shortcode}`),
  );
  return {
    status: stateOf(calls.filter((c) => c.operation === "stk_push" && c.minute > now - 6 * MINUTE_MS)),
    measured_at: formatTime(now),
    operations: [...keys].toSorted().flatMap((key) =>
      WINDOWS.map((minutes) => {
        const from = now - (minutes + 1) * MINUTE_MS; // the minute that has begun counts whole
        const found = calls.filter((c) => c.minute > from && `${c.operation} ${c.shortcode}` === key);
        const [operation = "", shortcode = ""] = key.split(" ");
        return {
          operation,
          shortcode: named.get(shortcode) ?? shortcode,
          minutes,
          calls: sum(found),
          answered: sum(found.filter(({ outcome }) => outcome !== "failed")),
          accepted: sum(found.filter(({ outcome }) => outcome === "accepted")),
          settled: operation === "stk_push"
            ? settled.filter(({ number, at }) => number === shortcode && at > from).length
            : null,
          median_ms: medianMs(found),
        };
      })
    ),
  };
}

/** What the public page shows: the state of each operation and its median time (ms). No figure of a merchant. */
export interface PublicStatus {
  readonly operations: readonly {
    readonly operation: string;
    readonly state: State;
    readonly medianMs: number | null;
  }[];
  readonly measuredAt: string;
}

/** How Daraja answered in the last 5 minutes, over all shortcodes. */
export async function readPublicStatus(db: Database, now: number): Promise<PublicStatus> {
  const [calls] = await rows(db, selectCalls(now - 6 * MINUTE_MS));
  const names = new Set(["stk_push", ...calls.map(({ operation }) => operation)]);
  return {
    measuredAt: formatTime(now),
    operations: [...names].toSorted().map((operation) => {
      const found = calls.filter((call) => call.operation === operation);
      const state = stateOf(found);
      return { operation, state, medianMs: state === "no_data" ? null : medianMs(found) };
    }),
  };
}

/** How prompts of a shortcode went in one minute. `slow`: half of the answers took 5 s or more; `none`: nothing was asked. */
export interface MinuteState {
  readonly shortcode: string;
  /** ms since the epoch. */
  readonly minute: number;
  readonly state: "ok" | "slow" | "failing" | "none";
}

const CELLS = 60;
const SLOW_MS = 5_000;

/** The last 60 minutes of each shortcode of the caller's merchant, oldest first. Errors: `insufficient_scope`. */
export async function readMinutes(ctx: Context): Promise<MinuteState[]> {
  requireScope(ctx, "checkouts:read");
  const last = Math.floor(ctx.clock.now() / MINUTE_MS) * MINUTE_MS;
  const first = last - (CELLS - 1) * MINUTE_MS;
  const own = await ctx.shortcodes.ofMerchant(ctx.merchantId);
  const [calls] = await rows(ctx.db, selectCalls(first - 1));
  return own.flatMap(({ number, storeNumber }) => {
    const prompts = calls.filter(({ operation, shortcode }) =>
      operation === "stk_push" && (shortcode === number || shortcode === storeNumber)
    );
    return Array.from({ length: CELLS }, (_, i) => {
      const minute = first + i * MINUTE_MS;
      return { shortcode: number, minute, state: minuteState(prompts.filter((call) => call.minute === minute)) };
    });
  });
}

function minuteState(found: readonly Row[]): MinuteState["state"] {
  const all = sum(found);
  if (all === 0) return "none";
  if (sum(found.filter(({ outcome }) => outcome === "failed")) * 2 >= all) return "failing";
  return (medianMs(found) ?? 0) >= SLOW_MS ? "slow" : "ok";
}
