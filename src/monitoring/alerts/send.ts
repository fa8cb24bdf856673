import type { Services } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, select, statement } from "../../db/query.ts";
import { alertMessages } from "../../db/schema.ts";
import { OutboundError } from "../../platform/ports.ts";
import { type MessageBody, toAlertmanager, toSlack, toText } from "./message.ts";

export type Channel = "webhook" | "email";

const TIMEOUT_MS = 10_000;
const insertMessage = insert(alertMessages);
const selectOldest = select(alertMessages, "WHERE channel = ? ORDER BY id LIMIT 1");

/** The ways on which alerts leave, as configured. */
export const channelsOf = ({ config, mailer }: Pick<Services, "config" | "mailer">): readonly Channel[] => [
  ...(config.alerts.webhook === null ? [] : ["webhook" as const]),
  ...(config.alerts.email === null || mailer === null ? [] : ["email" as const]),
];

/** Statements: stores a message for each channel, and the job that sends it. Wake the jobs after the commit. */
export function messageStatements(services: Services, body: MessageBody): Statement[] {
  const now = services.clock.now();
  return channelsOf(services).flatMap((channel) => [
    insertMessage({ id: newId("alm"), channel, body, created_at: now }),
    services.jobs.schedule("alert_message", channel, null, now),
  ]);
}

/**
 * The job of one channel. Each run sends its oldest message and deletes it. A message that fails is tried again by the
 * backoff of jobs, before those that came later; one that was sent while the process died is sent twice. Errors: an
 * `Error` that names no address, because the address of a webhook may be its secret.
 */
export async function sendAlertMessages(services: Services, subject: string): Promise<JobOutcome> {
  const message = await first(services.db, selectOldest(subject));
  if (message === null) return "finished";
  const body = message.body as MessageBody; // only messageStatements stores it
  await (subject === "email" ? sendMail(services, body) : postAlert(services, body));
  await services.db.write([statement("DELETE FROM alert_messages WHERE id = ?", message.id)]);
  return await first(services.db, selectOldest(subject)) === null ? "finished" : { runAt: services.clock.now() };
}

async function sendMail({ config, mailer }: Services, body: MessageBody): Promise<void> {
  if (config.alerts.email === null || mailer === null) throw new Error("SMTP_URL is not set any more");
  const { from, to } = config.alerts.email;
  await mailer.send({ from, to, ...toText(body) });
}

async function postAlert({ config, outbound }: Services, body: MessageBody): Promise<void> {
  if (config.alerts.webhook === null) throw new Error("ALERT_URL is not set any more");
  const { url: address, format } = config.alerts.webhook;
  const url = new URL(address);
  const content = format === "slack" ? toSlack(body) : toAlertmanager(body, config.server.publicUrl);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), TIMEOUT_MS);
  try {
    const addresses = /^[\d.]+$|^\[/.test(url.hostname)
      ? [url.hostname.replace(/^\[|\]$/g, "")]
      : await outbound.resolve(url.hostname);
    const headers = { "content-type": "application/json", "user-agent": "Malipo-Alerts" };
    const [first] = addresses; // the names of receivers have one address, or several of one host
    if (first === undefined) throw new OutboundError("name_not_found", "the name has no address");
    const { status } = await outbound.post({
      url,
      address: first,
      headers,
      body: JSON.stringify(content),
      answerBytes: 1_024,
      signal: deadline.signal,
    });
    if (status < 200 || status > 299) throw new Error(`the receiver of alerts answered ${status}`);
  } catch (error) {
    throw error instanceof OutboundError ? new Error(`the receiver of alerts was not reached (${error.code})`) : error;
  } finally {
    clearTimeout(timer);
  }
}
