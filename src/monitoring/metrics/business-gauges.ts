import type { Clock } from "../../platform/ports.ts";
import type { Database, Statement, Value } from "../../db/database.ts";
import { idAt } from "../../crypto/ids.ts";

const HOUR_MS = 3_600_000;

/** One gauge: its lines are `name{labels} value`. */
interface Gauge {
  readonly name: string;
  readonly help: string;
  /** The names of the columns before the value. */
  readonly labels: readonly string[];
  statement(now: number): Statement;
}

const query = (sql: string, ...args: Value[]): Statement => ({ sql, args });

/** Rows of a table in a state, over all merchants: each merchant's part is read from its index. */
const perMerchant = (table: string, status: string, value: string): string =>
  `SELECT ${value} FROM merchants JOIN ${table} ON ${table}.merchant_id = merchants.id AND ${table}.status = '${status}'`;

const ageOf = (table: string) => `coalesce((?1 - min(${table}.created_at)) / 1000.0, 0)`;

const count = (name: string, help: string, table: string, status: string): Gauge => ({
  name,
  help,
  labels: [],
  statement: () => query(perMerchant(table, status, "count(*)")),
});

const oldest = (name: string, help: string, table: string, status: string): Gauge => ({
  name,
  help,
  labels: [],
  statement: (now) => query(perMerchant(table, status, ageOf(table)), now),
});

/** Times from the prompt to its end, of prompts of the last hour. */
const SETTLED =
  "SELECT (ended_at - created_at) / 1000.0 AS seconds, row_number() OVER (ORDER BY ended_at - created_at) " +
  "AS place, count(*) OVER () AS total FROM attempts WHERE id > ?1 AND status = 'succeeded'";

/** What only the database knows, since many processes work on it. Read when somebody asks for the metrics. */
export const gauges: readonly Gauge[] = [
  {
    name: "malipo_jobs_queued",
    help: "Jobs that wait, by kind.",
    labels: ["kind"],
    statement: () => query("SELECT kind, count(*) FROM jobs WHERE status = 'queued' GROUP BY kind"),
  },
  {
    name: "malipo_jobs_overdue_seconds",
    help: "How long the oldest job that is due has waited, by kind.",
    labels: ["kind"],
    statement: (now) =>
      query(
        "SELECT kind, max(0, (?1 - min(run_at)) / 1000.0) FROM jobs WHERE status = 'queued' GROUP BY kind",
        now,
      ),
  },
  {
    name: "malipo_jobs_dead",
    help: "Jobs that were given up, by kind. A person has to look at them.",
    labels: ["kind"],
    statement: () => query("SELECT kind, count(*) FROM jobs WHERE status = 'dead' GROUP BY kind"),
  },
  count("malipo_payouts_in_doubt", "Payouts of which nobody knows yet whether they left.", "payouts", "in_doubt"),
  oldest("malipo_payouts_in_doubt_seconds", "The age of the oldest payout in doubt.", "payouts", "in_doubt"),
  count("malipo_payouts_awaiting_approval", "Payouts that wait for a second person.", "payouts", "awaiting_approval"),
  count("malipo_refunds_in_doubt", "Refunds of which nobody knows yet whether they left.", "refunds", "in_doubt"),
  count("malipo_checkouts_in_review", "Checkouts that a person has to look at.", "checkouts", "review"),
  oldest("malipo_checkouts_in_review_seconds", "The age of the oldest checkout in review.", "checkouts", "review"),
  count("malipo_payments_unmatched", "Payments that belong to no checkout yet.", "payments", "unmatched"),
  oldest("malipo_payments_unmatched_seconds", "The age of the oldest unmatched payment.", "payments", "unmatched"),
  {
    name: "malipo_balance_cents",
    help: "The last balance that M-Pesa told, by shortcode and account.",
    labels: ["shortcode", "account"],
    statement: () =>
      query(
        "SELECT number, account, CASE account WHEN 'utility' THEN utility ELSE working END AS cents FROM " +
          "(SELECT s.number, b.utility, b.working FROM shortcodes s JOIN balances b " +
          "ON b.id = (SELECT max(id) FROM balances WHERE shortcode_id = s.id)) " +
          "JOIN (SELECT 'utility' AS account UNION ALL SELECT 'working') WHERE cents IS NOT NULL",
      ),
  },
  {
    name: "malipo_alerts_firing",
    help: "Alerts that are firing, by rule.",
    labels: ["rule"],
    statement: () => query("SELECT rule, count(*) FROM alerts WHERE status = 'firing' GROUP BY rule"),
  },
  {
    name: "malipo_webhooks_pending",
    help: "Deliveries that wait, by endpoint.",
    labels: ["endpoint"],
    statement: () =>
      query(
        "SELECT e.id, count(d.id) FROM webhook_endpoints e JOIN deliveries d ON d.endpoint_id = e.id " +
          "AND d.status = 'pending' GROUP BY e.id",
      ),
  },
  {
    name: "malipo_webhooks_lag_seconds",
    help: "The age of the oldest delivery that waits, by endpoint.",
    labels: ["endpoint"],
    statement: (now) =>
      query(
        "SELECT e.id, (?1 - min(d.created_at)) / 1000.0 FROM webhook_endpoints e JOIN deliveries d " +
          "ON d.endpoint_id = e.id AND d.status = 'pending' GROUP BY e.id",
        now,
      ),
  },
  {
    name: "malipo_prompt_to_settlement_seconds",
    help: "From a prompt to its settlement, over prompts of the last hour, by quantile.",
    labels: ["quantile"],
    statement: (now) =>
      query(
        `SELECT quantile, min(seconds) FROM (${SETTLED}) JOIN (SELECT 0.5 AS quantile UNION ALL SELECT 0.95) ` +
          "ON place >= quantile * total GROUP BY quantile",
        idAt("att", now - HOUR_MS),
      ),
  },
];

/** The gauges as Prometheus text. All are read in one snapshot. */
export async function readGauges(db: Database, clock: Clock): Promise<string> {
  const now = clock.now();
  const results = await db.read(gauges.map((gauge) => ({ ...gauge.statement(now), scan: true as const })));
  const lines = gauges.flatMap(({ name, help, labels }, i) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...(results[i]?.rows ?? []).map((row) => {
      const named = labels.map((label, at) => `${label}="${escape(String(row[at]))}"`).join(",");
      return `${name}${named === "" ? "" : `{${named}}`} ${Number(row[labels.length] ?? 0)}`;
    }),
  ]);
  return `${lines.join("\n")}\n`;
}

const escape = (text: string): string => text.replaceAll(/["\\\n]/g, (char) => char === "\n" ? "\\n" : `\\${char}`);
