import type { Config } from "../../config/config.ts";
import { sha256 } from "../../crypto/hash.ts";
import { formatTime } from "../../http/fields.ts";
import type { Finding } from "./decide.ts";
import { type Rule, type RuleName, rules, runbookOf } from "./rules.ts";

/** An alert as messages and events name it. It holds no personal data. */
export interface Alert {
  readonly rule: string;
  readonly status: "firing" | "resolved";
  readonly severity: Rule["severity"];
  readonly merchant: string | null;
  readonly subject: string;
  readonly value: number;
  readonly unit: string;
  readonly summary: string;
  /** The same for this subject; null where the number says it all. */
  readonly detail: string | null;
  readonly runbook_url: string;
  readonly since: string;
  readonly resolved_at: string | null;
}

/** What one message tells: alerts, or the digest of a day. */
export type MessageBody =
  | { readonly kind: "alerts"; readonly alerts: readonly Alert[] }
  | { readonly kind: "digest"; readonly day: string; readonly at: string; readonly lines: readonly string[] };

/** An alert of a rule. `since` and `resolvedAt` in ms since the epoch; null: it is firing. */
export function alertOf(
  config: Config,
  finding: Finding,
  since: number,
  resolvedAt: number | null,
): Alert {
  const name = finding.rule as RuleName; // only rules are stored
  const { severity, summary, unit } = rules[name];
  return {
    rule: name,
    status: resolvedAt === null ? "firing" : "resolved",
    severity,
    merchant: finding.merchantId,
    subject: finding.subject,
    value: finding.value,
    unit,
    summary,
    detail: finding.detail ?? null,
    runbook_url: runbookOf(name, config.alerts),
    since: formatTime(since),
    resolved_at: resolvedAt === null ? null : formatTime(resolvedAt),
  };
}

const FIRING_END = "0001-01-01T00:00:00Z"; // Alertmanager's word for "not ended"

/** `MalipoNoCallbacks` for `no_callbacks`: the same as in ops/prometheus-rules.yaml. */
export const alertName = (rule: string): string =>
  `Malipo${rule.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}`;

const lineOf = ({ summary, detail, subject, value, unit }: Alert): string =>
  `${summary} (${subject}: ${detail ?? `${value} ${unit}`})`;

/** The message as Alertmanager's webhook, version 4. */
export function toAlertmanager(body: MessageBody, publicUrl: string): unknown {
  const alerts = body.kind === "digest" ? [digestAlert(body)] : body.alerts.map((alert) => ({
    status: alert.status,
    labels: {
      alertname: alertName(alert.rule),
      service: "malipo",
      rule: alert.rule,
      severity: alert.severity,
      subject: alert.subject,
      ...(alert.merchant === null ? {} : { merchant: alert.merchant }),
    },
    annotations: { summary: alert.summary, description: lineOf(alert), runbook_url: alert.runbook_url },
    startsAt: alert.since,
    endsAt: alert.resolved_at ?? FIRING_END,
  }));
  return {
    version: "4",
    groupKey: '{}:{service="malipo"}',
    truncatedAlerts: 0,
    status: alerts.some(({ status }) => status === "firing") ? "firing" : "resolved",
    receiver: "malipo",
    groupLabels: {},
    commonLabels: { service: "malipo" },
    commonAnnotations: {},
    externalURL: publicUrl,
    alerts: alerts.map((alert) => ({
      ...alert,
      generatorURL: `${publicUrl}/status`,
      fingerprint: sha256(JSON.stringify(alert.labels)).toHex().slice(0, 16),
    })),
  };
}

function digestAlert({ day, at, lines }: Extract<MessageBody, { kind: "digest" }>) {
  return {
    status: "firing",
    labels: { alertname: "MalipoDailyDigest", service: "malipo", rule: "daily_digest", severity: "info", subject: day },
    annotations: { summary: `The day ${day} in Nairobi`, description: lines.join("\n"), runbook_url: "" },
    startsAt: at,
    endsAt: at,
  };
}

/** The message as plain text: its first line, and the rest. */
export function toText(body: MessageBody): { readonly subject: string; readonly text: string } {
  if (body.kind === "digest") return { subject: `Malipo on ${body.day}`, text: body.lines.join("\n") };
  const firing = body.alerts.filter(({ status }) => status === "firing").length;
  const counts = [[firing, "firing"], [body.alerts.length - firing, "resolved"]] as const;
  const subject = counts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`).join(", ");
  const text = body.alerts.map((alert) =>
    [
      `${alert.status.toUpperCase()} ${alert.severity} ${alert.rule}: ${lineOf(alert)}`,
      `since ${alert.since}${alert.resolved_at === null ? "" : `, until ${alert.resolved_at}`}`,
      `what to do: ${alert.runbook_url}`,
    ].join("\n")
  );
  return { subject: `Malipo: ${subject}`, text: text.join("\n\n") };
}

/** The message for an incoming webhook of Slack. */
export function toSlack(body: MessageBody): unknown {
  const { subject, text } = toText(body);
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"); // Slack's own rule
  return { text: `*${subject}*\n${escaped}` };
}
