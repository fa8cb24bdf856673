import assert from "node:assert/strict";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../../support/in-process.ts";

const MINUTE = 60_000;
const pushes = (run: InProcess) => run.simulator.world.requests.list().filter(({ operation }) => operation === "stk");
const act = (run: InProcess, id: string, verb: string, body?: unknown) =>
  run.call<CheckoutView & Pick<ProblemBody, "code">>("POST", `/v1/checkouts/${id}/${verb}`, body);
const types = async (run: InProcess, subject: string): Promise<string[]> =>
  (await run.sql("SELECT type FROM events WHERE subject_id = ? ORDER BY id", subject)).map(([type]) => String(type));

Deno.test("a checkout without a phone is open, prompts nobody, and says where to send the shopper", async () => {
  await inProcess(async (run) => {
    const made = await createCheckout(run, { metadata: { cart: "c-77" }, return_url: "https://shop.example/thanks" });
    assert.deepEqual([made.status, made.attempts, made.payment, made.last_failure], ["open", [], null, null]);
    assert.match(made.account_reference, /^[0-9A-Z]{8}$/);
    assert.deepEqual([made.description, made.shortcode, made.metadata], ["Payment", "600000", { cart: "c-77" }]);
    assert.ok(made.hosted_url.startsWith(`${publicUrl}/pay/${made.id}?token=`));
    assert.equal(Date.parse(made.expires_at) - Date.parse(made.created_at), 30 * MINUTE);
    assert.equal(pushes(run).length, 0);
    assert.deepEqual(await getCheckout(run, made.id), made);
  });
});

Deno.test("the push asks for what the checkout says, in shillings, with a callback address of its own", async () => {
  await inProcess(async (run) => {
    const made = await createCheckout(run, {
      phone_number: "0712345678",
      account_reference: "INV1001",
      description: "Shoes",
      shortcode: "500000",
    });
    const [push] = pushes(run);
    const body = push?.body as Record<string, unknown>; // the parsed request
    assert.deepEqual(
      [body.BusinessShortCode, body.PartyB, body.TransactionType, body.Amount, body.PhoneNumber, body.AccountReference]
        .map(String),
      ["500001", "500000", "CustomerBuyGoodsOnline", "1500", "254712345678", "INV1001"],
    );
    const capability = run.services.capabilities.mint("stk", made.attempts[0]?.id ?? "");
    assert.equal(body.CallBackURL, `${publicUrl}/notify/${capability}`);
  });
});

Deno.test("a paid checkout tells its story in events and in the audit trail", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    const checkout = await getCheckout(run, id);
    assert.equal(checkout.status, "succeeded");
    assert.equal(checkout.attempts[0]?.phone_number, "2547•••••678");
    assert.notEqual(checkout.attempts[0]?.ended_at, null);
    assert.deepEqual(await types(run, id), ["checkout.created", "checkout.succeeded"]);
    assert.deepEqual(await types(run, checkout.payment?.id ?? ""), ["payment.received"]);
    const audit = await run.sql("SELECT actor, action FROM audit WHERE subject_id = ? ORDER BY seq", id);
    assert.deepEqual(audit, [["cli_demo", "checkout.created"], ["cli_demo", "attempt.accepted"], [
      "daraja",
      "checkout.told",
    ]]);
    assert.equal(await run.count("jobs"), 0, "nothing is left to do");
  });
});

Deno.test("after a failure the checkout is open again, and another phone may pay it", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0700002001" });
    await run.pass();
    const failed = await getCheckout(run, id);
    assert.deepEqual([failed.status, failed.last_failure?.code, failed.last_failure?.result_code], [
      "open",
      "wrong_pin",
      "2001",
    ]);
    const again = await act(run, id, "attempts", { phone_number: "0712345678" });
    assert.deepEqual([again.status, again.body.status, again.body.attempts.length], [201, "pending", 2]);
    await run.pass();
    const paid = await getCheckout(run, id);
    assert.deepEqual([paid.status, paid.last_failure], ["succeeded", null]);
    assert.deepEqual(paid.attempts.map(({ status }) => status), ["failed", "succeeded"]);
    assert.ok((await types(run, id)).includes("checkout.attempt_failed"));
  });
});

Deno.test("the same phone is not prompted twice at once: 409 with Retry-After, and another phone may be", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0700009009" });
    const busy = await act(run, id, "attempts", { phone_number: "+254 700 009 009" });
    assert.deepEqual([busy.status, busy.body.code], [409, "phone_busy"]);
    const wait = Number(busy.headers.get("retry-after"));
    assert.ok(wait > 50 && wait <= 60);
    assert.equal(pushes(run).length, 1);
    assert.equal((await act(run, id, "attempts", { phone_number: "0700009004" })).status, 201);
    await run.pass(wait * 1000);
    assert.equal((await act(run, id, "attempts", { phone_number: "0700009009" })).status, 201);
  });
});

Deno.test("two prompts both paid: one payment settles, the other is a duplicate to give back", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0712345678" });
    await act(run, id, "attempts", { phone_number: "0712345679" });
    await run.pass();
    const checkout = await getCheckout(run, id);
    assert.equal(checkout.status, "succeeded");
    assert.deepEqual(checkout.attempts.map(({ status }) => status).sort(), ["succeeded", "unknown"]);
    const paid = await run.sql("SELECT status, receipt FROM payments ORDER BY status");
    assert.deepEqual(paid.map(([status]) => status), ["duplicate_payment", "matched"]);
    const receipts = run.simulator.world.transactions.list().map(({ receipt }) => receipt).sort();
    assert.deepEqual(paid.map(([, receipt]) => receipt).sort(), receipts);
    assert.equal(Number((await run.sql("SELECT count(*) FROM events WHERE type = 'payment.duplicate'"))[0]?.[0]), 1);
  });
});

Deno.test("a cancelled checkout takes no prompt; money that comes all the same is recorded", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0712345678" });
    const cancelled = await act(run, id, "cancel");
    assert.deepEqual([cancelled.status, cancelled.body.status], [200, "cancelled"]);
    const late = await act(run, id, "attempts", { phone_number: "0712345679" });
    assert.deepEqual([late.status, late.body.code], [409, "checkout_not_open"]);
    const twice = await act(run, id, "cancel");
    assert.deepEqual([twice.status, twice.body.code], [409, "wrong_state"]);
    await run.pass();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual(await types(run, id), ["checkout.created", "checkout.cancelled", "checkout.succeeded"]);
  });
});

Deno.test("a checkout that nobody pays expires, and then takes no prompt", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { expires_in: 60 });
    await run.pass(59_000);
    assert.equal((await getCheckout(run, id)).status, "open");
    await run.pass(2_000);
    assert.equal((await getCheckout(run, id)).status, "expired");
    const late = await act(run, id, "attempts", { phone_number: "0712345678" });
    assert.deepEqual([late.status, late.body.code], [409, "checkout_not_open"]);
    assert.deepEqual(await types(run, id), ["checkout.created", "checkout.expired"]);
  });
});

Deno.test("a checkout takes no prompt once its time is over, though no job has looked yet", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { expires_in: 60 });
    await run.pass(60_000);
    const late = await act(run, id, "attempts", { phone_number: "0712345678" });
    assert.deepEqual([late.status, late.body.code], [409, "checkout_not_open"]);
    assert.equal(pushes(run).length, 0);
  }, { withoutJobs: true });
});

Deno.test("9004: paid after the plan of polls ended and the checkout went to review", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0700009004", expires_in: 60 });
    await run.pass(80_000);
    assert.equal((await getCheckout(run, id)).status, "pending", "a prompt under way outlives the checkout");
    await run.pass(20_000);
    assert.equal((await getCheckout(run, id)).status, "succeeded");
  });
});

Deno.test("9009: an unanswered push is unknown after two minutes, the checkout open, and in review at its expiry", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0700009009", expires_in: 600 });
    await run.pass(119_000);
    assert.equal((await getCheckout(run, id)).attempts[0]?.status, "pending");
    await run.pass(2_000);
    const unknown = await getCheckout(run, id);
    assert.deepEqual([unknown.status, unknown.attempts[0]?.status, unknown.last_failure], ["open", "unknown", null]);
    await run.pass(10 * MINUTE);
    assert.equal((await getCheckout(run, id)).status, "review");
    assert.deepEqual(await types(run, id), ["checkout.created", "checkout.review"]);
  });
});

Deno.test("polls come at 20 s, 50 s, 110 s, 4, 9, 19 and 49 minutes, a tenth later at most, then it is unknown", async () => {
  const plan = [20, 50, 110, 240, 540, 1140, 2940];
  const asked: number[] = [];
  let now = () => 0;
  const being = { errorCode: "500.001.1001", errorMessage: "The transaction is being processed" };
  const daraja = (request: Request): Response | null => {
    if (!request.url.includes("stkpushquery")) return null;
    asked.push(now());
    return Response.json(being, { status: 500 });
  };
  await inProcess(async (run) => {
    now = () => run.time.now();
    const started = run.time.now();
    const { id } = await createCheckout(run, { phone_number: "0700009001", expires_in: 7_200 });
    await run.pass(55 * MINUTE);
    assert.equal(asked.length, plan.length);
    asked.map((at) => (at - started) / 1000).forEach((at, i) => {
      assert.ok(at >= (plan[i] ?? 0) && at <= (plan[i] ?? 0) * 1.1 + 1, `poll ${i} at ${at} s`);
    });
    const { status, attempts } = await getCheckout(run, id);
    assert.deepEqual([status, attempts[0]?.status], ["open", "unknown"]);
  }, { daraja });
});

Deno.test("refresh asks Daraja now, and answers what it learnt", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0700009001" });
    const refreshed = await act(run, id, "refresh");
    assert.deepEqual([refreshed.status, refreshed.body.status, refreshed.body.payment?.receipt], [
      200,
      "succeeded",
      null,
    ]);
    const before = run.simulator.world.requests.list().length;
    const again = await act(run, id, "refresh");
    assert.deepEqual([again.status, again.body.status], [200, "succeeded"]);
    assert.equal(run.simulator.world.requests.list().length, before, "what has ended is not asked about");
  });
});

Deno.test("refresh of what has ended answers 200, unchanged", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { expires_in: 30 });
    await run.pass(31_000);
    const before = await getCheckout(run, id);
    const { status, body } = await act(run, id, "refresh");
    assert.equal(status, 200);
    assert.deepEqual(body, before);
  });
});

Deno.test("a push that Daraja refuses fails the attempt with our code, and the checkout stays open", async () => {
  const refusal = { requestId: "1", errorCode: "400.002.02", errorMessage: "Bad Request - Invalid PhoneNumber" };
  await inProcess(async (run) => {
    const made = await createCheckout(run, { phone_number: "0712345678" });
    assert.deepEqual([made.status, made.attempts[0]?.status, made.last_failure?.code], [
      "open",
      "failed",
      "phone_invalid",
    ]);
  }, { daraja: (request) => request.url.includes("processrequest") ? Response.json(refusal, { status: 400 }) : null });
});

Deno.test("a push that provably never left fails the attempt with daraja_unreachable", async () => {
  const refused = new TypeError("error sending request");
  refused.cause = Object.assign(new Error("client error (Connect): tcp connect error: Connection refused"), {
    code: "ECONNREFUSED",
  });
  await inProcess(async (run) => {
    const made = await createCheckout(run, { phone_number: "0712345678" });
    assert.deepEqual([made.status, made.attempts[0]?.status, made.last_failure?.code], [
      "open",
      "failed",
      "daraja_unreachable",
    ]);
  }, {
    daraja: (request) => request.url.includes("processrequest") ? Promise.reject(refused) : null,
  });
});

Deno.test("a push without a clear answer is a 201 with a pending attempt", async () => {
  await inProcess(async (run) => {
    const made = await createCheckout(run, { phone_number: "0712345678" });
    assert.deepEqual([made.status, made.attempts[0]?.status, made.attempts[0]?.accepted_at], [
      "pending",
      "pending",
      null,
    ]);
  }, {
    daraja: (request) =>
      request.url.includes("processrequest") ? Promise.reject(new TypeError("connection reset")) : null,
  });
});

Deno.test("a later prompt is first asked about after 20 s, like the first, and an outage asks once for all polls it missed", () =>
  inProcess(async (run) => {
    const made = await createCheckout(run, { phone_number: "254700001032" });
    await run.pass(10_000);
    const again = { phone_number: "254700009004" }; // no callback for 90 s; the query says 4999
    assert.equal((await run.call("POST", `/v1/checkouts/${made.id}/attempts`, again)).status, 201);
    const queries = () =>
      run.simulator.world.requests.list().filter(({ operation }) => operation === "stk_query").length;
    const before = queries();
    await run.pass(19_000);
    assert.equal(queries(), before);
    await run.pass(4_000);
    assert.equal(queries(), before + 1);
    run.time.skip(60_000); // nothing ran for a minute
    await run.sweep();
    await run.pass(1_000);
    assert.equal(queries(), before + 2);
  }));
