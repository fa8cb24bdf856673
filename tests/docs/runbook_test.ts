import assert from "node:assert/strict";
import { ruleNames } from "../../src/monitoring/alerts/rules.ts";

const text = await Deno.readTextFile(new URL("../../docs/operations.md", import.meta.url));

Deno.test("the runbook begins with what to do when an alert fired", () => {
  assert.match(text, /^# Operations\n\n## An alert fired\n/);
});

Deno.test("each rule of the alerts has a section in the runbook, and each section a rule", () => {
  const part = text.slice(text.indexOf("## An alert fired"), text.indexOf("\n## ", 20));
  const sections = new Map(
    part.split(/^### /m).slice(1).map((section) => {
      const [heading = "", ...lines] = section.split("\n");
      return [heading, lines.join("\n").trim()];
    }),
  );
  for (const name of ruleNames) assert.ok((sections.get(name) ?? "").length > 80, `no section about ${name}`);
  assert.deepEqual([...sections.keys()].filter((name) => /^[a-z_]+$/.test(name)), ruleNames);
});

Deno.test("operations holds no figures of a benchmark: they are in performance.md", () => {
  assert.doesNotMatch(text, /p9[59]|sustained, checkouts/);
});
