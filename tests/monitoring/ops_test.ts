import assert from "node:assert/strict";
import { alertName } from "../../src/monitoring/alerts/message.ts";
import { ruleNames } from "../../src/monitoring/alerts/rules.ts";
import { gauges } from "../../src/monitoring/metrics/business-gauges.ts";
import { Metrics } from "../../src/monitoring/metrics/metrics.ts";

const ops = new URL("../../ops/", import.meta.url);
const read = (name: string) => Deno.readTextFile(new URL(name, ops));

/** The names in a query that are of ours, without what a histogram adds. */
const metricsIn = (text: string): string[] =>
  [...text.matchAll(/\bmalipo_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ""));

const known = new Set([
  ...gauges.map(({ name }) => name),
  ...(await new Metrics().registry.getMetricsAsJSON()).map(({ name }) => name),
]);

async function promtool(...args: string[]): Promise<{ code: number; text: string } | null> {
  try {
    const { code, stdout, stderr } = await new Deno.Command("promtool", { args, cwd: ops }).output();
    return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const hasPromtool = await promtool("--version") !== null;
const isCi = Deno.env.get("CI") !== undefined;

Deno.test("Prometheus has the same rules, and a test of each", async () => {
  const names = ruleNames.map(alertName);
  assert.deepEqual([...(await read("prometheus-rules.yaml")).matchAll(/alert: (\w+)/g)].map(([, name]) => name), names);
  const tested = [...(await read("prometheus-rules.test.yaml")).matchAll(/alertname: (\w+)/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(tested)], names);
});

Deno.test("the rules and the dashboard ask only for metrics that exist", async () => {
  const rules = await read("prometheus-rules.yaml");
  const dashboard = JSON.parse(await read("grafana-dashboard.json")) as { panels: { targets: { expr: string }[] }[] };
  const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  assert.ok(queries.length >= 12);
  const asked = [...metricsIn(rules), ...queries.flatMap(metricsIn)];
  assert.ok(asked.length > 20);
  assert.deepEqual(asked.filter((name) => !known.has(name)), []);
});

Deno.test({
  name: hasPromtool || isCi
    ? "promtool accepts the rules for Prometheus, and each fires and ends in its test"
    : "promtool checks the rules for Prometheus (skipped: promtool is not installed; apt-get install prometheus)",
  ignore: !hasPromtool && !isCi,
  async fn() {
    const checked = await promtool("check", "rules", "prometheus-rules.yaml") ?? assert.fail("promtool is missing");
    assert.equal(checked.code, 0, checked.text);
    const tested = await promtool("test", "rules", "prometheus-rules.test.yaml");
    assert.equal(tested?.code, 0, tested?.text);
  },
});
