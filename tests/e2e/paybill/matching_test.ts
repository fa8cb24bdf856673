import assert from "node:assert/strict";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { allPayments, awaiting, createCheckout, getCheckout, match, pay, paymentOf } from "./support.ts";

const statuses = async (run: InProcess) =>
  (await allPayments(run)).map((p) => [p.amount, p.status] as const).toSorted((a, b) => b[0] - a[0]);

Deno.test("a checkout says how it is paid without a prompt: paybill and account, or the till", async () => {
  await inProcess(async (run) => {
    const checkout = await awaiting(run, "INV-1001");
    assert.deepEqual([checkout.paybill, checkout.till], [{ number: "600000", account: "INV-1001" }, null]);
    const atTill = await createCheckout(run, { shortcode: "500000" });
    assert.deepEqual([atTill.paybill, atTill.till], [null, { number: "500000" }]);
  });
});

Deno.test("money at the paybill pays the checkout that its account names, however it is spelt", async () => {
  await inProcess(async (run) => {
    for (const [account, typed] of [["INV-1001", " inv 1001 "], ["A.7/b", "a7B"]] as const) {
      const checkout = await awaiting(run, account);
      const { receipt } = await pay(run, typed, 1500);
      const paid = await getCheckout(run, checkout.id);
      assert.deepEqual([paid.status, paid.payment?.receipt, paid.payment?.amount], ["succeeded", receipt, 150_000]);
      const { status, channel, checkout: of, notices, account_reference } = await paymentOf(run, receipt);
      assert.deepEqual([status, channel, of], ["matched", "c2b", checkout.id]);
      assert.deepEqual([notices.map(({ kind }) => kind), account_reference], [["c2b_confirmation"], typed.trim()]);
    }
  });
});

Deno.test("less than was asked is partial, and parts that add up settle the checkout", async () => {
  await inProcess(async (run) => {
    const { id } = await awaiting(run, "INV-1");
    await pay(run, "INV-1", 1000);
    assert.equal((await getCheckout(run, id)).status, "open");
    assert.deepEqual(await statuses(run), [[100_000, "partial"]]);
    await pay(run, "INV-1", 200);
    assert.deepEqual(await statuses(run), [[100_000, "partial"], [20_000, "partial"]]);
    await pay(run, "INV-1", 500);
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual(await statuses(run), [[100_000, "matched"], [50_000, "matched"], [20_000, "duplicate_payment"]]);
  });
});

Deno.test("a checkout that expires with part of its money is in review, and the rest still settles it", async () => {
  await inProcess(async (run) => {
    const { id } = await awaiting(run, "INV-1");
    await pay(run, "INV-1", 1000);
    await run.pass(31 * 60_000);
    assert.equal((await getCheckout(run, id)).status, "review");
    await pay(run, "INV-1", 500);
    assert.equal((await getCheckout(run, id)).status, "succeeded");
  });
});

Deno.test("more than was asked waits for a person, with the checkout suggested", async () => {
  await inProcess(async (run) => {
    const { id } = await awaiting(run, "INV-1");
    const { receipt } = await pay(run, "INV-1", 1600);
    const payment = await paymentOf(run, receipt);
    assert.deepEqual([payment.status, payment.checkout], ["unmatched", null]);
    assert.deepEqual(payment.suggestions.map((s) => [s.checkout, s.reason]), [[id, "same_account"]]);
    const matched = await match(run, payment.id, id);
    assert.deepEqual([matched.status, matched.body.status, matched.body.checkout], [200, "matched", id]);
    assert.deepEqual(matched.body.suggestions, []);
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    const [audit] = await run.sql("SELECT actor, data FROM audit WHERE action = 'payment.matched'");
    assert.equal(audit?.[0], "cli_demo");
    assert.deepEqual(JSON.parse(String(audit?.[1])), {
      checkout: id,
      was: "unmatched",
      from: null,
      amount: 160_000,
      asked: 150_000,
      difference: 10_000,
    });
  });
});

Deno.test("an account one slip away is suggested to a person and never matched by itself", async () => {
  await inProcess(async (run) => {
    const { id } = await awaiting(run, "INV-1001");
    await awaiting(run, "XYZ-9");
    for (const typed of ["INV101", "INV10010", "INV1002", "IVN1001"]) {
      const payment = await paymentOf(run, (await pay(run, typed, 1500)).receipt);
      assert.equal(payment.status, "unmatched", typed);
      assert.deepEqual(payment.suggestions.map((s) => [s.checkout, s.reason]), [[id, "similar_account"]], typed);
    }
    assert.equal((await getCheckout(run, id)).status, "open");
    assert.deepEqual((await paymentOf(run, (await pay(run, "QQQ", 1500)).receipt)).suggestions, []);
  });
});

Deno.test("several waiting checkouts of one account and amount are no guess of ours", async () => {
  await inProcess(async (run) => {
    const ids = [await awaiting(run, "ROOM-5"), await awaiting(run, "ROOM-5")].map(({ id }) => id);
    const { receipt } = await pay(run, "room5", 1500);
    const payment = await paymentOf(run, receipt);
    assert.equal(payment.status, "unmatched");
    assert.deepEqual(payment.suggestions.map((s) => s.checkout).toSorted(), ids.toSorted());
    const other = await awaiting(run, "ROOM-5", 70_000);
    await pay(run, "room5", 700);
    assert.equal((await getCheckout(run, other.id)).status, "succeeded");
  });
});

Deno.test("money for a checkout that is paid already is a duplicate, whatever its amount", async () => {
  await inProcess(async (run) => {
    await awaiting(run, "INV-1");
    for (const amount of [1500, 1500, 100, 9000]) await pay(run, "INV-1", amount);
    assert.deepEqual(await statuses(run), [
      [900_000, "duplicate_payment"],
      [150_000, "duplicate_payment"],
      [150_000, "matched"],
      [10_000, "duplicate_payment"],
    ]);
    const { body } = await run.call<{ data: PaymentView[] }>("GET", "/v1/payments?status=duplicate_payment");
    assert.equal(body.data.length, 3);
  });
});

Deno.test("money that comes late, for an expired or cancelled checkout, still pays it", async () => {
  await inProcess(async (run) => {
    const expired = await awaiting(run, "LATE-1");
    const cancelled = await awaiting(run, "LATE-2");
    await run.call("POST", `/v1/checkouts/${cancelled.id}/cancel`);
    await run.pass(31 * 60_000);
    assert.equal((await getCheckout(run, expired.id)).status, "expired");
    await pay(run, "LATE-1", 1500);
    await pay(run, "LATE-2", 1500);
    for (const { id } of [expired, cancelled]) assert.equal((await getCheckout(run, id)).status, "succeeded");
  });
});

Deno.test("money long after a checkout's end may be for something else, and waits for a person", async () => {
  await inProcess(async (run) => {
    const { id } = await awaiting(run, "OLD-1");
    await run.pass(8 * 86_400_000);
    const payment = await paymentOf(run, (await pay(run, "OLD-1", 1500)).receipt);
    assert.deepEqual([payment.status, payment.suggestions[0]?.checkout], ["unmatched", id]);
  });
});

Deno.test("matching by hand: said twice it is done once; each wrong state and place is refused", async () => {
  await inProcess(async (run) => {
    const [first, second] = [await awaiting(run, "AAA-1"), await awaiting(run, "BBB-1")];
    const payment = await paymentOf(run, (await pay(run, "zzz", 1500)).receipt);
    const refused = async (payment: string, checkout: string, client: "cli_demo" | "cli_other" = "cli_demo") => {
      const answer = await match(run, payment, checkout, { client });
      const body = answer.body as unknown as ProblemBody;
      return [answer.status, body.code, body.errors?.[0]?.pointer];
    };
    const theirs = await createCheckout(run, {}, { client: "cli_other" });
    const till = await createCheckout(run, { shortcode: "500000" });
    assert.deepEqual(await refused(payment.id, theirs.id), [422, "validation_failed", "/checkout"]);
    assert.deepEqual(await refused(payment.id, till.id), [422, "validation_failed", "/checkout"]);
    assert.deepEqual(await refused(payment.id, "chk_nothing"), [422, "validation_failed", "/checkout"]);
    assert.deepEqual(await refused(payment.id, theirs.id, "cli_other"), [404, "not_found", undefined]);
    assert.deepEqual(await refused("pay_nothing", first.id), [404, "not_found", undefined]);

    assert.equal((await match(run, payment.id, first.id)).status, 200);
    const audits = await run.count("audit");
    assert.equal((await match(run, payment.id, first.id)).status, 200);
    assert.equal(await run.count("audit"), audits, "a repeat writes nothing");
    const more = await paymentOf(run, (await pay(run, "yyy", 1500)).receipt);
    assert.deepEqual(await refused(more.id, first.id), [409, "wrong_state", undefined]);
    const events = () => run.sql("SELECT type FROM events WHERE type = 'payment.matched'");
    assert.equal((await events()).length, 1);
    assert.equal((await match(run, payment.id, second.id)).status, 200, "it may be repeated to move");
    assert.equal((await getCheckout(run, first.id)).status, "open");
    assert.equal((await events()).length, 2);
  });
});

Deno.test("a partial payment is accepted as it is, or moved to another checkout, by a person", async () => {
  await inProcess(async (run) => {
    const [first, second] = [await awaiting(run, "AAA-1"), await awaiting(run, "BBB-1")];
    const part = await paymentOf(run, (await pay(run, "AAA-1", 1000)).receipt);
    assert.equal(part.status, "partial");
    assert.equal((await match(run, part.id, second.id)).status, 200);
    assert.deepEqual([(await getCheckout(run, first.id)).status, (await getCheckout(run, second.id)).status], [
      "open",
      "succeeded",
    ]);
    const more = await paymentOf(run, (await pay(run, "AAA-1", 900)).receipt);
    const typo = await paymentOf(run, (await pay(run, "AAA-l", 600)).receipt);
    assert.equal((await match(run, typo.id, first.id)).body.status, "matched");
    assert.equal((await paymentOf(run, more.receipt)).status, "matched", "the part that came before counts in");
  });
});

Deno.test("two people match one payment to two checkouts at once: one of them is told no", async () => {
  await inProcess(async (run) => {
    for (let round = 0; round < 5; round++) {
      const ids = [await awaiting(run, `A${round}A`), await awaiting(run, `B${round}B`)].map(({ id }) => id);
      const payment = await paymentOf(run, (await pay(run, `zz${round}`, 1500)).receipt);
      const answers = await Promise.all(ids.map((id) => match(run, payment.id, id)));
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409]);
      const paid = await Promise.all(ids.map((id) => getCheckout(run, id)));
      assert.deepEqual(paid.map(({ status }) => status).toSorted(), ["open", "succeeded"]);
    }
  });
});

Deno.test("matching takes payments:write, and another merchant's payments are not there", async () => {
  await inProcess(async (run) => {
    const { id } = await awaiting(run, "AAA-1");
    const payment = await paymentOf(run, (await pay(run, "zzz", 1500)).receipt);
    const token = await run.token("cli_demo", "payments:read");
    assert.equal((await match(run, payment.id, id, { token })).status, 403);
    assert.equal((await match(run, payment.id, id, { client: null })).status, 401);
    const foreign = await run.call("GET", `/v1/payments/${payment.id}`, undefined, { client: "cli_other" });
    assert.equal(foreign.status, 404);
    const others = (await createCheckout(run, {}, { client: "cli_other" })).id;
    const answers = [others, "chk_01kamcvdf2ej5s2k8sxw9ggk6r"].map(async (to) => {
      const path = `/v1/payments/${payment.id}/match`;
      const { status, body } = await run.call<ProblemBody>("POST", path, { checkout: to });
      return [status, body.errors?.[0]?.detail];
    });
    const [toOthers, toNone] = await Promise.all(answers);
    assert.deepEqual([toOthers, toOthers?.[0]], [toNone, 422], "another's checkout answers as one that there is not");
  });
});
