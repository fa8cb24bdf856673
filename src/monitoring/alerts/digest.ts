import type { Services } from "../../context/context.ts";
import { idAt } from "../../crypto/ids.ts";
import { nairobiDay } from "../../daraja/time.ts";
import type { Statement } from "../../db/database.ts";
import { type Query, rows } from "../../db/query.ts";
import { formatTime } from "../../http/fields.ts";
import { messageStatements } from "./send.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 07:00 in Nairobi, from the beginning of its day. */
const DIGEST_MS = 7 * HOUR_MS;
const MOST_MERCHANTS = 200;

interface DigestRow {
  readonly name: string;
  readonly takings: number;
  readonly payments: number;
  readonly prompts: number;
  readonly settled: number;
  readonly float: number | null;
  readonly review: number;
  readonly inDoubt: number;
  readonly unmatched: number;
  readonly approval: number;
}

const countOf = (table: string, status: string) =>
  `(SELECT count(*) FROM ${table} t WHERE t.merchant_id = m.id AND t.status = '${status}')`;
const ofDay = (what: string) =>
  `(SELECT ${what} FROM payments p WHERE p.merchant_id = m.id AND p.id > ?3 AND p.created_at >= ?1 AND p.created_at < ?2)`;
const ofHours = (what: string) =>
  `(SELECT coalesce(sum(${what}), 0) FROM prompt_hours h WHERE h.hour >= ?1 AND h.hour < ?2 AND h.merchant_id = m.id)`;
const FLOAT = "(SELECT sum(b.utility) FROM shortcodes s CROSS JOIN balances b " +
  "ON b.id = (SELECT max(id) FROM balances WHERE shortcode_id = s.id) WHERE s.merchant_id = m.id)";

const DIGEST =
  `SELECT m.name, ${ofDay("coalesce(sum(amount - amount_taken_back), 0)")}, ${ofDay("count(*)")}, ${
    ofHours("prompts")
  }, ` +
  `${ofHours("settled")}, ${FLOAT}, ${countOf("checkouts", "review")}, ${countOf("payouts", "in_doubt")} + ` +
  `${countOf("refunds", "in_doubt")}, ${countOf("payments", "unmatched")}, ${
    countOf("payouts", "awaiting_approval")
  } ` +
  `FROM merchants m WHERE m.status = 'active' ORDER BY m.id LIMIT ${MOST_MERCHANTS}`;

const selectDigest = (from: number, to: number): Query<DigestRow> => ({
  sql: DIGEST,
  args: [from, to, idAt("pay", from)],
  scan: true,
  map: ([name, takings, payments, prompts, settled, float, review, inDoubt, unmatched, approval]) => ({
    name: String(name),
    takings: Number(takings),
    payments: Number(payments),
    prompts: Number(prompts),
    settled: Number(settled),
    float: float === null || float === undefined ? null : Number(float),
    review: Number(review),
    inDoubt: Number(inDoubt),
    unmatched: Number(unmatched),
    approval: Number(approval),
  }),
});

const shillings = new Intl.NumberFormat("en-KE", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const kes = (cents: number): string => `KES ${shillings.format(cents / 100)}`;

/** What a person has to do for a merchant, as numbers; no personal data. */
function lineOf(row: DigestRow): string {
  const waiting = [
    [row.review, "in review"],
    [row.inDoubt, "in doubt"],
    [row.unmatched, "unmatched"],
    [row.approval, "to approve"],
  ] as const;
  const people = waiting.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`).join(", ");
  const share = row.prompts === 0
    ? "no prompts"
    : `${Math.round(100 * row.settled / row.prompts)} % of ${row.prompts} prompts paid`;
  const float = row.float === null ? "float unknown" : `float ${kes(row.float)}`;
  const needs = people === "" ? "nothing needs a person" : `needs a person: ${people}`;
  return `${row.name}: ${kes(row.takings)} in ${row.payments} payments; ${share}; ${float}; ${needs}.`;
}

/**
 * The digest of yesterday, from 07:00 in Nairobi on, if `last` (ms) is not of today. Its statements store the messages;
 * `at` marks it as done. Null: it is not due.
 */
export async function digestStatements(
  services: Services,
  last: number,
): Promise<{ readonly at: number; readonly statements: readonly Statement[] } | null> {
  const now = services.clock.now();
  const day = nairobiDay(now);
  const begin = Date.parse(`${day}T00:00:00+03:00`);
  if (now < begin + DIGEST_MS || last >= begin + DIGEST_MS) return null;
  const [found] = await rows(services.db, selectDigest(begin - DAY_MS, begin));
  const body = {
    kind: "digest",
    day: nairobiDay(begin - DAY_MS),
    at: formatTime(now),
    lines: found.length === 0 ? ["There is no merchant yet."] : found.map(lineOf),
  } as const;
  return { at: now, statements: messageStatements(services, body) };
}
