import assert from "node:assert/strict";
import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import type { Database } from "../../src/db/database.ts";
import { checkoutBody, createCheckout, getCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";
import { clientFor, nameOf, operations, pathOf } from "../support/routes.ts";

const create = <T = CheckoutView>(run: InProcess, key: string | null, changes: Record<string, unknown> = {}) =>
  run.call<T>("POST", "/v1/checkouts", checkoutBody(changes), { key });
const pushes = (run: InProcess): number =>
  run.simulator.world.requests.list().filter(({ operation }) => operation === "stk").length;

Deno.test("a call that moves money without a key is refused; others take none or one", async (t) => {
  await inProcess(async (run) => {
    for (const operation of operations.filter(({ method }) => method === "POST")) {
      await t.step(nameOf(operation), async () => {
        const client = clientFor(operation);
        const ask = (key: string | null) => run.call<ProblemBody>("POST", pathOf(operation), {}, { key, client });
        const missing = await ask(null);
        if (operation.idempotency === "required") {
          assert.deepEqual([missing.status, missing.body.code], [400, "idempotency_key_missing"]);
        } else assert.notEqual(missing.body.code, "idempotency_key_missing");
        const invalid = await ask("with space");
        assert.deepEqual([invalid.status, invalid.body.code], [400, "idempotency_key_invalid"]);
      });
    }
  });
});

Deno.test("a key is 1 to 255 visible ASCII characters, bare or quoted", async () => {
  await inProcess(async (run) => {
    for (const key of ["a", "~!#$%&'()*+,-./:;<=>?@[]^_`{|}", "k".repeat(255), `"${"k".repeat(254)}"`]) {
      assert.equal((await create(run, key)).status, 201, key);
    }
    for (const key of ["k".repeat(256), "a b", "ké", '""']) {
      const { status, body } = await create<ProblemBody>(run, key);
      assert.deepEqual([key, status, body.code], [key, 400, "idempotency_key_invalid"]);
    }
    const large = await create(run, "Order-7A");
    assert.equal((await create(run, "Order-7A")).body.id, large.body.id, "the same key");
    assert.notEqual((await create(run, "order-7a")).body.id, large.body.id, "another key");
    const bare = await create(run, "same");
    assert.equal((await create(run, '"same"')).body.id, bare.body.id);
  });
});

Deno.test("a repeat answers the stored status and body, even when the checkout has moved on", async () => {
  await inProcess(async (run) => {
    const first = await create(run, "k", { phone_number: "0712345678" });
    await run.pass();
    assert.equal((await getCheckout(run, first.body.id)).status, "succeeded");
    const again = await create(run, "k", { phone_number: "0712345678" });
    assert.deepEqual([again.status, again.headers.get("idempotent-replayed")], [201, "true"]);
    assert.deepEqual(again.body, first.body);
    assert.equal(first.headers.get("idempotent-replayed"), null);
    assert.equal(pushes(run), 1);
    assert.equal(await run.count("checkouts"), 1);
  });
});

Deno.test("the same key with another body, or for another call, is a 422", async () => {
  await inProcess(async (run) => {
    const { body } = await create(run, "k");
    const others = [
      await create<ProblemBody>(run, "k", { amount: 100 }),
      await run.call<ProblemBody>("POST", `/v1/checkouts/${body.id}/attempts`, { phone_number: "0712345678" }, {
        key: "k",
      }),
    ];
    for (const { status, body } of others) assert.deepEqual([status, body.code], [422, "idempotency_key_reused"]);
    assert.equal(pushes(run), 0);

    const other = await create(run, "other");
    const cancel = (id: string) => run.call<ProblemBody>("POST", `/v1/checkouts/${id}/cancel`, undefined, { key: "c" });
    assert.equal((await cancel(body.id)).status, 200);
    const same = await cancel(other.body.id); // the same body, for another checkout
    assert.deepEqual([same.status, same.body.code], [422, "idempotency_key_reused"]);
    assert.equal((await getCheckout(run, other.body.id)).status, "open");

    const cancelWith = (query: string) =>
      run.call<ProblemBody>("POST", `/v1/checkouts/${other.body.id}/cancel${query}`, undefined, { key: "query" });
    assert.equal((await cancelWith("")).status, 200);
    assert.equal((await cancelWith("")).headers.get("idempotent-replayed"), "true");
    const asked = await cancelWith("?dry_run=true");
    assert.deepEqual(
      [asked.status, asked.body.code],
      [422, "idempotency_key_reused"],
      "the query belongs to the request",
    );
  });
});

Deno.test("keys belong to their merchant", async () => {
  await inProcess(async (run) => {
    const mine = await create(run, "k");
    const theirs = await run.call<CheckoutView>("POST", "/v1/checkouts", checkoutBody(), {
      key: "k",
      client: "cli_other",
    });
    assert.equal(theirs.status, 201);
    assert.notEqual(theirs.body.id, mine.body.id);
  });
});

Deno.test("a request that was refused leaves its key free", async () => {
  await inProcess(async (run) => {
    assert.equal((await create(run, "k", { amount: 0 })).status, 422);
    assert.equal((await create(run, "k")).status, 201);
  });
});

Deno.test("cancelling and prompting again are repeated safely too", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run);
    const prompt = () =>
      run.call<CheckoutView>("POST", `/v1/checkouts/${id}/attempts`, { phone_number: "0700009009" }, { key: "p" });
    const [one, two] = [await prompt(), await prompt()];
    assert.deepEqual([one.status, two.status, two.headers.get("idempotent-replayed")], [201, 201, "true"]);
    assert.deepEqual(two.body, one.body);
    assert.equal(pushes(run), 1);
    const cancel = () => run.call<CheckoutView>("POST", `/v1/checkouts/${id}/cancel`, undefined, { key: "c" });
    const [first, again] = [await cancel(), await cancel()];
    assert.deepEqual([first.status, again.status, again.headers.get("idempotent-replayed")], [200, 200, "true"]);
    assert.deepEqual(again.body, first.body);
  });
});

Deno.test("answers stored under keys are sealed", async () => {
  await inProcess(async (run) => {
    await create(run, "k", { reference: "a-very-visible-reference" });
    const [row] = await run.sql("SELECT body FROM idempotency_keys");
    assert.ok(!new TextDecoder().decode(row?.[0] as Uint8Array).includes("visible")); // a blob
  });
});

/** A database whose writes can be made to fail, as when the process dies before them. */
function dying(): { dieAfter(writes: number): void; live(): void; wrapDatabase(db: Database): Database } {
  let left = Infinity;
  return {
    dieAfter: (writes) => void (left = writes),
    live: () => void (left = Infinity),
    wrapDatabase: (db) => ({
      read: (statements) => db.read(statements),
      write: (statements) => left-- > 0 ? db.write(statements) : Promise.reject(new Error("the process died here")),
      close: () => db.close(),
    }),
  };
}

Deno.test("died between claim and answer: 409 while it may still run, then a repeat takes it up, with one push", async () => {
  const process = dying();
  await inProcess(async (run) => {
    await run.token();
    process.dieAfter(1);
    const lost = await create<ProblemBody>(run, "k", { phone_number: "0712345678" });
    assert.equal(lost.status, 500);
    process.live();
    assert.equal(pushes(run), 1);
    const early = await create<ProblemBody>(run, "k", { phone_number: "0712345678" });
    assert.deepEqual([early.status, early.body.code], [409, "idempotency_in_progress"]);
    await run.pass(61_000);
    const later = await create(run, "k", { phone_number: "0712345678" });
    assert.deepEqual([later.status, later.headers.get("idempotent-replayed")], [201, "true"]);
    assert.equal(later.body.status, "succeeded", "the callback has settled it meanwhile");
    assert.equal(pushes(run), 1);
    assert.equal(await run.count("checkouts"), 1);
    assert.deepEqual((await create(run, "k", { phone_number: "0712345678" })).body, later.body, "stored from now on");
  }, { wrapDatabase: process.wrapDatabase });
});

Deno.test("died before the claim: nothing was stored or sent, and a repeat is the first", async () => {
  const process = dying();
  await inProcess(async (run) => {
    await run.token();
    process.dieAfter(0);
    assert.equal((await create(run, "k", { phone_number: "0712345678" })).status, 500);
    process.live();
    assert.equal(pushes(run), 0);
    const first = await create(run, "k", { phone_number: "0712345678" });
    assert.deepEqual([first.status, first.headers.get("idempotent-replayed")], [201, null]);
  }, { wrapDatabase: process.wrapDatabase });
});

Deno.test("one key of two merchants is two keys, and capitals count", async () => {
  await inProcess(async (run) => {
    const ask = (client: "cli_demo" | "cli_other", reference: string, key = "k") =>
      run.call<CheckoutView>("POST", "/v1/checkouts", checkoutBody({ reference, phone_number: "0712345678" }), {
        client,
        key,
      });
    const [demo, other] = [await ask("cli_demo", "demo"), await ask("cli_other", "other")];
    assert.deepEqual([demo.status, other.status], [201, 201]);
    for (const [client, reference, { body }] of [["cli_demo", "demo", demo], ["cli_other", "other", other]] as const) {
      const again = await ask(client, reference);
      assert.deepEqual([again.headers.get("idempotent-replayed"), again.body], ["true", body]);
    }
    const capital = await ask("cli_demo", "another", "K");
    assert.deepEqual([capital.status, capital.body.reference], [201, "another"]);
  });
});
