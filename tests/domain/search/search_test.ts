import assert from "node:assert/strict";
import type { SearchHit } from "../../../src/domain/search/contract.ts";
import { searchTerms } from "../../../src/domain/search/terms.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type Client, type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";

async function found(run: InProcess, q: string, client: Client = "cli_demo"): Promise<readonly SearchHit[]> {
  const path = `/v1/search?q=${encodeURIComponent(q)}`;
  const { status, body } = await run.call<{ data: SearchHit[] }>("GET", path, undefined, { client });
  assert.equal(status, 200, q);
  return body.data;
}

Deno.test("a person finds a checkout and its payment by all that they may hold in their hand", () =>
  inProcess(async (run) => {
    const paid = await createCheckout(run, {
      amount: 123_400,
      reference: "Order-77",
      account_reference: "INV-77",
      phone_number: "0712345678",
    });
    await createCheckout(run, { reference: "Order-770" });
    await run.pass();
    const receipt = run.simulator.world.transactions.list()[0]?.receipt ?? "";
    const message = `${receipt} Confirmed. Ksh1,234.00 sent to DUKA LTD for account INV-77 on 24/11/26 at 12:30 PM.`;
    for (
      const q of [
        receipt,
        receipt.toLowerCase(),
        message,
        "0712 345 678",
        "+254712345678",
        "INV77",
        "inv-7",
        "KES 1,234",
        "1234",
      ]
    ) {
      const hits = await found(run, q);
      assert.deepEqual(hits.map(({ type }) => type), ["checkout", "payment"], q);
      assert.equal(hits[0]?.id, paid.id, q);
      assert.equal(hits[1]?.summary, `KES\u00a01,234, ${receipt}, matched`);
      assert.deepEqual(await found(run, q, "cli_other"), [], "another merchant's are not found");
    }
    assert.deepEqual((await found(run, paid.id)).map(({ id }) => id), [paid.id]);
    const [first, second] = await found(run, "Order-77");
    assert.equal(first?.id, paid.id, "the whole before the beginning, although it is older");
    assert.equal(second?.type, "checkout");
    assert.deepEqual(await found(run, "no-such-thing"), []);
  }));

Deno.test("types are left out whose scope the token lacks", () =>
  inProcess(async (run) => {
    await createCheckout(run, { reference: "a-1", phone_number: "0712345678" });
    await run.pass();
    const token = await run.token("cli_demo", "checkouts:read");
    const { body } = await run.call<{ data: SearchHit[] }>("GET", "/v1/search?q=a-1", undefined, {
      client: null,
      token,
    });
    assert.deepEqual(body.data.map(({ type }) => type), ["checkout"]);
  }));

Deno.test("a search without a text, or with too much, is refused by name", () =>
  inProcess(async (run) => {
    for (const query of ["", "?q=", "?q=%20", `?q=${"a".repeat(501)}`, "?q=a&colour=red"]) {
      const { status, body } = await run.call<ProblemBody>("GET", `/v1/search${query}`);
      assert.deepEqual([query, status, body.code], [query, 400, "invalid_query"]);
    }
  }));

Deno.test("what a text may mean", () => {
  const now = 1_000_000_000_000;
  assert.deepEqual(searchTerms("0712345678", now)[0], { phone: "254712345678" });
  assert.deepEqual(searchTerms("1,500.50", now).at(-1), {
    amount_min: 150_050,
    amount_max: 150_050,
    created_from: now - 7 * 86_400_000,
  });
  assert.deepEqual(searchTerms("order", now), [{ q: "order" }]);
});
