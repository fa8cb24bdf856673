import assert from "node:assert/strict";
import { billOf } from "../../../src/domain/checkouts/items.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";

/* Issue 14, item 4: two open checkouts with one reference of one merchant. */

const setPolicy = async (run: InProcess, checkouts: string): Promise<void> => {
  const { status } = await run.call("PATCH", "/v1/merchant", { duplicates: { checkouts } }, { client: "cli_operator" });
  assert.equal(status, 200);
};
const eventsOf = async (run: InProcess, id: string) => {
  const { body } = await run.call<{ data: { type: string; subject: string; data: Record<string, unknown> }[] }>(
    "GET",
    "/v1/events?limit=100",
  );
  return body.data.filter(({ subject }) => subject === id).toReversed();
};

Deno.test("a checkout that repeats an open one names it, with an event, whether or not a phone is prompted", async () => {
  await inProcess(async (run) => {
    const first = await createCheckout(run);
    assert.equal(first.possible_duplicate_of, null);
    for (const changes of [{}, { phone_number: "0712345678" }]) {
      const again = await createCheckout(run, changes);
      assert.equal(again.possible_duplicate_of, first.id);
      assert.equal((await getCheckout(run, again.id)).possible_duplicate_of, first.id);
      const [created, duplicate] = await eventsOf(run, again.id);
      assert.deepEqual([created?.type, duplicate?.type], ["checkout.created", "checkout.possible_duplicate"]);
      assert.deepEqual([created?.data["possible_duplicate_of"], duplicate?.data["possible_duplicate_of"]], [
        first.id,
        first.id,
      ]);
    }
  });
});

Deno.test("another reference, another merchant's and an ended checkout are no duplicates", async () => {
  await inProcess(async (run) => {
    const first = await createCheckout(run);
    assert.equal((await createCheckout(run, { reference: "order-1002" })).possible_duplicate_of, null);
    const others = await createCheckout(run, {}, { client: "cli_other" });
    assert.equal(others.possible_duplicate_of, null);
    await run.call("POST", `/v1/checkouts/${first.id}/cancel`);
    const fresh = await createCheckout(run);
    assert.equal(fresh.possible_duplicate_of, null);
    assert.deepEqual((await eventsOf(run, fresh.id)).map(({ type }) => type), ["checkout.created"]);
  });
});

Deno.test("refuse answers 409 and names the other one, stores nothing, and allow_duplicate says that two are meant", async () => {
  await inProcess(async (run) => {
    const first = await createCheckout(run);
    await setPolicy(run, "refuse");
    for (const changes of [{}, { phone_number: "0712345678" }]) {
      const body = { amount: 150_000, currency: "KES", reference: "order-1001", ...changes };
      const refused = await run.call<ProblemBody & { duplicate_of: string }>("POST", "/v1/checkouts", body);
      assert.deepEqual([refused.status, refused.body.code], [409, "looks_like_a_duplicate"]);
      assert.equal(refused.body.duplicate_of, first.id);
    }
    assert.equal(await run.count("checkouts"), 1);
    assert.equal((await createCheckout(run, { allow_duplicate: true })).possible_duplicate_of, first.id);
    await setPolicy(run, "off");
    assert.equal((await createCheckout(run)).possible_duplicate_of, null);
  });
});

Deno.test("of requests at once with one reference only one passes where repeats are refused, and each later one is named", async () => {
  await inProcess(async (run) => {
    const same = () => run.call("POST", "/v1/checkouts", { amount: 100, currency: "KES", reference: "order-1" });
    await Promise.all(Array.from({ length: 6 }, same));
    assert.equal((await run.sql("SELECT 1 FROM checkouts WHERE possible_duplicate_of IS NULL")).length, 1);
    await setPolicy(run, "refuse");
    const other = () => run.call("POST", "/v1/checkouts", { amount: 100, currency: "KES", reference: "order-2" });
    const statuses = (await Promise.all(Array.from({ length: 6 }, other))).map(({ status }) => status);
    assert.deepEqual(statuses.toSorted(), [201, 409, 409, 409, 409, 409]);
  });
});

Deno.test("the same Idempotency-Key answers the same, also what it repeats", async () => {
  await inProcess(async (run) => {
    await createCheckout(run);
    const body = { amount: 150_000, currency: "KES", reference: "order-1001" };
    const options = { key: "again" };
    const [one, two] = [
      await run.call("POST", "/v1/checkouts", body, options),
      await run.call("POST", "/v1/checkouts", body, options),
    ];
    assert.deepEqual([one.status, two.status, two.body], [201, 201, one.body]);
    assert.equal(await run.count("checkouts"), 2);
  });
});

Deno.test("items, partial and overpayment are stored and shown, and wrong ones are refused with their place", async () => {
  await inProcess(async (run) => {
    const items = [{ name: "Shoes", quantity: 2, amount: 150_000 }];
    const made = await createCheckout(run, { items, partial: "refuse" });
    assert.deepEqual([made.items, made.partial], [items, "refuse"]);
    const wrong = {
      items: [{ name: "", quantity: 0, amount: 1.5 }],
      partial: "some",
      overpayment: "eat",
      overpayment_within: -1,
    };
    const body = { amount: 150_000, currency: "KES", reference: "order-2", ...wrong };
    const refused = await run.call<ProblemBody>("POST", "/v1/checkouts", body);
    assert.equal(refused.status, 422);
    assert.deepEqual(refused.body.errors?.map(({ pointer }) => pointer).toSorted(), [
      "/items/0/amount",
      "/items/0/name",
      "/items/0/quantity",
      "/overpayment",
      "/overpayment_within",
      "/partial",
    ]);
  });
});

Deno.test("the rules of the merchant apply to checkouts that say nothing", async () => {
  await inProcess(async (run) => {
    const change = { partial: "refuse", overpayment: "keep_within", overpayment_within: 2_000 };
    const { status, body } = await run.call("PATCH", "/v1/merchant", change, { client: "cli_operator" });
    assert.equal(status, 200);
    assert.deepEqual(body, { ...body as object, ...change });
    assert.equal((await createCheckout(run)).partial, "refuse");
    assert.equal((await createCheckout(run, { partial: "collect" })).partial, "collect");
    const stored = await run.sql("SELECT DISTINCT overpayment, overpayment_within FROM checkouts");
    assert.deepEqual(stored.map((row) => [...row]), [["keep_within", 2_000]]);
  });
});

Deno.test("items must add up to the amount, which the receipt shows", () =>
  inProcess(async (run) => {
    const items = [{ name: "Shoes", quantity: 2, amount: 100_000 }, { name: "Delivery", quantity: 1, amount: 50_000 }];
    assert.deepEqual((await createCheckout(run, { items })).items, items);
    const { status, body } = await run.call<ProblemBody>("POST", "/v1/checkouts", {
      amount: 150_000,
      currency: "KES",
      reference: "order-2",
      items: items.slice(0, 1),
    });
    assert.deepEqual([status, body.errors?.[0]?.pointer], [422, "/items"]);
    assert.match(body.detail, /150000 cents. Their amounts come to 100000 cents, and to 200000 cents as prices of one/);
    assert.equal(await run.count("checkouts"), 1);
  }));

Deno.test("items may name the price of one piece; the receipt shows what all of them come to", () =>
  inProcess(async (run) => {
    const items = [{ name: "Shoes", quantity: 2, amount: 50_000 }, { name: "Delivery", quantity: 1, amount: 50_000 }];
    assert.deepEqual((await createCheckout(run, { items })).items, items);
    assert.deepEqual(billOf({ items, amount: 150_000 }).map(({ amount }) => amount), [100_000, 50_000]);
  }));
