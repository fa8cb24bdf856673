import assert from "node:assert/strict";
import { createAccount, getAccount, getStatement, payOpenly } from "../../support/accounts.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { inProcess } from "../../support/in-process.ts";
import { payPaybill } from "../../support/money.ts";

Deno.test("the statement as CSV has the lines of the JSON, in shillings and in Nairobi's time", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12" });
    await createCheckout(run, { account_reference: "HSE12", reference: "=SUM(A1)", amount: 100_000 });
    const receipt = await payPaybill(run, { amount: 1_500, reference: "HSE12" });
    await run.pass();
    const path = `http://127.0.0.1:8000/v1/accounts/${account.id}/statement`;
    const headers = { authorization: `Bearer ${await run.token()}`, accept: "text/csv" };
    const answer = await run.app.fetch(new Request(path, { headers }));
    assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "text/csv; charset=utf-8"]);
    const [header, ...lines] = (await answer.text()).trimEnd().split("\r\n");
    assert.equal(header, "at,kind,amount_kes,balance_kes,payment,receipt,checkout,reference");
    assert.deepEqual(
      lines.map((line) => line.split(",")).map((line) => [line[1], line[2], line[3], line[5], line[7]]),
      [
        ["received", "1500", "1500", receipt, ""],
        ["applied", "-1000", "500", "", "'=SUM(A1)"],
      ],
    );
    assert.match(lines[0] ?? "", /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,/);
  }));

Deno.test("accounts with one key are two accounts: what paid a checkout of 12/3 directly is not in the statement of 1/23", () =>
  inProcess(async (run) => {
    const [one, two] = [
      await createAccount(run, { account_reference: "12/3", expected_amount: 200_000 }),
      await createAccount(run, { account_reference: "1/23", expected_amount: 200_000 }),
    ];
    await createCheckout(run, { account_reference: "12/3", phone_number: "0712345678" });
    await run.pass();
    const kinds = async (id: string) => (await getStatement(run, id)).data.map(({ kind, amount }) => [kind, amount]);
    assert.deepEqual(await kinds(one.id), [["paid_checkout", 150_000]]);
    assert.deepEqual(await kinds(two.id), []);
    await run.pass(40 * 86_400_000);
    const arrears = async (id: string) => (await getAccount(run, id)).arrears;
    assert.equal(await arrears(two.id) - await arrears(one.id), 150_000);
  }));

Deno.test("a checkout that only allocations paid says so, and its payments are listed by it", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { account_reference: "INV1", amount: 100_000 });
    const payment = await payOpenly(run, "NOBODY", 1_500, "UKM0000001");
    await run.call("POST", `/v1/payments/${payment}/allocate`, { allocations: [{ checkout: id, amount: 100_000 }] });
    const checkout = await getCheckout(run, id);
    assert.deepEqual([checkout.status, checkout.payment, checkout.amount_allocated, checkout.amount_received], [
      "succeeded",
      null,
      100_000,
      100_000,
    ]);
    const { body } = await run.call<{ data: { id: string; receipt: string }[] }>("GET", `/v1/payments?checkout=${id}`);
    assert.deepEqual(body.data.map(({ id, receipt }) => [id, receipt]), [[payment, "UKM0000001"]]);
    const theirs = await run.call<{ data: unknown[] }>("GET", `/v1/payments?checkout=${id}`, undefined, {
      client: "cli_other",
    });
    assert.deepEqual(theirs.body.data, []);
  }));
