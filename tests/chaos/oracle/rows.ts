import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { JobView } from "../../../src/jobs/contract.ts";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import type { PayoutView } from "../../../src/domain/payouts/contract.ts";
import type { EventView } from "../../../src/webhooks/events/contract.ts";
import type { Client } from "../../support/client.ts";
import type { Storefront } from "../traffic/client.ts";

/** A refund as far as the oracle reads it. */
export interface RefundRow {
  readonly id: string;
  readonly payment: string;
  readonly amount: number;
  readonly status: string;
  readonly method: "reversal" | "payout";
  readonly payout: string | null;
  readonly reason: string;
}

/** Everything that the API lists, of both merchants. */
export interface Rows {
  readonly checkouts: readonly CheckoutView[];
  readonly payments: readonly PaymentView[];
  readonly payouts: readonly PayoutView[];
  readonly refunds: readonly RefundRow[];
  readonly events: readonly EventView[];
}

/** Every page of a list. Errors: when the API, healed, does not answer. */
export async function all<T>(shop: Storefront, client: Client, path: string): Promise<T[]> {
  const rows: T[] = [];
  for (let cursor = "";;) {
    const { status, body } = await shop.insist(
      client,
      "GET",
      `${path}${path.includes("?") ? "&" : "?"}limit=100${cursor}`,
    );
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    rows.push(...body.data);
    if (body.next_cursor === null) return rows;
    cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
  }
}

export async function readRows(shop: Storefront, paths: ReadonlySet<string>): Promise<Rows> {
  const both = async <T>(path: string): Promise<T[]> =>
    paths.has(path) ? [...await all<T>(shop, "cli_demo", path), ...await all<T>(shop, "cli_other", path)] : [];
  return {
    checkouts: await both("/v1/checkouts"),
    payments: await both("/v1/payments"),
    payouts: await both("/v1/payouts"),
    refunds: await both("/v1/refunds"),
    events: await both("/v1/events"),
  };
}

/** Each sweep schedules these again, so they are always about to be due. */
const ROUTINE = new Set(["alerts", "audit", "keys", "retention"]);

export const dueJobs = async (shop: Storefront, now: number): Promise<JobView[]> =>
  (await all<JobView>(shop, "cli_platform", "/v1/jobs?merchant=all")).filter(({ kind, status, run_at }) =>
    !ROUTINE.has(kind) && (status === "running" || (status === "queued" && Date.parse(run_at) <= now))
  );
