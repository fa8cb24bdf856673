import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Fails on anything that axe finds. */
export async function assertClean(page: Page, what: string): Promise<void> {
  await page.evaluate(axe.source); // past the page's policy, which lets no script in
  const violations = await page.evaluate(
    "axe.run(document, { iframes: false }).then(({ violations }) => violations)",
  ) as Violation[];
  const told = violations.flatMap(({ id, nodes }) => nodes.map((n) => `${id}: ${n.html}\n${n.failureSummary}`));
  assert.deepEqual(told, [], what);
}
