import assert from "node:assert/strict";
import { createDenoMailer } from "../../src/platform/deno.ts";
import { certificateExpiry } from "../../src/daraja/certificate.ts";
import { decide } from "../../src/monitoring/alerts/decide.ts";
import { createCheckout } from "../support/checkouts.ts";
import { inProcess } from "../support/in-process.ts";
import { paidCheckout, payPaybill } from "../support/money.ts";
import { anotherProcess } from "../jobs/stalled-process.ts";
import { ALERT_URL, AlertRun, alertRun } from "./alert-run.ts";
import { SmtpSink } from "./smtp-sink.ts";
import { FakeNetwork } from "../webhooks/fake-network.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

async function unmatched(it: AlertRun): Promise<void> {
  await payPaybill(it.run);
  it.run.time.skip(25 * HOUR_MS);
  await it.evaluate();
}

const alerts = (it: AlertRun) =>
  it.network.received.filter(({ json }) => json.alerts?.[0]?.labels.rule === "unmatched");

Deno.test("a message is Alertmanager's webhook, version 4, with a link to the section of the runbook", () =>
  alertRun(async (it) => {
    await unmatched(it);
    const { url, json, headers } = alerts(it)[0] ?? assert.fail("nothing was sent");
    assert.deepEqual([url, headers["content-type"]], [ALERT_URL, "application/json"]);
    assert.deepEqual([json.version, json.status, json.receiver, json.truncatedAlerts], ["4", "firing", "malipo", 0]);
    const [{ status, labels, annotations, startsAt, endsAt, fingerprint }] = json.alerts;
    assert.deepEqual([status, labels.alertname, labels.severity], ["firing", "MalipoUnmatched", "warning"]);
    assert.equal(annotations.runbook_url, "https://wiki.example.com/operations#unmatched");
    assert.match(startsAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.equal(endsAt, "0001-01-01T00:00:00Z");
    assert.match(fingerprint, /^[0-9a-f]{16}$/);
    assert.doesNotMatch(JSON.stringify(json), /2547|0712/);
  }, { env: { ALERT_RUNBOOK_URL: "https://wiki.example.com/operations" } }));

Deno.test("where ALERT_FORMAT is slack, a message is one text", () =>
  alertRun(async (it) => {
    await unmatched(it);
    const { json } = it.network.received.find(({ body }) => body.includes("FIRING")) ?? assert.fail("not sent");
    assert.deepEqual(Object.keys(json), ["text"]);
    assert.match(json.text, /^\*Malipo: 1 firing\*\nFIRING warning unmatched: .*docs\/operations\.md#unmatched$/s);
  }, { env: { ALERT_FORMAT: "slack" } }));

Deno.test("a receiver that fails is tried again by the backoff of jobs, and then gets the messages in their order", () =>
  alertRun(async (it) => {
    it.network.reply = () => ({ status: 500 });
    await unmatched(it);
    assert.ok(it.run.logged("job_failed").some(({ fields }) => fields.kind === "alert_message"));
    const failed = it.network.received.length;
    it.network.reply = () => ({ status: 200 });
    await it.run.pass(5 * MINUTE_MS);
    assert.ok(it.network.received.length > failed);
    assert.equal(await it.run.count("alert_messages"), 0);
    const lines = JSON.stringify(it.run.lines);
    assert.ok(!lines.includes("/hook"), "the address of the receiver may be a secret, and is not logged");
  }));

Deno.test("an alert is sent again after ALERT_REPEAT_MINUTES while it is firing, and not before", () =>
  alertRun(async (it) => {
    await unmatched(it);
    it.run.time.skip(25 * MINUTE_MS);
    await it.evaluate();
    assert.deepEqual(it.told("unmatched"), ["firing"]);
    it.run.time.skip(10 * MINUTE_MS);
    await it.evaluate();
    assert.deepEqual(it.told("unmatched"), ["firing", "firing"]);
    assert.equal((await it.events("alert.firing")).length, 1, "the event of a merchant does not repeat");
  }, { env: { ALERT_REPEAT_MINUTES: "30" } }));

Deno.test("of many processes one tells an alert, once", () =>
  alertRun(async (it) => {
    const others = await Promise.all([1, 2, 3].map(() => anotherProcess(it.run, it.network)));
    await payPaybill(it.run);
    it.run.time.skip(25 * HOUR_MS);
    const now = it.run.time.now();
    await it.run.db.write([it.run.services.jobs.schedule("alerts", "all", null, now)]);
    const all = [it.run.services, ...others];
    await Promise.all(all.map(async ({ jobs }) => {
      jobs.claimNow();
      await jobs.idle();
    }));
    await it.evaluate();
    assert.deepEqual(it.told("unmatched"), ["firing"]);
    assert.equal((await it.events("alert.firing")).length, 1);
    await Promise.all(others.map(({ jobs }) => jobs.stop(1_000)));
  }));

Deno.test("without a receiver the rules are evaluated all the same, for the events and the log", () =>
  inProcess(async (run) => {
    const it = new AlertRun(run, new FakeNetwork());
    await unmatched(it);
    assert.equal((await it.events("alert.firing")).length, 1);
    assert.equal(await run.count("alert_messages"), 0);
    assert.equal(run.logged("alert_firing")[0]?.level, "alert");
  }));

Deno.test("alerts and the digest go out by e-mail, through a real SMTP conversation; a refusal is tried again", async () => {
  await using sink = new SmtpSink();
  sink.refuse = true;
  const env = {
    SMTP_URL: sink.url,
    ALERT_EMAIL_FROM: "malipo@example.com",
    ALERT_EMAIL_TO: "a@example.com,b@example.com",
  };
  await alertRun(async (it) => {
    await unmatched(it);
    assert.equal(sink.messages.length, 0);
    const failure = it.run.logged("job_failed").find(({ fields }) => fields.subject === "email");
    assert.match(String(failure?.fields.error), /mail server did not take the message/);
    sink.refuse = false;
    await it.run.pass(5 * MINUTE_MS);
    const mail = sink.messages.find((text) => text.includes("1 firing")) ?? assert.fail(sink.messages.join("\n---\n"));
    assert.match(mail, /^From: malipo@example\.com\r$/m);
    assert.match(mail, /^To: a@example\.com, b@example\.com\r$/m);
    assert.match(mail, /^Subject: Malipo: 1 firing\r$/m);
    assert.ok(sink.messages.some((text) => text.includes("Subject: Malipo on ")), "the digest came too");
  }, { env, mailer: createDenoMailer(env.SMTP_URL) });
});

Deno.test("the three settings of e-mail are needed together", async () => {
  await assert.rejects(
    alertRun(() => Promise.resolve(), { env: { ALERT_EMAIL_TO: "a@example.com" } }),
    /SMTP_URL: missing/,
  );
});

Deno.test("at 07:00 in Nairobi the digest of yesterday is sent, once, with figures and no person", () => {
  const startMs = (Math.floor(Date.now() / 86_400_000) - 15) * 86_400_000 + 9 * HOUR_MS; // 12:00 in Nairobi
  return alertRun(async (it) => {
    const digests = () => it.network.received.filter(({ json }) => json.alerts[0].labels.rule === "daily_digest");
    await paidCheckout(it.run);
    await createCheckout(it.run, { phone_number: "0700001032" });
    await payPaybill(it.run, { amount: 250 });
    await it.run.pass();
    await it.evaluate();
    const before = digests().length; // that of the day before the first start
    it.run.time.skip(65 * MINUTE_MS);
    await it.evaluate();
    it.run.time.skip(17 * HOUR_MS + 50 * MINUTE_MS); // 06:58
    await it.evaluate();
    assert.equal(digests().length, before);
    it.run.time.skip(2 * MINUTE_MS);
    await it.evaluate();
    await it.evaluate();
    assert.equal(digests().length, before + 1);
    const text = String(digests().at(-1)?.json.alerts[0].annotations.description);
    assert.match(
      text,
      /^demo: KES 1,750\.00 in 2 payments; 50 % of 2 prompts paid; float unknown; needs a person: 1 unmatched\.$/m,
    );
    assert.match(text, /^other: KES 0\.00 in 0 payments; no prompts/m);
    assert.doesNotMatch(text, /2547|0712|M-?PESA|JOHN/i);
  }, { startMs });
});

Deno.test("what could not be read is not resolved", () => {
  const firing = { rule: "expiry", merchantId: null, subject: "a", value: 1, since: 1, sentAt: 1 };
  assert.deepEqual(decide([], [firing], new Set(["expiry"]), 2, 10).resolved, []);
  assert.deepEqual(decide([], [firing], new Set(), 2, 10).resolved, [firing]);
});

Deno.test("the end of a certificate is read from its PEM; what is none, or is cut off, has no end", async () => {
  const pem = await Deno.readTextFile(new URL("../fixtures/certificate-until-2026-12-05.pem", import.meta.url));
  assert.equal(certificateExpiry(pem), Date.UTC(2026, 11, 5, 12));
  const late = await Deno.readTextFile(new URL("../fixtures/certificate-until-2053-12-05.pem", import.meta.url));
  assert.equal(certificateExpiry(late), Date.UTC(2053, 11, 5, 12));
  assert.equal(certificateExpiry(pem.replace("CERTIFICATE", "PUBLIC KEY")), null);
  for (const length of [0, 40, 100, 200]) {
    const cut = `-----BEGIN CERTIFICATE-----\n${pem.split("\n").slice(1).join("").slice(0, length)}\n-----END`;
    assert.equal(certificateExpiry(cut), null);
  }
});
