import assert from "node:assert/strict";
import { other, sample, shape, withSimulator } from "./harness.ts";
import { encrypted, parameters, payout, result, status } from "./payouts.ts";

Deno.test("a finished payout is found by either conversation id and by receipt", () =>
  withSimulator(async (daraja) => {
    const ack = await payout(daraja, "254712345678", "po-1");
    const paid = await result(daraja);
    const ways = [
      { OriginalConversationID: "po-1" },
      { OriginalConversationID: ack.json.ConversationID },
      { TransactionID: paid.TransactionID },
    ];
    for (const way of ways) {
      const asked = await status(daraja, way);
      assert.deepEqual(shape(asked.json), shape(await sample("status-ack")));
      const told = await result(daraja);
      assert.deepEqual(shape({ Result: told }), shape(await sample("status-result-docs-dup-key")));
      assert.deepEqual([told.ResultCode, told.OriginatorConversationID], [0, asked.json.OriginatorConversationID]);
      const found = parameters(told);
      assert.deepEqual([found.get("TransactionStatus"), found.get("ReceiptNo")], ["Completed", paid.TransactionID]);
      assert.deepEqual([found.get("OriginatorConversationID"), found.get("Amount")], ["po-1", "100"]);
    }
  }));

Deno.test("the payer and the payee are both called DebitPartyName", () =>
  withSimulator(async (daraja) => {
    await payout(daraja, "254712345678", "po-1");
    await result(daraja);
    await status(daraja, { OriginalConversationID: "po-1", Occasion: "audit" });
    const told = await result(daraja);
    const list: Array<{ Key: string; Value?: string }> = told.ResultParameters.ResultParameter;
    const [payer, payee] = list.filter((item) => item.Key === "DebitPartyName");
    assert.match(payer?.Value ?? "", /^600000 - /);
    assert.match(payee?.Value ?? "", /^254712345678 - /);
    assert.deepEqual(told.ReferenceData.ReferenceItem, { Key: "Occasion", Value: "audit" });
  }));

Deno.test("a payout that waits is Initiated and has no receipt, a failed one is Declined", () =>
  withSimulator(async (daraja) => {
    await status(daraja, { OriginalConversationID: "po-1" });
    await payout(daraja, "254712345678", "po-1");
    const waiting = parameters(await result(daraja, 1));
    assert.deepEqual([waiting.get("TransactionStatus"), waiting.get("ReceiptNo")], ["Initiated", undefined]);
    await daraja.passTime();
    await payout(daraja, "254710002040", "po-2");
    await daraja.passTime();
    await status(daraja, { OriginalConversationID: "po-2" });
    assert.equal(parameters(await result(daraja)).get("TransactionStatus"), "Declined");
  }));

Deno.test("a customer's payment is found by its receipt", () =>
  withSimulator(async (daraja) => {
    await daraja.push("254712345678");
    await daraja.passTime();
    const [entry] = await daraja.books();
    await status(daraja, { TransactionID: entry?.["receipt"] });
    const found = parameters(await result(daraja));
    assert.deepEqual([found.get("TransactionStatus"), found.get("Amount")], ["Completed", "150"]);
  }));

Deno.test("an unknown transaction, and another organisation's, is not found", () =>
  withSimulator(async (daraja) => {
    await payout(daraja, "254712345678", "po-1");
    await result(daraja);
    await status(daraja, { OriginalConversationID: "po-2" });
    assert.equal((await result(daraja)).ResultCode, 2033);
    await status(daraja, { OriginalConversationID: "po-1" }, other);
    assert.equal((await result(daraja)).ResultCode, 2033);
  }));

Deno.test("a wrong credential, or another's shortcode, is 2001 by result; a missing field is refused", () =>
  withSimulator(async (daraja) => {
    await status(daraja, { OriginalConversationID: "po-1", SecurityCredential: encrypted("wrong") });
    const told = await result(daraja);
    assert.deepEqual([told.ResultCode, told.ResultParameters], [2001, undefined]);
    await status(daraja, { OriginalConversationID: "po-1", PartyA: other.number });
    assert.equal((await result(daraja)).ResultCode, 2001);
    assert.equal((await status(daraja, {})).json.errorMessage, "Bad Request - Invalid TransactionID");
    const blank = await status(daraja, { OriginalConversationID: "po-1", Remarks: "" });
    assert.equal(blank.json.errorMessage, "Bad Request - Invalid Remarks");
  }));
