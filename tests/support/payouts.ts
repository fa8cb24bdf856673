import type { PayoutView } from "../../src/domain/payouts/contract.ts";
import type { CallOptions } from "./client.ts";
import type { Caller } from "./checkouts.ts";

/** A good request for a payout, with changes; `undefined` leaves a field out. */
export const payoutBody = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  amount: 150_000,
  currency: "KES",
  phone_number: "0712345678",
  reference: "pay-1001",
  purpose: "business",
  ...changes,
});

/** Creates a payout, also one that looks like an earlier one. Fails unless that is answered 202. */
export async function createPayout(
  caller: Caller,
  changes: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<PayoutView> {
  const request = { allow_duplicate: true, ...payoutBody(changes) };
  const { status, body } = await caller.call<PayoutView>("POST", "/v1/payouts", request, options);
  if (status !== 202) throw new Error(`no payout: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Reads a payout. */
export async function getPayout(caller: Caller, id: string, options: CallOptions = {}): Promise<PayoutView> {
  const { status, body } = await caller.call<PayoutView>("GET", `/v1/payouts/${id}`, undefined, options);
  if (status !== 200) throw new Error(`no payout ${id}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Does something to a payout: approve, cancel, refresh, ... */
export const act = <T = PayoutView>(
  caller: Caller,
  id: string,
  verb: string,
  options: CallOptions = {},
  body?: unknown,
): ReturnType<typeof caller.call<T>> => caller.call<T>("POST", `/v1/payouts/${id}/${verb}`, body, options);

/** The types of events about a payout, oldest first. */
export async function eventTypes(caller: Caller, id: string): Promise<string[]> {
  const { body } = await caller.call<{ data: { type: string }[] }>("GET", `/v1/events?subject=${id}&limit=100`);
  return body.data.map(({ type }) => type).reverse();
}

/** A Kenyan phone that is used nowhere else in the test, with these last four digits. */
export function phoneEnding(last: string): string {
  const middle = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return `2547${String(middle % 100_000).padStart(5, "0")}${last.slice(-3)}`.slice(0, 9) + last;
}

/** The rows of a file of payouts, with its header. */
export const batchCsv = (...rows: readonly string[]): string =>
  ["phone_number,amount_kes,reference,purpose,remarks", ...rows, ""].join("\r\n");

/** Creates a batch from a CSV file; answers its id. Fails unless that is answered 202. */
export async function createBatch(
  caller: Caller,
  csv: string = batchCsv("0712345678,1500,emp-1,salary,November"),
  options: CallOptions = {},
): Promise<string> {
  const { status, body } = await caller.call<{ id: string }>(
    "POST",
    "/v1/payout-batches?allow_duplicate=true",
    undefined,
    {
      ...options,
      raw: csv,
      headers: { ...options.headers, "content-type": "text/csv" },
    },
  );
  if (status !== 202) throw new Error(`no batch: ${status} ${JSON.stringify(body)}`);
  return body.id;
}
