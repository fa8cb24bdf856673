import assert from "node:assert/strict";
import fc from "fast-check";
import type { StandingOrderView } from "../../../src/domain/standing-orders/contract.ts";
import { applyFact, type Fact, type StandingOrder } from "../../../src/domain/standing-orders/machine.ts";
import type { CallOptions } from "../../support/client.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { eventTypes } from "../../support/payouts.ts";

const day = (run: InProcess, days: number): string =>
  new Date(run.time.now() + days * 86_400_000 + 3 * 3_600_000).toISOString().slice(0, 10);

const create = <T = StandingOrderView>(
  run: InProcess,
  changes: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
) =>
  run.call<T>("POST", "/v1/standing-orders", {
    name: "Gym November",
    amount: 150_000,
    currency: "KES",
    phone_number: "0712345678",
    frequency: "monthly",
    start_date: day(run, 1),
    end_date: day(run, 300),
    ...changes,
  }, options);

const get = async (run: InProcess, id: string): Promise<StandingOrderView> =>
  (await run.call<StandingOrderView>("GET", `/v1/standing-orders/${id}`)).body;

Deno.test("a standing order is pending until the customer agrees, then active", () =>
  inProcess(async (run) => {
    const { status, body: made } = await create(run);
    assert.deepEqual([status, made.status, made.phone_number], [201, "pending", "2547•••••678"]);
    await run.pass();
    const order = await get(run, made.id);
    assert.equal(order.status, "active");
    assert.match(order.receipt ?? "", /^[A-Z0-9]{10}$/);
    assert.deepEqual(await eventTypes(run, made.id), ["standing_order.created", "standing_order.active"]);
    assert.deepEqual(await run.sql("SELECT kind FROM jobs WHERE kind = 'standing_order'"), []);
    const sent = run.simulator.world.requests.list().find(({ operation }) => operation === "ratiba")?.body;
    const { Frequency, TransactionType } = sent as Record<string, unknown>;
    assert.deepEqual([Frequency, TransactionType], ["4", "Standing Order Customer Pay Bill"]);
  }));

Deno.test("a customer who declines fails the order", () =>
  inProcess(async (run) => {
    const { body: made } = await create(run, { phone_number: "254700001032" });
    await run.pass();
    const order = await get(run, made.id);
    assert.deepEqual([order.status, order.failure?.code, order.result_code], [
      "failed",
      "cancelled_by_customer",
      "1032",
    ]);
  }));

Deno.test("a callback that contradicts itself decides nothing; a receipt that can't be read counts as not known", () =>
  inProcess(async (run) => {
    const { body: made } = await create(run, { phone_number: "254700009009" });
    await run.pass(100);
    const send = async (status: string, receipt: string, second = "0") => {
      const data = [["TransactionID", receipt], ["responseCode", second], ["Status", status]];
      const body = {
        responseHeader: { responseCode: "0", responseDescription: "ok" },
        responseBody: { responseData: data.map(([name, value]) => ({ name, value })) },
      };
      await run.notify(run.services.capabilities.mint("standing_order_result", made.id), JSON.stringify(body));
      await run.idle();
      const [notice] = await run.sql("SELECT status, problem FROM notices ORDER BY id DESC LIMIT 1");
      return [(await get(run, made.id)).status, ...notice ?? []];
    };
    assert.deepEqual(await send("ERROR", "SC8F2IQMH5"), ["pending", "quarantined", "status_differs"]);
    assert.deepEqual(await send("OKAY", "SC8F2IQMH5", "1037"), ["pending", "unreadable", "result_codes_differ"]);
    assert.deepEqual(await send("OKAY", "SC8 F2"), ["active", "applied", "unreadable: receipt"]);
    assert.equal((await get(run, made.id)).receipt, null);
  }));

Deno.test("an order that nobody answers is unknown, never failed, and a late answer still counts", () =>
  inProcess(async (run) => {
    const { body: made } = await create(run);
    await run.pass(9 * 60_000);
    assert.equal((await get(run, made.id)).status, "pending");
    await run.pass(2 * 60_000);
    assert.equal((await get(run, made.id)).status, "unknown");
    const capability = run.services.capabilities.mint("standing_order_result", made.id);
    const body = {
      responseHeader: { responseCode: "0", responseDescription: "ok" },
      responseBody: {
        responseData: [{ name: "TransactionID", value: "UKN1A2B3C4" }, { name: "Status", value: "OKAY" }],
      },
    };
    await run.notify(capability, JSON.stringify(body));
    await run.idle();
    assert.equal((await get(run, made.id)).status, "active");
  }, { callback: refusingOnce() }));

function refusingOnce(): (request: Request) => Promise<Response | null> {
  let refusals = 0;
  return async (request) => {
    const text = await request.clone().text();
    return text.includes("responseHeader") && refusals++ === 0 ? new Response("", { status: 503 }) : null;
  };
}

Deno.test("a refused order fails at once, one that may have been taken stays pending", async () => {
  await inProcess(async (run) => {
    const { status, body } = await create(run);
    assert.deepEqual([status, body.status], [201, "failed"]);
  }, {
    daraja: (request) =>
      request.url.includes("standingorder")
        ? Response.json({ requestId: "1", errorCode: "400.002.02", errorMessage: "Bad Request - Invalid Amount" }, {
          status: 400,
        })
        : null,
  });
  await inProcess(async (run) => {
    const { status, body } = await create(run);
    assert.deepEqual([status, body.status], [201, "pending"]);
  }, {
    daraja: (request) => request.url.includes("standingorder") ? new Response("<html>", { status: 503 }) : null,
  });
});

Deno.test("a standing order is refused for wrong fields, without the scope, and is one's own", () =>
  inProcess(async (run) => {
    for (
      const changes of [
        { start_date: day(run, -1) },
        { end_date: day(run, 0) },
        { frequency: "hourly" },
        { amount: 50 },
        { start_date: "2026-02-31" },
      ]
    ) {
      const { status, body } = await create<{ errors: { pointer: string }[] }>(run, changes);
      assert.deepEqual([status, body.errors[0]?.pointer], [422, `/${Object.keys(changes)[0]}`]);
    }
    const token = await run.token("cli_demo", "checkouts:read");
    assert.equal((await create(run, {}, { token })).status, 403);
    assert.equal((await create(run, {}, { client: null })).status, 401);
    const { body: made } = await create(run, {}, { key: "order-1" });
    assert.equal((await create(run, {}, { key: "order-1" })).body.id, made.id);
    const other: CallOptions = { client: "cli_other" };
    assert.equal((await run.call("GET", `/v1/standing-orders/${made.id}`, undefined, other)).status, 404);
    const { body: list } = await run.call<{ data: unknown[] }>("GET", "/v1/standing-orders", undefined, other);
    assert.deepEqual(list.data, []);
    const { body: own } = await run.call<{ data: { id: string }[] }>("GET", "/v1/standing-orders?status=pending");
    assert.deepEqual(own.data.map(({ id }) => id), [made.id]);
    assert.equal((await run.call("GET", "/v1/standing-orders?status=lost")).status, 400);
  }));

Deno.test("what becomes of a standing order does not hang on the order or number of what is told", () => {
  const facts: Fact[] = [
    { kind: "accepted", responseRefId: "1" },
    { kind: "ambiguous" },
    { kind: "overdue" },
    { kind: "refused", failure: "invalid_request", resultCode: null, description: "" },
    { kind: "failed", failure: "no_answer", resultCode: "1037", description: "" },
    { kind: "active", receipt: "UKN1A2B3C4", description: "" },
  ];
  const fresh = { status: "pending", evidence: 0, result_code: null } as StandingOrder; // what the machine looks at
  const end = (told: readonly Fact[]) => told.reduce((order, fact) => applyFact(order, fact, 1), fresh).status;
  fc.assert(fc.property(
    fc.subarray(facts).chain((some) =>
      fc.tuple(fc.constant(some), fc.shuffledSubarray([...some, ...some], { minLength: 2 * some.length }))
    ),
    ([some, shuffled]) => assert.equal(end(shuffled), end(some)),
  ));
});
