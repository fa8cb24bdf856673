import assert from "node:assert/strict";
import { type InProcess, inProcess, type InProcessOptions } from "../support/in-process.ts";
import { FakeNetwork } from "../webhooks/fake-network.ts";

export const ALERT_URL = "https://alerts.example.com/hook";
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Ten past twelve in Nairobi, two weeks ago: rules find rows by the time in their ids, which is that of the real clock. */
const START_MS = (Math.floor(Date.now() / DAY_MS) - 15) * DAY_MS + 550 * MINUTE_MS;

/** The service with a receiver of alerts. */
export class AlertRun {
  constructor(readonly run: InProcess, readonly network: FakeNetwork) {}

  /** Lets a minute pass and evaluates the rules. */
  async evaluate(): Promise<void> {
    this.run.time.skip(MINUTE_MS);
    await this.run.sweep();
    await this.run.pass(10_000);
  }

  /** The status of each alert of a rule, by subject. */
  async statuses(rule: string): Promise<readonly string[]> {
    const rows = await this.run.sql("SELECT status FROM alerts WHERE rule = ? ORDER BY subject", rule);
    return rows.map(([status]) => String(status));
  }

  /** What the receiver was told of a rule, oldest first. */
  told(rule: string): string[] {
    return this.network.received.filter(({ url }) => url === ALERT_URL)
      .flatMap(({ json }) => json.alerts as { status: string; labels: { rule: string } }[])
      .filter(({ labels }) => labels.rule === rule).map(({ status }) => status);
  }

  /** The events of a type that merchants have got. */
  async events(type: string): Promise<readonly Record<string, unknown>[]> {
    const rows = await this.run.sql("SELECT data FROM events WHERE type = ? ORDER BY id", type);
    return rows.map(([data]) => JSON.parse(String(data)));
  }

  /** Fails unless the rule is in this state in the table, and the receiver was told so last. */
  async expect(rule: string, status: "firing" | "resolved"): Promise<void> {
    assert.ok((await this.statuses(rule)).includes(status), `${rule} is ${await this.statuses(rule)}, not ${status}`);
    assert.equal(this.told(rule).at(-1), status, `what was told last of ${rule}`);
  }
}

export const alertRun = (test: (it: AlertRun) => Promise<void>, options: InProcessOptions = {}): Promise<void> => {
  const network = new FakeNetwork();
  return inProcess((run) => test(new AlertRun(run, network)), {
    outbound: network,
    startMs: START_MS,
    ...options,
    env: { ALERT_URL, ALERT_LEAST_PROMPTS: "3", ...options.env },
  });
};
