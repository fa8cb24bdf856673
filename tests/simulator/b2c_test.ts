import assert from "node:assert/strict";
import { delayMs, other, sample, shape, shop, withSimulator } from "./harness.ts";
import { encrypted, parameters, payout, payoutBody, result, resultUrl, status, timeoutUrl } from "./payouts.ts";

Deno.test("a payout is accepted, then paid from the utility account", () =>
  withSimulator(async (daraja) => {
    const ack = await payout(daraja, "254712345678", "po-1");
    assert.deepEqual(shape(ack.json), shape(await sample("b2c-ack")));
    assert.equal(ack.json.OriginatorConversationID, "po-1");
    assert.match(ack.json.ConversationID, /^AG_20261122_2010[0-9a-f]{16}$/);
    assert.deepEqual(await daraja.books(), []);
    const outcome = await result(daraja);
    assert.equal(daraja.received[0]?.url, resultUrl);
    assert.deepEqual(shape({ Result: outcome }), shape(await sample("b2c-result-ok-docs")));
    assert.deepEqual([outcome.ResultCode, outcome.OriginatorConversationID], [0, "po-1"]);
    assert.equal(outcome.ConversationID, ack.json.ConversationID);
    const found = parameters(outcome);
    assert.equal(found.get("TransactionReceipt"), outcome.TransactionID);
    assert.equal(found.get("B2CUtilityAccountAvailableFunds"), shop.utilityBalance - 100);
    assert.equal(found.get("TransactionCompletedDateTime"), "22.11.2026 10:00:01");
    const [entry] = await daraja.books();
    assert.deepEqual(
      [entry?.["kind"], entry?.["amount"], entry?.["phone"], entry?.["originator_conversation_id"]],
      ["b2c", 100, "254712345678", "po-1"],
    );
    assert.equal(entry?.["receipt"], outcome.TransactionID);
  }));

Deno.test("version 1 takes no id and makes one", () =>
  withSimulator(async (daraja) => {
    const { OriginatorConversationID: _none, ...body } = payoutBody("254712345678", "");
    const ack = await daraja.call("/mpesa/b2c/v1/paymentrequest", body);
    assert.equal(ack.status, 200);
    const outcome = await result(daraja);
    assert.equal(outcome.OriginatorConversationID, ack.json.OriginatorConversationID);
    assert.equal((await daraja.call("/mpesa/b2c/v3/paymentrequest", body)).status, 400);
  }));

Deno.test("a wrong field is refused by its name", () =>
  withSimulator(async (daraja) => {
    const cases: Array<[Record<string, unknown>, string]> = [
      [{ OriginatorConversationID: "" }, "OriginatorConversationID"],
      [{ InitiatorName: undefined }, "InitiatorName"],
      [{ SecurityCredential: undefined }, "SecurityCredential"],
      [{ CommandID: "Salary" }, "CommandID"],
      [{ Amount: 9 }, "Amount"],
      [{ Amount: 250_001 }, "Amount"],
      [{ Amount: "10.50" }, "Amount"],
      [{ PartyA: "" }, "PartyA"],
      [{ PartyB: "0712345678" }, "PartyB"],
      [{ Remarks: "x" }, "Remarks"],
      [{ Remarks: "x".repeat(101) }, "Remarks"],
      [{ Occassion: "x".repeat(101) }, "Occassion"],
      [{ QueueTimeOutURL: undefined }, "QueueTimeOutURL"],
      [{ ResultURL: "http://127.0.0.1/a b" }, "ResultURL"],
    ];
    for (const [change, field] of cases) {
      const answer = await payout(daraja, "254712345678", "po-1", change);
      assert.deepEqual([field, answer.status], [field, 400]);
      assert.equal(answer.json.errorMessage, `Bad Request - Invalid ${field}`);
    }
    assert.equal((await payout(daraja, "254712345678", "po-1")).status, 200);
  }));

Deno.test("an id is taken once: the second request is a duplicate, and one payout is made", () =>
  withSimulator(async (daraja) => {
    await payout(daraja, "254712345678", "po-1");
    for (let i = 0; i < 2; i++) {
      const again = await payout(daraja, "254712345678", "po-1");
      assert.deepEqual([again.status, again.json.errorCode], [500, "500.002.1001"]);
      assert.equal(again.json.errorMessage, "Duplicate OriginatorConversationID.");
      await daraja.passTime();
    }
    assert.equal((await daraja.books()).length, 1);
  }));

Deno.test("the last four digits of the phone are the result code of a failing payout", () =>
  withSimulator(async (daraja) => {
    for (const code of [1, 2, 3, 4, 8, 11, 21, 2001, 2006, 2028, 2040, 8006]) {
      await payout(daraja, `25471000${String(code).padStart(4, "0")}`, `po-${code}`);
      const outcome = await result(daraja);
      assert.deepEqual(shape({ Result: outcome }), shape(await sample("b2c-result-2001-2018")));
      assert.equal(outcome.ResultCode, code);
      assert.match(outcome.TransactionID, /^UKM0000000$/);
    }
    assert.deepEqual(await daraja.books(), []);
  }));

Deno.test("a wrong initiator, credential or shortcode fails by result", () =>
  withSimulator(async (daraja) => {
    const cases: Array<[Record<string, unknown>, number]> = [
      [{ InitiatorName: "nobody" }, 2001],
      [{ SecurityCredential: encrypted("wrong") }, 2001],
      [{ SecurityCredential: "AAAA" }, 2001],
      [{ SecurityCredential: btoa(shop.initiatorPassword) }, 2001],
      [{ PartyA: other.number }, 2028],
      [{ PartyA: "999999" }, 2028],
    ];
    for (const [index, [change, code]] of cases.entries()) {
      assert.equal((await payout(daraja, "254712345678", `po-${index}`, change)).status, 200);
      assert.equal((await result(daraja)).ResultCode, code);
    }
    assert.deepEqual(await daraja.books(), []);
  }));

Deno.test("the utility account really goes down, refuses when empty, and takes what customers pay", () =>
  withSimulator(async (daraja) => {
    await payout(daraja, "254712345678", "po-1", { Amount: 150 });
    assert.equal((await result(daraja)).ResultCode, 0);
    await payout(daraja, "254712345678", "po-2", { Amount: 51 });
    assert.equal((await result(daraja)).ResultCode, 1);
    await daraja.push("254712345678", { Amount: 1 });
    await daraja.passTime();
    await payout(daraja, "254712345678", "po-3", { Amount: 51 });
    const paid = await result(daraja);
    assert.deepEqual([paid.ResultCode, parameters(paid).get("B2CUtilityAccountAvailableFunds")], [0, 0]);
  }, { shortcodes: [{ ...shop, utilityBalance: 200 }] }));

Deno.test("9014 is paid and never told; Transaction Status says Completed", () =>
  withSimulator(async (daraja) => {
    assert.equal((await payout(daraja, "254712349014", "po-1")).status, 200);
    await daraja.passTime(1_800_000);
    assert.deepEqual([daraja.received.length, (await daraja.books()).length], [0, 1]);
    await status(daraja, { OriginalConversationID: "po-1" });
    assert.equal(parameters(await result(daraja)).get("TransactionStatus"), "Completed");
  }));

Deno.test("9015 is refused as an internal error though taken and paid, and a second request is a duplicate", () =>
  withSimulator(async (daraja) => {
    const answer = await payout(daraja, "254712349015", "po-1");
    assert.deepEqual([answer.status, answer.json.errorCode], [500, "500.002.1001"]);
    assert.equal(answer.json.errorMessage, "System internal error.");
    const again = await payout(daraja, "254712349015", "po-1");
    assert.equal(again.json.errorMessage, "Duplicate OriginatorConversationID.");
    await daraja.passTime(1_800_000);
    assert.deepEqual([daraja.received.length, (await daraja.books()).length], [0, 1]);
    await status(daraja, { OriginalConversationID: "po-1" });
    assert.equal(parameters(await result(daraja)).get("TransactionStatus"), "Completed");
  }));

Deno.test("9016 times out in the queue, and then is paid", () =>
  withSimulator(async (daraja) => {
    await payout(daraja, "254712349016", "po-1");
    await daraja.passTime(delayMs);
    const [notice, ...early] = daraja.received;
    assert.equal(notice?.url, timeoutUrl);
    assert.deepEqual([early.length, await daraja.books()], [0, []]);
    assert.deepEqual(shape(notice.json), shape(await sample("queue-timeout-modelled")));
    assert.equal(notice.json.Result.OriginatorConversationID, "po-1");
    assert.equal((await result(daraja, 2)).ResultCode, 0);
    assert.deepEqual([daraja.received[1]?.url, (await daraja.books()).length], [resultUrl, 1]);
  }));

Deno.test("9017 is accepted and lost: no money, no result, not found, and a duplicate when sent again", () =>
  withSimulator(async (daraja) => {
    assert.equal((await payout(daraja, "254712349017", "po-1")).status, 200);
    await daraja.passTime(1_800_000);
    assert.deepEqual([daraja.received.length, await daraja.books()], [0, []]);
    await status(daraja, { OriginalConversationID: "po-1" });
    const outcome = await result(daraja);
    assert.deepEqual([outcome.ResultCode, outcome.ResultParameters], [2033, undefined]);
    assert.equal((await payout(daraja, "254712349017", "po-1")).json.errorCode, "500.002.1001");
  }));
