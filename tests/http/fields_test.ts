import assert from "node:assert/strict";
import { kenyanMobile } from "../../src/http/fields.ts";
import { createCheckout } from "../support/checkouts.ts";
import { inProcess, type ProblemBody } from "../support/in-process.ts";

Deno.test("a phone number is read as people paste it: with marks of direction, with 00254, with spaces", () => {
  for (const text of ["\u202a0712345678\u202c", "\u200e+254 712 345 678", "00254712345678", "00 254 712-345-678"]) {
    assert.equal(kenyanMobile(text), "254712345678", JSON.stringify(text));
  }
  for (const text of ["00255712345678", "\u202a\u202c", "000712345678", "07123\u0000456"]) {
    assert.equal(kenyanMobile(text), null, JSON.stringify(text));
  }
});

Deno.test("an account of separators alone is refused, because no payment to it could be recognised", () =>
  inProcess(async (run) => {
    for (const account_reference of ["----", ". .", "/"]) {
      const body = { amount: 100, currency: "KES", reference: "a", account_reference };
      const { status, body: problem } = await run.call<ProblemBody>("POST", "/v1/checkouts", body);
      assert.deepEqual([status, problem.errors?.[0]?.pointer], [422, "/account_reference"]);
    }
    assert.equal(await run.count("checkouts"), 0);
  }));

Deno.test("a fault of the shop's setup is not shown to the shopper; the shop's people learn what to do", async () => {
  const refusal = { requestId: "1", errorCode: "500.001.1001", errorMessage: "[MerchantValidate] - Wrong credentials" };
  await inProcess(async (run) => {
    const { last_failure } = await createCheckout(run, { phone_number: "0712345678" });
    assert.equal(last_failure?.code, "passkey_rejected");
    assert.equal(last_failure?.message, "The shop's M-Pesa could not take this payment.");
    assert.match(last_failure?.operator_message ?? "", /^Daraja refused the passkey\. Copy the passkey/);
  }, { daraja: (request) => request.url.includes("processrequest") ? Response.json(refusal, { status: 500 }) : null });
});

Deno.test("a payment is found by its receipt in any case", () =>
  inProcess(async (run) => {
    const made = await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    const { body } = await run.call<{ payment: { receipt: string; id: string } }>("GET", `/v1/checkouts/${made.id}`);
    const { receipt, id } = body.payment;
    for (const text of [receipt, receipt.toLowerCase()]) {
      const found = await run.call<{ data: { id: string }[] }>("GET", `/v1/payments?receipt=${text}`);
      assert.deepEqual(found.body.data.map((payment) => payment.id), [id]);
    }
  }));
