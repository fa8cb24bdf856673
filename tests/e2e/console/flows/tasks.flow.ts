import { paidCheckout } from "../../../support/money.ts";
import type { InProcess } from "../../../support/in-process.ts";
import type { Page } from "playwright-core";
import { Steps } from "./steps.ts";
import { tasks } from "./tasks.ts";
import { withWorld, type World } from "./world.ts";

const DAY_MS = 86_400_000;

/** Money of the same weekday of last week, and of yesterday. */
async function earlier(run: InProcess): Promise<void> {
  await paidCheckout(run, { amount: 70_000 });
  await run.pass(6 * DAY_MS);
  await paidCheckout(run, { amount: 80_000 });
  await paidCheckout(run, { amount: 90_000, phone_number: "0722345678" });
  await run.pass(DAY_MS);
  await paidCheckout(run, { amount: 60_000 });
}

async function walkAll(world: World, isScripted: boolean): Promise<readonly string[]> {
  const failed: string[] = [];
  const wanted = Deno.env.get("TASKS")?.split(",");
  for (
    const task of tasks.filter(({ isSigned, number }) =>
      (isScripted || isSigned !== true) && (wanted?.includes(String(number)) ?? true)
    )
  ) {
    const name = `${task.number} ${task.what}, ${isScripted ? "with" : "without"} a script`;
    let page: Page | undefined;
    try {
      await task.prepare?.(world.run);
      page = await world.tab(task.who, isScripted);
      const steps = new Steps(page, isScripted);
      await task.walk(steps, world.run);
      steps.atMost(task.most, name);
    } catch (error) {
      const shown = await page?.locator("main").innerText().catch(() => "") ?? "";
      failed.push(
        `${name}: ${error instanceof Error ? error.message : error}\nat ${page?.url()}: ${shown.slice(0, 600)}`,
      );
    }
  }
  return failed;
}

Deno.test("the 25 tasks", { sanitizeOps: false, sanitizeResources: false }, () =>
  withWorld(async (world) => {
    await earlier(world.run);
    const failed = [...await walkAll(world, true), ...await walkAll(world, false)];
    if (failed.length > 0) throw new Error(failed.join("\n\n"));
  }));
