import assert from "node:assert/strict";
import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import { createCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";
import { clientFor, nameOf, operations, pathOf, queryOf } from "../support/routes.ts";

interface Page<T> {
  readonly data: readonly T[];
  readonly next_cursor: string | null;
}

const list = async (run: InProcess, query: string): Promise<Page<CheckoutView>> =>
  (await run.call<Page<CheckoutView>>("GET", `/v1/checkouts${query}`)).body;

Deno.test("pages follow each other newest first, each row once, and the last has no cursor", async () => {
  await inProcess(async (run) => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.unshift((await createCheckout(run, { reference: `order-${i}` })).id);
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Page<CheckoutView> = await list(run, `?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      assert.ok(page.data.length <= 2);
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    assert.deepEqual(seen, made);
    assert.equal((await list(run, "?limit=5")).next_cursor, null);
    assert.equal((await list(run, "?limit=100")).data.length, 5);
  });
});

Deno.test("what is made meanwhile does not move a page", async () => {
  await inProcess(async (run) => {
    for (let i = 0; i < 4; i++) await createCheckout(run);
    const first = await list(run, "?limit=2");
    await createCheckout(run);
    const second = await list(run, `?limit=2&cursor=${first.next_cursor}`);
    assert.equal(new Set([...first.data, ...second.data].map(({ id }) => id)).size, 4);
  });
});

Deno.test("a list shows what reading the one shows", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0712345678" });
    await createCheckout(run, { phone_number: "0700001032" });
    await run.pass();
    const { body } = await run.call<CheckoutView>("GET", `/v1/checkouts/${id}`);
    assert.deepEqual((await list(run, "")).data[1], body);
  });
});

Deno.test("filters narrow a list, together too", async () => {
  await inProcess(async (run) => {
    const paid = await createCheckout(run, { phone_number: "0712345678", reference: "a" });
    const failed = await createCheckout(run, { phone_number: "0700001032", reference: "a" });
    const open = await createCheckout(run, { reference: "b" });
    await run.pass();
    const ids = async (query: string) => (await list(run, query)).data.map(({ id }) => id);
    assert.deepEqual(await ids("?status=succeeded"), [paid.id]);
    assert.deepEqual(await ids("?status=open"), [open.id, failed.id]);
    assert.deepEqual(await ids("?reference=a"), [failed.id, paid.id]);
    assert.deepEqual(await ids("?reference=a&status=open"), [failed.id]);
    assert.deepEqual(await ids("?reference=c"), []);
    const payments = async (query: string) =>
      (await run.call<Page<{ id: string }>>("GET", `/v1/payments${query}`)).body.data;
    const [payment] = await payments(`?checkout=${paid.id}`);
    assert.deepEqual(await payments(`?checkout=${failed.id}`), []);
    const receipt = run.simulator.world.transactions.list()[0]?.receipt;
    assert.deepEqual(await payments(`?receipt=${receipt}&status=matched`), [payment]);
    const events = (await run.call<Page<{ type: string }>>("GET", `/v1/events?subject=${paid.id}`)).body.data;
    assert.deepEqual(events.map(({ type }) => type), ["checkout.succeeded", "checkout.created"]);
    const created = (await run.call<Page<{ type: string }>>("GET", "/v1/events?type=checkout.created")).body.data;
    assert.equal(created.length, 3);
  });
});

Deno.test("every list refuses limits, cursors and parameters that are not valid, by name", async (t) => {
  await inProcess(async (run) => {
    for (const operation of operations.filter((each) => queryOf(each).includes("cursor"))) {
      await t.step(nameOf(operation), async () => {
        const client = clientFor(operation);
        const wrong: [string, string][] = [
          ...["0", "101", "-1", "1.5", "abc", "", "1e1"].map((limit): [string, string] => [`limit=${limit}`, "limit"]),
          ["limit=1&limit=2", "limit"],
          ["cursor=!!!", "cursor"],
          [`cursor=${btoa("1; DROP TABLE checkouts")}`, "cursor"],
          [`cursor=${"a".repeat(201)}`, "cursor"],
          ["colour=red", "colour"],
        ];
        for (const [query, pointer] of wrong) {
          const path = `${pathOf(operation)}?${query}`;
          const { status, body } = await run.call<ProblemBody>("GET", path, undefined, { client });
          assert.deepEqual([query, status, body.code], [query, 400, "invalid_query"]);
          assert.deepEqual(body.errors?.map((error) => error.pointer), [pointer]);
        }
      });
    }
  });
});
