import assert from "node:assert/strict";
import { registeredShortcodes } from "../../src/cli/seed.ts";
import { sha256 } from "../../src/crypto/hash.ts";
import { createCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";
import { clientFor, nameOf, operations, pathOf, queryOf } from "../support/routes.ts";

interface Listed {
  readonly data: readonly { readonly id: string }[];
  readonly next_cursor: string | null;
}

const HOUR_MS = 3_600_000;
const lists = operations.filter((operation) => queryOf(operation).includes("cursor"));
const rfc3339 = (ms: number): string => new Date(ms).toISOString();

async function idsOf(run: InProcess, query: string, client?: "cli_other"): Promise<string[]> {
  const { status, body } = await run.call<Listed>("GET", query, undefined, client === undefined ? {} : { client });
  assert.equal(status, 200, `${query}: ${JSON.stringify(body)}`);
  return body.data.map(({ id }) => id);
}

/** A paybill confirmation, with the payer's number as M-Pesa may write it. */
async function confirm(run: InProcess, receipt: string, msisdn: string): Promise<string> {
  const [shortcode] = registeredShortcodes;
  const notice = {
    TransactionType: "Pay Bill",
    TransID: receipt,
    TransTime: "20261124123000",
    TransAmount: "700.00",
    BusinessShortCode: "600000",
    BillRefNumber: "NOBODY",
    MSISDN: msisdn,
    FirstName: "JOHN",
  };
  await run.notify(run.services.capabilities.mint("c2b_confirmation", shortcode?.id ?? ""), JSON.stringify(notice));
  await run.idle();
  return (await run.call<Listed>("GET", `/v1/payments?receipt=${receipt}`)).body.data[0]?.id ?? "none";
}

Deno.test("times are half open, also with an offset, and an hour between two rows is enough", () =>
  inProcess(async (run) => {
    const made: { id: string; at: number }[] = [];
    for (let i = 0; i < 3; i++) {
      made.unshift({ id: (await createCheckout(run)).id, at: run.time.now() });
      await run.pass(HOUR_MS);
    }
    const [third, second, first] = made as [typeof made[0], typeof made[0], typeof made[0]];
    const ids = (query: string) => idsOf(run, `/v1/checkouts?${query}`);
    assert.deepEqual(await ids(`created_from=${rfc3339(second.at)}`), [third.id, second.id]);
    assert.deepEqual(await ids(`created_from=${rfc3339(second.at + 1)}`), [third.id]);
    assert.deepEqual(await ids(`created_to=${rfc3339(second.at)}`), [first.id]);
    assert.deepEqual(await ids(`created_from=${rfc3339(first.at)}&created_to=${rfc3339(third.at)}`), [
      second.id,
      first.id,
    ]);
    const nairobi = rfc3339(second.at + 3 * HOUR_MS).replace("Z", "+03:00");
    assert.deepEqual(await ids(`created_to=${nairobi}`), [first.id], "a plus that is not encoded");
    assert.deepEqual(await ids(`created_to=${encodeURIComponent(nairobi)}`), [first.id]);
    const { body } = await run.call<Listed>("GET", `/v1/checkouts?limit=1&created_to=${rfc3339(third.at)}`);
    const next = await ids(`limit=1&created_to=${rfc3339(third.at)}&cursor=${body.next_cursor}`);
    assert.deepEqual([body.data[0]?.id, ...next], [second.id, first.id], "pages keep the filter");
  }));

Deno.test("amounts are inclusive, in cents", () =>
  inProcess(async (run) => {
    const small = await createCheckout(run, { amount: 10_000 });
    const middle = await createCheckout(run, { amount: 20_000 });
    const large = await createCheckout(run, { amount: 30_000 });
    const ids = (query: string) => idsOf(run, `/v1/checkouts?${query}`);
    assert.deepEqual(await ids("amount_min=20000"), [large.id, middle.id]);
    assert.deepEqual(await ids("amount_max=20000"), [middle.id, small.id]);
    assert.deepEqual(await ids("amount_min=10001&amount_max=29999"), [middle.id]);
  }));

Deno.test("a phone is found in any Kenyan spelling, of a prompt, a paybill payment and a payout, for its merchant only", () =>
  inProcess(async (run) => {
    const prompted = await createCheckout(run, { phone_number: "0712345678" });
    await createCheckout(run, { phone_number: "0712345679" });
    await run.pass();
    const clear = await confirm(run, "UKM1A2B3C4", "254722000111");
    const hashed = await confirm(run, "UKM1A2B3C5", sha256("254722000111").toHex());
    await confirm(run, "UKM1A2B3C6", "2547 ***** 111");
    const payout = {
      amount: 100_000,
      currency: "KES",
      phone_number: "0712345678",
      reference: "emp-1",
      purpose: "salary",
    };
    const { body: paid } = await run.call<{ id: string }>("POST", "/v1/payouts", payout);
    for (const phone of ["0712345678", "%2B254712345678", "254712345678", "+254 712 345 678", "712345678"]) {
      assert.deepEqual(await idsOf(run, `/v1/checkouts?phone=${phone}`), [prompted.id], phone);
      assert.deepEqual(await idsOf(run, `/v1/payouts?phone=${phone}`), [paid.id], phone);
      assert.deepEqual(await idsOf(run, `/v1/payments?phone=${phone}`), [
        prompted.payment?.id ?? await paymentOf(run, prompted.id),
      ]);
      for (const list of ["checkouts", "payouts", "payments"]) {
        assert.deepEqual(await idsOf(run, `/v1/${list}?phone=${phone}`, "cli_other"), []);
      }
    }
    assert.deepEqual(await idsOf(run, "/v1/payments?phone=0722000111"), [hashed, clear], "of paybill payments");
  }));

const paymentOf = async (run: InProcess, checkout: string): Promise<string> =>
  (await run.call<Listed>("GET", `/v1/payments?checkout=${checkout}`)).body.data[0]?.id ?? "";

Deno.test("q finds the whole or the beginning of what the contract names, of the caller's merchant only", () =>
  inProcess(async (run) => {
    const paid = await createCheckout(run, {
      reference: "order-77",
      account_reference: "INV-77",
      phone_number: "0712345678",
    });
    const other = await createCheckout(run, { reference: "xorder-77" });
    await run.pass();
    const payment = await paymentOf(run, paid.id);
    const receipt = run.simulator.world.transactions.list()[0]?.receipt ?? "";
    for (
      const q of ["order-77", "order-", "inv77", "INV 7", receipt, receipt.toLowerCase(), receipt.slice(0, 6), paid.id]
    ) {
      const asked = encodeURIComponent(q);
      assert.deepEqual(await idsOf(run, `/v1/checkouts?q=${asked}`), [paid.id], q);
      assert.deepEqual(await idsOf(run, `/v1/checkouts?q=${asked}`, "cli_other"), [], q);
      if (q === paid.id) continue;
      assert.deepEqual(await idsOf(run, `/v1/payments?q=${asked}`), [payment], q);
      assert.deepEqual(await idsOf(run, `/v1/payments?q=${asked}`, "cli_other"), [], q);
    }
    assert.deepEqual(await idsOf(run, "/v1/checkouts?q=chk_"), [other.id, paid.id]);
    assert.deepEqual(await idsOf(run, `/v1/events?q=${other.id}`), await idsOf(run, `/v1/events?subject=${other.id}`));
    for (const q of ["%25", "_", "order-77%27%20OR%201=1", "no-such"]) {
      assert.deepEqual(await idsOf(run, `/v1/checkouts?q=${q}`), [], "no wildcards");
    }
  }));

Deno.test("every list takes the filters, and refuses values that are none, by name", async (t) => {
  await inProcess(async (run) => {
    for (const operation of lists) {
      const names = queryOf(operation);
      await t.step(nameOf(operation), async () => {
        const client = clientFor(operation);
        const wrong = [
          ["created_from", "yesterday"],
          ["created_from", "2026-11-29"],
          ["created_to", "2026-11-29T00:00:00"],
          ["created_to", "2026-02-31T00:00:00Z"],
          ["q", ""],
          ["q", "a".repeat(65)],
          ...names.includes("amount_min") ? [["amount_min", "1.5"], ["amount_max", "-1"], ["amount_max", "1e9"]] : [],
          ...names.includes("phone") ? [["phone", "12"], ["phone", "+44 7700 900123"]] : [],
        ] as const;
        for (const [name, value] of wrong) {
          const path = `${pathOf(operation)}?${name}=${encodeURIComponent(String(value))}`;
          const { status, body } = await run.call<ProblemBody>("GET", path, undefined, { client });
          assert.deepEqual([value, status, body.code], [value, 400, "invalid_query"]);
          assert.deepEqual(body.errors?.map((error) => error.pointer), [name]);
        }
        const backwards = "created_from=2026-11-29T00:00:00Z&created_to=2026-11-28T00:00:00Z";
        const path = `${pathOf(operation)}?${backwards}`;
        const { status, body } = await run.call<ProblemBody>("GET", path, undefined, { client });
        assert.deepEqual([status, body.errors?.[0]?.pointer], [400, "created_to"]);
        for (const good of ["created_from=2026-11-29T00:00:00Z", "created_to=2026-11-29T00:00:00.5%2B03:00", "q=x"]) {
          const answer = await run.call(operation.method, `${pathOf(operation)}?${good}`, undefined, { client });
          assert.ok(answer.status === 200 || operation.path.includes("{"), `${good}: ${answer.status}`);
        }
      });
    }
  });
});
