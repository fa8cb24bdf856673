import assert from "node:assert/strict";
import { type Harness, withSimulator } from "./harness.ts";

const phone = "254712345678";
const json = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
const form = (fields: Record<string, string>): RequestInit => ({ method: "POST", body: new URLSearchParams(fields) });

async function held(daraja: Harness): Promise<string> {
  assert.equal((await daraja.send(`/_simulator/handsets/${phone}`, json({ manual: true }))).status, 200);
  const answer = await daraja.push(phone);
  await daraja.passTime(1_800_000);
  assert.equal(daraja.received.length, 0);
  return answer.json.CheckoutRequestID;
}

Deno.test("a held phone's prompt waits until a person answers it", async () => {
  for (const [answer, code] of [["pay", 0], ["decline", 1032], ["wrong_pin", 2001]] as const) {
    await withSimulator(async (daraja) => {
      const id = await held(daraja);
      assert.equal((await daraja.query(id)).json.ResultCode, "4999");
      const said = await daraja.send(`/_simulator/prompts/${id}`, json({ answer }));
      assert.equal(said.json.status, code === 0 ? "paid" : "failed");
      const [callback] = await daraja.callbacks();
      assert.equal(callback?.json.Body.stkCallback.ResultCode, code);
      assert.equal((await daraja.books()).length, code === 0 ? 1 : 0);
      assert.equal((await daraja.send(`/_simulator/prompts/${id}`, json({ answer }))).status, 409);
    });
  }
});

Deno.test("a phone that is let go answers what it held by itself", () =>
  withSimulator(async (daraja) => {
    await held(daraja);
    await daraja.send(`/_simulator/handsets/${phone}`, json({ manual: false }));
    const [callback] = await daraja.callbacks();
    assert.equal(callback?.json.Body.stkCallback.ResultCode, 0);
  }));

Deno.test("an automatic phone can be answered before its time, and calls back once", () =>
  withSimulator(async (daraja) => {
    const id = (await daraja.push(phone)).json.CheckoutRequestID;
    await daraja.send(`/_simulator/prompts/${id}`, json({ answer: "decline" }));
    await daraja.passTime();
    assert.deepEqual(daraja.received.map((one) => one.json.Body.stkCallback.ResultCode), [1032]);
  }));

Deno.test("forms work without script and lead back to the page", () =>
  withSimulator(async (daraja) => {
    const hold = await daraja.send("/_simulator/handsets", form({ phone: "0712 345 678", manual: "true" }));
    assert.equal(hold.status, 303);
    const id = (await daraja.push(phone)).json.CheckoutRequestID;
    const page = await daraja.send(`/_simulator/?phone=${phone}`);
    assert.ok(page.text.includes(`action="/_simulator/prompts/${id}"`));
    const response = await daraja.simulator.app.request(
      `/_simulator/prompts/${id}`,
      form({ answer: "pay", view: phone }),
    );
    assert.deepEqual([response.status, response.headers.get("location")], [303, `/_simulator/?phone=${phone}`]);
    assert.equal((await daraja.callbacks()).length, 1);
  }));

Deno.test("the page has no inline script and shows what callers sent as text", () =>
  withSimulator(async (daraja) => {
    await daraja.push(phone, { AccountReference: "<b>x" });
    const response = await daraja.simulator.app.request("/_simulator/");
    const text = await response.text();
    assert.match(text, /^<!DOCTYPE html><html lang="en">/);
    assert.ok(text.includes("&lt;b&gt;x") && !text.includes("<b>x"));
    assert.match(response.headers.get("content-security-policy") ?? "", /script-src 'self'/);
    assert.doesNotMatch(text, /<script(?! src="\/_simulator\/handset\.js")|\son\w+=|style=/);
    for (const file of ["handset.js", "handset.css"]) {
      assert.equal((await daraja.send(`/_simulator/${file}`)).status, 200);
    }
    assert.equal((await daraja.send("/_simulator")).status, 302);
  }));

Deno.test("a wrong phone, prompt or answer is refused", () =>
  withSimulator(async (daraja) => {
    const id = await held(daraja);
    assert.equal((await daraja.send("/_simulator/handsets/12", json({ manual: true }))).status, 422);
    assert.equal((await daraja.send("/_simulator/prompts/none", json({ answer: "pay" }))).status, 404);
    assert.equal((await daraja.send(`/_simulator/prompts/${id}`, json({ answer: "maybe" }))).status, 422);
  }));

Deno.test("the handset tells its owner what happened in a customer's words, and the API keeps Daraja's", () =>
  withSimulator(async (daraja) => {
    const id = await held(daraja);
    const { json: prompt } = await daraja.send(`/_simulator/prompts/${id}`, json({ answer: "wrong_pin" }));
    assert.deepEqual([prompt.outcome, prompt.words], [
      "The initiator information is invalid.",
      "You entered a wrong PIN.",
    ]);
    const page = await daraja.send("/_simulator/", {});
    assert.match(page.text, /failed\. You entered a wrong PIN\./);
    assert.doesNotMatch(page.text, /initiator| key="/);
  }));
