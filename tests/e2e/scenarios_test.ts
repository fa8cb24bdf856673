import { databases } from "../support/database.ts";
import { type Product, startProduct } from "../support/product.ts";
import { play, scenarios } from "./scenarios.ts";

/** Polls come at 2, 5, 11, 24, ... s; an attempt without ids is given up after 12 s: a busy machine keeps up with that. */
const env = { PLAN_SCALE: "0.1", SIMULATOR_CALLBACK_DELAY_MS: "150", SIMULATOR_LATE_MS: "10000" };

/** Steps that run side by side can't be told apart by the sanitizers; the test around them is checked as a whole. */
const sideBySide = { sanitizeOps: false, sanitizeResources: false, sanitizeExit: false };

Deno.test("every scenario of an STK push ends where it must", async (t) => {
  const products = await Promise.all(
    databases().map(async (database): Promise<[string, Product]> => [
      database,
      await startProduct({ database, env }),
    ]),
  );
  try {
    await Promise.all(products.flatMap(([database, product]) =>
      scenarios.map((scenario) =>
        t.step({
          name: `${scenario.lastFour} (${database}): ${scenario.name}`,
          fn: () => play(product, scenario),
          ...sideBySide,
        })
      )
    ));
  } finally {
    await Promise.all(products.map(([, product]) => product.stop()));
  }
});
