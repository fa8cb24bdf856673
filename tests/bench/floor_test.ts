import assert from "node:assert/strict";
import { createCheckout } from "../support/checkouts.ts";
import { counting, type CountingDatabase } from "../support/database.ts";
import { inProcess } from "../support/in-process.ts";
import { Rehearsal } from "./floor/rehearsal.ts";

/** How many rows each table has, and what states they are in. */
type Rows = Readonly<Record<string, number>>;
type Read = (sql: string) => Promise<readonly (readonly unknown[])[]>;

const WITH_STATUS = ["checkouts", "attempts", "payments", "notices", "jobs", "payouts", "deliveries"];

async function rowsOf(read: Read): Promise<Rows> {
  const found: Record<string, number> = {};
  for (
    const [table] of await read("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
  ) {
    const status = WITH_STATUS.includes(String(table)) ? "status" : "''";
    for (const [state, many] of await read(`SELECT ${status}, count(*) FROM ${table} GROUP BY 1`)) {
      found[`${table} ${state}`.trim()] = Number(many);
    }
  }
  return found;
}

/** A JSON value without its values. */
const shapeOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(shapeOf)
    : typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]))
    : value === null
    ? "null"
    : typeof value;

/** What has come, and what has gone, between two counts. */
const change = (before: Rows, after: Rows): Rows =>
  Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
      .map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const).filter(([, many]) => many !== 0),
  );

const checkout = { amount: 150_000, currency: "KES", reference: "order-1", phone_number: "0712345678" };
const payout = { amount: 10_000, currency: "KES", reference: "pay-1", phone_number: "0712345678", purpose: "business" };
const endpoint = "http://127.0.0.1:9/hook";

/** What the product writes, step by step; each step comes to rest. */
interface Steps {
  readonly created: Rows;
  readonly settled: Rows;
  readonly paid: Rows;
  readonly told: Rows;
  /** The answer to a create. */
  readonly view: unknown;
  /** Commits of a create, and of a callback with its settlement. */
  readonly commits: readonly number[];
}

async function product(): Promise<Steps> {
  let steps: Steps | undefined;
  let counted: CountingDatabase | undefined;
  await inProcess(async (run) => {
    const read: Read = (sql) => run.sql(sql);
    const commits: number[] = [];
    const step = async (work: () => Promise<unknown>): Promise<Rows> => {
      const [before, writes] = [await rowsOf(read), counted?.writes ?? 0];
      await work();
      commits.push((counted?.writes ?? 0) - writes);
      return change(before, await rowsOf(read));
    };
    let view: unknown;
    await run.token("cli_demo"); // a token is one more commit, and lasts for many requests
    const created = await step(async () => view = await createCheckout(run, checkout));
    const settled = await step(() => run.pass());
    const paid = await step(async () => {
      assert.equal((await run.call("POST", "/v1/payouts", payout)).status, 202);
      await run.pass();
    });
    assert.equal((await run.call("POST", "/v1/webhook-endpoints", { url: endpoint, events: ["*"] })).status, 201);
    const told = await step(async () => {
      await createCheckout(run, { phone_number: undefined });
      await run.pass();
    });
    steps = { created, settled, paid, told, view, commits: commits.slice(0, 2) };
  }, {
    wrapDatabase: (db) => counted = counting(db),
    outbound: {
      resolve: () => Promise.resolve(["127.0.0.1"]),
      post: () => Promise.resolve({ status: 200, headers: {}, body: new Uint8Array() }),
      close: () => {},
    },
  });
  assert.ok(steps);
  return steps;
}

async function floor(folder: string): Promise<Steps> {
  const run = await Rehearsal.open(`file:${folder}/floor.db`, endpoint);
  const commits: number[] = [];
  const step = async (work: () => Promise<void> | void): Promise<Rows> => {
    const [before, from] = [await run.reading(rowsOf), run.commits];
    await work();
    await run.idle();
    commits.push(run.commits - from);
    return change(before, await run.reading(rowsOf));
  };
  try {
    let view: unknown;
    const created = await step(async () => void (view = await run.post("/v1/checkouts", checkout)));
    const settled = await step(() => run.deliver());
    const paid = await step(async () => {
      await run.post("/v1/payouts", { ...payout, remarks: "Payout" });
      await run.idle();
      run.deliver();
    });
    await run.listen();
    const told = await step(async () => void await run.post("/v1/checkouts", { ...checkout, phone_number: undefined }));
    return { created, settled, paid, told, view, commits: commits.slice(0, 2) };
  } finally {
    await run.close();
  }
}

Deno.test("the floor writes the rows of the product, in as many commits", async () => {
  const folder = await Deno.makeTempDir({ prefix: "malipo-floor-" });
  try {
    const [ours, theirs] = [await product(), await floor(folder)];
    assert.deepEqual(theirs.created, ours.created, "create");
    assert.deepEqual(theirs.settled, ours.settled, "callback and settlement");
    assert.deepEqual(theirs.paid, ours.paid, "payout");
    assert.deepEqual(theirs.told, ours.told, "webhook delivery");
    assert.deepEqual(shapeOf(theirs.view), shapeOf(ours.view), "the answer to a create");
    assert.deepEqual(theirs.commits, ours.commits, "commits of create, and of callback with settlement");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
