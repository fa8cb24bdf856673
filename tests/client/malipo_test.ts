import assert from "node:assert/strict";
import { isMalipoError, MalipoError } from "../../src/client/mod.ts";
import { inProcess } from "../support/in-process.ts";
import { clientOf, order } from "./support.ts";

const phone = "0712345678";

Deno.test("a checkout is created, prompted, awaited and read", async () => {
  await inProcess(async (run) => {
    const malipo = clientOf(run);
    const made = await malipo.checkouts.create({ ...order, phone_number: phone });
    assert.equal(made.status, "pending");
    const waiting = malipo.waitForCheckout(made.id, { intervalMs: 1 });
    await run.pass();
    const paid = await waiting;
    assert.equal(paid.status, "succeeded");
    const payment = await malipo.payments.get(paid.payment?.id ?? "");
    assert.equal(payment.receipt, paid.payment?.receipt);
    const { data } = await malipo.events.list({ type: "checkout.succeeded" });
    assert.equal((await malipo.events.get(data[0]?.id ?? "")).subject, made.id);
  });
});

Deno.test("a declined prompt is an answer to who waits for one, and the phone can be prompted again", async () => {
  await inProcess(async (run) => {
    const malipo = clientOf(run);
    const made = await malipo.checkouts.create({ ...order, phone_number: "0700001032" });
    const waiting = malipo.waitForCheckout(made.id, { intervalMs: 1 });
    await run.pass();
    assert.equal((await waiting).last_failure?.code, "cancelled_by_customer");
    const again = await malipo.checkouts.attempt(made.id, { phone_number: phone });
    assert.equal(again.attempts.length, 2);
    await run.pass();
    assert.equal((await malipo.checkouts.refresh(made.id)).status, "succeeded");
  });
});

Deno.test("a checkout is cancelled, and a second time that is refused by its code", async () => {
  await inProcess(async (run) => {
    const malipo = clientOf(run);
    const { id } = await malipo.checkouts.create(order);
    assert.equal((await malipo.checkouts.cancel(id)).status, "cancelled");
    await assert.rejects(malipo.checkouts.attempt(id, { phone_number: phone }), (error) => {
      assert.ok(isMalipoError(error, "checkout_not_open"));
      assert.equal(error.status, 409);
      assert.match(error.requestId ?? "", /^req_/);
      return true;
    });
  });
});

Deno.test("a list is awaited for its first page, and walked for all", async () => {
  await inProcess(async (run) => {
    const malipo = clientOf(run);
    for (const n of [1, 2, 3, 4, 5]) await malipo.checkouts.create({ ...order, reference: `order-${n}` });
    const first = await malipo.checkouts.list({ limit: 2 });
    assert.deepEqual(first.data.map(({ reference }) => reference), ["order-5", "order-4"]);
    const walked: string[] = [];
    for await (const { reference } of malipo.checkouts.list({ limit: 2, status: "open" })) walked.push(reference);
    assert.deepEqual(walked, ["order-5", "order-4", "order-3", "order-2", "order-1"]);
    const sizes: number[] = [];
    for await (const { data } of malipo.checkouts.list({ limit: 2 }).pages()) sizes.push(data.length);
    assert.deepEqual(sizes, [2, 2, 1]);
    for await (const { reference } of malipo.checkouts.list({ limit: 2 })) {
      assert.equal(reference, "order-5");
      break; // loads no more
    }
  });
});

Deno.test("an answer that is lost is asked for again with the same key: one checkout, one prompt", async () => {
  await inProcess(async (run) => {
    let lost = 0;
    const malipo = clientOf(run, async (request, next) => {
      const response = await next(request);
      if (request.method !== "POST" || !request.url.endsWith("/v1/checkouts") || lost++ > 0) return response;
      await response.body?.cancel();
      throw new TypeError("connection reset");
    });
    const made = await malipo.checkouts.create({ ...order, phone_number: phone });
    assert.equal(lost, 2);
    assert.equal(await run.count("checkouts"), 1);
    assert.equal((await malipo.checkouts.list()).data[0]?.id, made.id);
    assert.equal(run.simulator.world.requests.list().filter(({ operation }) => operation === "stk").length, 1);
  });
});

Deno.test("wrong fields are named by pointer", async () => {
  await inProcess(async (run) => {
    await assert.rejects(clientOf(run).checkouts.create({ ...order, amount: 150 }), (error) => {
      assert.ok(error instanceof MalipoError);
      assert.equal(error.code, "validation_failed");
      assert.deepEqual(error.errors.map(({ pointer }) => pointer), ["/amount"]);
      return true;
    });
  });
});

Deno.test("a wrong secret is invalid_client, and is not tried again", async () => {
  await inProcess(async (run) => {
    let asked = 0;
    const malipo = clientOf(run, (request, next) => {
      asked++;
      return next(request);
    }, { clientSecret: "not it" });
    await assert.rejects(
      malipo.checkouts.list().then(),
      (error) => isMalipoError(error, "invalid_client") && error.status === 401,
    );
    assert.equal(asked, 1);
  });
});

Deno.test("a token of fewer scopes can be asked for", async () => {
  await inProcess(async (run) => {
    const malipo = clientOf(run, undefined, { scope: "checkouts:read" });
    assert.deepEqual((await malipo.checkouts.list()).data, []);
    await assert.rejects(malipo.checkouts.create(order), (error) => isMalipoError(error, "insufficient_scope"));
  });
});

Deno.test("operators see clients, jobs and notices", async () => {
  await inProcess(async (run) => {
    const operator = clientOf(run, undefined, { clientId: "cli_operator", clientSecret: "operator-secret" });
    await clientOf(run).checkouts.create({ ...order, phone_number: phone });
    await run.pass();
    const made = await operator.clients.create({ name: "Webshop", scopes: ["checkouts:read"] });
    assert.match(made.secret, /^mls_/);
    assert.equal((await operator.clients.revoke(made.id)).status, "revoked");
    assert.equal((await operator.clients.get(made.id)).name, "Webshop");
    assert.ok((await operator.clients.list({ limit: 1 })).next_cursor);
    assert.ok((await operator.notices.list()).data.length > 0);
    assert.ok(Array.isArray((await operator.jobs.list()).data));
    await assert.rejects(operator.jobs.retry("job_01kamcvdf2ej5s2k8sxw9ggk6w"), MalipoError);
    const [shortcode] = (await operator.shortcodes.list()).data;
    assert.equal((await operator.shortcodes.get(shortcode?.id ?? "")).number, shortcode?.number);
  });
});
