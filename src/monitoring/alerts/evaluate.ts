import type { Fields, Services } from "../../context/context.ts";
import type { Job, JobOutcome } from "../../context/jobs.ts";
import type { Statement } from "../../db/database.ts";
import { insert, type Query, rows, select, statement } from "../../db/query.ts";
import { alertRuns, alerts } from "../../db/schema.ts";
import { event } from "../../db/trail.ts";
import { decide, type Finding, type Firing } from "./decide.ts";
import { digestStatements } from "./digest.ts";
import { measureExpiry } from "./measure.ts";
import { alertOf } from "./message.ts";
import { countHour } from "./prompt-hours.ts";
import { type RuleName, ruleNames, rules } from "./rules.ts";
import { messageStatements } from "./send.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** More of one rule would be one cause, and no message could be read. */
const MOST_OF_ONE_RULE = 100;

const selectRuns = select(alertRuns, "WHERE name IN ('rules', 'expiry', 'hour', 'digest')");
const selectFiring = select(alerts, "WHERE status = 'firing' ORDER BY rule, subject");
const upsertAlert = insert(
  alerts,
  "ON CONFLICT (rule, subject) DO UPDATE SET merchant_id = excluded.merchant_id, status = excluded.status, " +
    "value = excluded.value, since = excluded.since, sent_at = excluded.sent_at, resolved_at = excluded.resolved_at",
);
const markRun = (name: string, at: number): Statement =>
  statement(
    "INSERT INTO alert_runs (name, at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET at = excluded.at",
    name,
    at,
  );

const spacingMs = ({ config }: Pick<Services, "config">): number => MINUTE_MS * Math.min(1, config.plans.scale);

/** The sweep calls this. It schedules the evaluation once a minute. */
export async function scheduleAlerts(services: Services): Promise<void> {
  const now = services.clock.now();
  if (now - services.sweepState.alertsScheduledAt < spacingMs(services) / 2) return;
  await services.db.write([services.jobs.schedule("alerts", "all", null, now)]);
  services.sweepState.alertsScheduledAt = now;
  services.jobs.wake(now);
}

/**
 * The job: evaluates the rules and stores what changed, with events and messages, in one batch. The batch is fenced by the
 * job's lease, so of many processes one stores it, and each alert is told once. A second job of the same minute does
 * nothing. Rules that need an hour's count or a decryption run once an hour.
 */
export async function runAlertsJob(services: Services, job: Job, note: (fields: Fields) => void): Promise<JobOutcome> {
  const now = services.clock.now();
  const [runs] = await rows(services.db, selectRuns());
  const lastRun = (name: string): number => runs.find((run) => run.name === name)?.at ?? 0;
  if (now - lastRun("rules") < spacingMs(services) / 2 && now >= lastRun("rules")) return "finished";
  const hour = await countHour(services, lastRun("hour"));
  if (hour !== null) await services.db.write([...hour.statements, markRun("hour", hour.hour)]);
  const digest = await digestStatements(services, lastRun("digest"));
  if (digest !== null) await services.db.write([...digest.statements, markRun("digest", digest.at)]);

  const measured = now - lastRun("expiry") >= HOUR_MS ? await measureExpiry(services) : null;
  const [found, firing] = await evaluate(services, now);
  const unread = new Set<string>(measured === null ? ["expiry"] : []);
  const all = [...found, ...measured ?? []];
  const decision = decide(all, firing, unread, now, services.config.alerts.repeatMs);
  await services.db.write([
    markRun("rules", now),
    ...(measured === null ? [] : [markRun("expiry", now)]),
    ...changes(services, job, decision, now),
  ]);
  services.jobs.wake(now);
  for (const { rule, subject, value } of decision.fired) {
    services.log.write("alert", "alert_firing", { rule, subject, value });
  }
  for (const { rule, subject } of decision.resolved) services.log.write("info", "alert_resolved", { rule, subject });
  note({ fired: decision.fired.length, resolved: decision.resolved.length, firing: all.length });
  return "finished";
}

/** What the rules answer, and what is firing, in one snapshot. */
async function evaluate(services: Services, now: number): Promise<[Finding[], Firing[]]> {
  const asked = ruleNames.flatMap((name) => {
    const make: ((typeof rules)[RuleName])["statement"] = rules[name].statement;
    if (make === null) return [];
    const { sql, args, ...how } = make(now, services.config.alerts);
    const read: Query<Finding> = {
      sql: `SELECT * FROM (${sql}) LIMIT ${MOST_OF_ONE_RULE}`,
      args,
      ...how,
      map: ([merchant, subject, value, detail]) => ({
        rule: name,
        merchantId: merchant === null ? null : String(merchant),
        subject: String(subject),
        value: Math.round(Number(value)),
        detail: typeof detail === "string" ? detail : null,
      }),
    };
    return [read];
  });
  const firing: Query<Firing> = {
    ...selectFiring(),
    map: (row) => {
      const alert = selectFiring().map(row);
      return {
        rule: alert.rule,
        merchantId: alert.merchant_id,
        subject: alert.subject,
        value: alert.value,
        since: alert.since,
        sentAt: alert.sent_at,
      };
    },
  };
  const results = await services.db.read([firing, ...asked]);
  const [before, ...answers] = results;
  return [
    answers.flatMap((answer, i) => answer.rows.map((row) => (asked[i] as Query<Finding>).map(row))),
    (before?.rows ?? []).map(firing.map).filter(({ rule }) => Object.hasOwn(rules, rule)),
  ];
}

function changes(
  services: Services,
  job: Job,
  { fired, repeated, resolved }: ReturnType<typeof decide>,
  now: number,
): Statement[] {
  const { config, clock } = services;
  const store = (finding: Finding, since: number, resolvedAt: number | null) =>
    upsertAlert({
      rule: finding.rule,
      subject: finding.subject,
      merchant_id: finding.merchantId,
      status: resolvedAt === null ? "firing" : "resolved",
      value: finding.value,
      since,
      sent_at: now,
      resolved_at: resolvedAt,
    });
  const tell = (type: "alert.firing" | "alert.resolved", finding: Finding, since: number): Statement[] => {
    if (finding.merchantId === null) return []; // what concerns the service is not told to merchants
    const author = { merchantId: finding.merchantId, actor: "system", requestId: job.id, clock };
    const data = alertOf(config, finding, since, type === "alert.firing" ? null : now);
    return [event(author, type, finding.subject, { ...data })];
  };
  const told = [
    ...fired.map((one) => alertOf(config, one, now, null)),
    ...repeated.map((one) => alertOf(config, one, one.since, null)),
    ...resolved.map((one) => alertOf(config, one, one.since, now)),
  ];
  return [
    ...fired.flatMap((one) => [store(one, now, null), ...tell("alert.firing", one, now)]),
    ...repeated.map((one) => store(one, one.since, null)),
    ...resolved.flatMap((one) => [store(one, one.since, now), ...tell("alert.resolved", one, one.since)]),
    ...(told.length === 0 ? [] : messageStatements(services, { kind: "alerts", alerts: told })),
  ];
}
