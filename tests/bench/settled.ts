import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import { all } from "../chaos/oracle/rows.ts";
import type { Storefront } from "../chaos/traffic/client.ts";

const POLL_MS = 250;

/** Waits until a list of the API is empty, such as that of the pending checkouts. Answers whether it came to that. */
export async function untilEmpty(shop: Storefront, path: string, patienceMs: number): Promise<boolean> {
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline;) {
    const { body } = await shop.insist("cli_demo", "GET", `${path}&limit=1`);
    if (body?.data?.length === 0) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}

/** How many of these checkouts have succeeded when none is pending any more, or patience is over. */
export async function succeeded(
  shop: Storefront,
  ids: readonly (string | null)[],
  patienceMs: number,
): Promise<number> {
  await untilEmpty(shop, "/v1/checkouts?status=pending", patienceMs);
  const paid = await all<CheckoutView>(shop, "cli_demo", "/v1/checkouts?status=succeeded");
  const good = new Set(paid.map(({ id }) => id));
  return ids.filter((id) => id !== null && good.has(id)).length;
}

/** Callbacks by the API's log: all that came, and those that were taken. Daraja tells nobody twice. */
export function callbacksIn(log: string): { readonly came: number; readonly taken: number } {
  const lines = log.split("\n").filter((line) => line.includes('"route":"/notify/'));
  return { came: lines.length, taken: lines.filter((line) => line.includes('"status":200')).length };
}
