import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import type { Database } from "../../src/db/database.ts";
import { createCheckout } from "../support/checkouts.ts";
import { recording, type RecordingDatabase } from "../support/database.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { clientFor, operations, pathOf, queryOf } from "../support/routes.ts";

/** Tables that stay small, or whose every row is wanted; all others grow. */
const small = [
  "merchants",
  "clients",
  "shortcodes",
  "schema_migrations",
  "guards",
  "prompt_guards",
  "feature_flags",
  "key_processes",
  "outside_subjects",
];

/** The main flows, and each filter of each list: whatever they ask of the database is recorded. */
async function everything(run: InProcess): Promise<void> {
  const paid = await createCheckout(run, { phone_number: "0712345678", account_reference: "INV1001" });
  const failing = await createCheckout(run, { phone_number: "0700001032" });
  await createCheckout(run, { phone_number: "0700009010" });
  const open = await createCheckout(run, {}, { key: "replayed" });
  await createCheckout(run, {}, { key: "replayed" });
  await run.pass();
  await run.call("POST", `/v1/checkouts/${failing.id}/attempts`, { phone_number: "0700009001" });
  await run.call("POST", `/v1/checkouts/${failing.id}/refresh`);
  await run.call("POST", `/v1/checkouts/${open.id}/cancel`);
  for (const account of [paid.account_reference, "NOBODY"]) await payByPaybill(run, account);
  await run.notify(run.services.capabilities.mint("stk", paid.attempts[0]?.id ?? ""), "not json");
  await run.pass(3_600_000);
  await run.sweep();
  await run.call("POST", "/v1/clients", { name: "till", scopes: ["checkouts:read"] }, { client: "cli_operator" });
  for (const operation of operations.filter(({ method }) => method === "GET")) {
    const filters = queryOf(operation).filter((name) => name !== "limit" && name !== "cursor");
    for (const query of ["", ...filters.map((name) => `?${name}=${valueOf(name)}`)]) {
      const client = clientFor(operation);
      await run.call("GET", pathOf(operation, paid.id) + query, undefined, { client });
    }
  }
}

const valueOf = (name: string): string =>
  ({ status: "succeeded", type: "checkout.created", merchant: DEMO_MERCHANT })[name] ?? "x";

async function payByPaybill(run: InProcess, account: string): Promise<void> {
  const request = { shortcode: "600000", amount: 1_500, phone: "254712345678", account_reference: account };
  await run.simulator.app.request("/_simulator/c2b", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  await run.idle();
}

async function scansOf(db: Database, sql: string, growing: readonly string[]): Promise<string[]> {
  const found = sql.replaceAll(/'[^']*'/g, "").match(/\?\d*/g) ?? [];
  const marks = Math.max(0, ...found.map((mark, i) => mark === "?" ? i + 1 : Number(mark.slice(1))));
  const plain = sql.replace(/ RETURNING .*$/s, ""); // which a read refuses, and no plan depends on
  const [plan] = await db.read([{
    sql: `EXPLAIN QUERY PLAN ${plain}`,
    args: Array.from({ length: marks }, () => null),
  }]);
  return (plan?.rows ?? []).map((row) => String(row[3])).filter((step) => {
    const table = /^SCAN (?:TABLE )?(\w+)/.exec(step)?.[1];
    return table !== undefined && growing.includes(table);
  });
}

Deno.test("no query scans a table that grows", async () => {
  let recorded: RecordingDatabase | undefined;
  await inProcess(async (run) => {
    await everything(run);
    const tables = (await run.sql("SELECT name FROM sqlite_master WHERE type = 'table'")).map(([name]) => String(name));
    const growing = tables.filter((name) => !small.includes(name));
    assert.ok(growing.length >= 9);
    const scans: string[] = [];
    for (const sql of recorded?.texts ?? []) {
      scans.push(...(await scansOf(run.db, sql, growing)).map((step) => `${step}: ${sql}`));
    }
    assert.ok((recorded?.texts.size ?? 0) > 40, "the flows asked for a lot");
    assert.deepEqual(scans, []);
  }, { wrapDatabase: (db) => recorded = recording(db) });
});
