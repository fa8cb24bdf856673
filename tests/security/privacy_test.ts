import assert from "node:assert/strict";
import { countOf, erasePerson } from "../../src/domain/privacy/erase.ts";
import { exportPerson } from "../../src/domain/privacy/export.ts";
import { findPerson, underWay } from "../../src/domain/privacy/person.ts";
import { scrub } from "../../src/domain/privacy/scrub.ts";
import { nairobiDay } from "../../src/daraja/time.ts";
import { placeOf, SEALED } from "../../src/domain/keys/places.ts";
import { createAccount, payOpenly } from "../support/accounts.ts";
import { createCheckout } from "../support/checkouts.ts";
import { callback } from "../support/facts.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { checkLedger, createRefund, payPaybill } from "../support/money.ts";
import { createPayout } from "../support/payouts.ts";

const PHONE = "254712345678";

const DAY_MS = 86_400_000;

/** A run in which a person pays, agrees to a standing order, types the phone as account, and gets money, some of it back. */
async function live(run: InProcess, phone = PHONE): Promise<void> {
  const paid = await createCheckout(run, {
    phone_number: phone,
    reference: "for 0712 345 678",
    metadata: { caller: "+254-712-345-678" },
  });
  await run.pass();
  await createPayout(run, { phone_number: phone, remarks: "to 0712345678", payee: { given_name: "Wanjiku Kibet" } });
  await createStandingOrder(run, phone);
  await run.pass(10_000);
  await payPaybill(run, { reference: "0712345678" });
  const { body } = await run.call<{ payment: { id: string } }>("GET", `/v1/checkouts/${paid.id}`);
  await createRefund(run, body.payment.id, { reason: "asked by 0712345678" });
  await run.pass(10_000);
  const { body: cases } = await run.call<{ data: { id: string }[] }>("GET", "/v1/attention");
  for (const { id } of cases.data) {
    await run.call("POST", `/v1/attention/${id}/note`, { text: "Spoke to Wanjiku, 0712345678" });
  }
}

const createStandingOrder = (run: InProcess, phone_number: string) =>
  run.call("POST", "/v1/standing-orders", {
    name: `Rent of 0${phone_number.slice(3)}`,
    amount: 150_000,
    currency: "KES",
    phone_number,
    frequency: "monthly",
    start_date: nairobiDay(run.time.now() + DAY_MS),
    end_date: nairobiDay(run.time.now() + 40 * DAY_MS),
    account_reference: `0${phone_number.slice(3)}`,
  });

const find = (run: InProcess, phone = PHONE) => findPerson(run.services, phone, null);

/** Whether a text tells the phone in any spelling, or the payee's name. */
const tells = (text: string): boolean =>
  text.replaceAll(/[\s().\/-]/g, "").includes("712345678") || /wanjiku/i.test(text);

/** Every place of the database where a text tells of the person, also under a seal. */
async function placesOf(run: InProcess): Promise<string[]> {
  const tables = await run.sql("SELECT name FROM sqlite_schema WHERE type = 'table'");
  const found: string[] = [];
  for (const [table] of tables) {
    for (const row of await run.sql(`SELECT * FROM ${table}`)) {
      for (const value of row) {
        if (typeof value === "string" && tells(value)) found.push(`${table}: ${value.slice(0, 80)}`);
      }
    }
  }
  // An answer for an Idempotency-Key stays until its time: a repeated request must not pay twice.
  for (const column of SEALED.filter(({ table }) => table !== "idempotency_keys")) {
    for (const [row, sealed] of await run.sql(`SELECT ${column.key}, ${column.column} FROM ${column.table}`)) {
      if (!(sealed instanceof Uint8Array)) continue;
      const text = new TextDecoder().decode(await run.services.vault.open(sealed, placeOf(column, String(row)))); // some are hashes
      if (tells(text)) found.push(`${column.table}.${column.column}, sealed: ${text.slice(0, 80)}`);
    }
  }
  return found;
}

Deno.test("a phone is scrubbed from text in any usual spelling, and other numbers stay", () => {
  for (
    const text of ["0712345678", "+254712345678", "254 712 345 678", "0712-345-678", "712345678", "(0712) 345 678"]
  ) {
    assert.equal(scrub(`call ${text}!`, PHONE).replace(/[()]/g, ""), "call erased!", text);
  }
  for (const text of ["0712345679", "10712345678", "07123456789", "712 345", "KES 712345"]) {
    assert.equal(scrub(text, PHONE), text);
  }
});

Deno.test("what is held about a person is exported in clear, to whoever asks for that phone only", () =>
  inProcess(async (run) => {
    await live(run);
    const things = await exportPerson(run.services.vault, await find(run));
    const kinds = new Set(things.map(({ kind }) => kind));
    const all = [
      "checkout",
      "payment",
      "payout",
      "payment_naming_the_phone",
      "refund",
      "payee",
      "standing_order",
      "note",
    ];
    assert.deepEqual([...kinds].sort(), all.toSorted());
    const told = JSON.stringify(things);
    for (const text of ["Wanjiku Kibet", "Spoke to Wanjiku", "asked by 0712345678", "Rent of 0712345678"]) {
      assert.ok(told.includes(text), text);
    }
    const checkout = things.find(({ kind }) => kind === "checkout");
    assert.equal(checkout?.reference, "for 0712 345 678");
    assert.deepEqual(await exportPerson(run.services.vault, await find(run, "254712345679")), []);
  }));

Deno.test("an erased person is found nowhere in the database, and the books stay as they were", () =>
  inProcess(async (run) => {
    await live(run);
    const another = "254712399678"; // its mask is the same
    await createStandingOrder(run, another);
    await run.pass(41 * DAY_MS); // the standing orders have ended
    const money = () =>
      run.sql(
        "SELECT id, amount, receipt, status, paid_at FROM payments UNION ALL SELECT id, amount, receipt, status, paid_at FROM payouts ORDER BY 1",
      );
    const before = await money();
    assert.ok((await placesOf(run)).length > 0);
    const person = await find(run);
    assert.deepEqual(underWay(person, run.time.now()), []);
    assert.ok(countOf(person).payments! > 0 && countOf(person).payouts! > 0);
    const { db, vault } = run.services;
    await erasePerson({ db, vault, clock: run.time, by: "amina", because: "asked for it" }, person);
    assert.deepEqual(await money(), before);
    assert.deepEqual(await checkLedger(run), []);
    const after = await find(run);
    assert.deepEqual(countOf(after), {
      checkouts: 0,
      prompts: 0,
      payments: 0,
      payments_naming_the_phone: 0,
      accounts: 0,
      payouts: 0,
      refunds: 0,
      payees: 0,
      standing_orders: 0,
      notes: 0,
    });
    assert.deepEqual(await placesOf(run), []);
    assert.equal((await find(run, another)).standingOrders.length, 1, "another person's stays");
    assert.equal((await run.sql("SELECT count(*) FROM attempts WHERE phone_masked LIKE '2547%'"))[0]?.[0], 0);
    const names =
      "SELECT id FROM payouts WHERE payee_name IS NOT NULL OR given_name IS NOT NULL OR phone_masked LIKE '2547%'";
    assert.deepEqual(await run.sql(names), []);
    const [[actor, subject, data]] = await run.sql(
      "SELECT actor, subject_id, data FROM audit WHERE action = 'person.erased'",
    ) as [[string, string, string]];
    assert.equal(actor, "amina");
    assert.match(subject, /^person:[0-9a-f]{16}$/);
    assert.equal(JSON.parse(data).because, "asked for it");
    const { status } = await run.call("GET", "/v1/checkouts");
    assert.equal(status, 200, "the rows are still readable");
  }));

Deno.test("what is under way is not erased", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: PHONE });
    const person = await find(run);
    assert.ok(underWay(person, run.time.now()).includes(id));
    const { db, vault } = run.services;
    await assert.rejects(
      erasePerson({ db, vault, clock: run.time, by: "amina", because: "x" }, person),
      /still under way/,
    );
    await run.pass();
    assert.ok(countOf(await find(run)).checkouts === 1);
  }));

Deno.test("a standing order is under way until its last day, and then it is erased", () =>
  inProcess(async (run) => {
    await createStandingOrder(run, PHONE);
    await run.pass();
    const { db, vault } = run.services;
    const eraser = { db, vault, clock: run.time, by: "amina", because: "x" };
    await assert.rejects(async () => await erasePerson(eraser, await find(run)), /still under way: sto_/);
    await run.pass(40 * DAY_MS);
    assert.equal(underWay(await find(run), run.time.now()).length, 1, "the last day is not over");
    await run.pass(DAY_MS);
    await erasePerson(eraser, await find(run));
    assert.deepEqual(await placesOf(run), []);
    assert.equal((await run.call("GET", "/v1/standing-orders")).status, 200);
  }));

Deno.test("money of an erased person is not placed at the order of another one", () =>
  inProcess(async (run) => {
    const order = await createCheckout(run, {
      account_reference: "0700001032",
      phone_number: "254700001032", // its prompt is declined
      expires_in: 3_600,
    });
    await run.pass();
    const stray = await payOpenly(run, "0712345678", 1_500, "UKM0000201");
    await run.pass(2 * 3_600_000);
    await run.sweep();
    const { db, vault } = run.services;
    for (const phone of [PHONE, "254700001032"]) {
      await erasePerson({ db, vault, clock: run.time, by: "amina", because: "x" }, await find(run, phone));
    }
    const late = { receipt: "UKM0000202", amount: 1_500, at: run.time.now() - 3_600_000 };
    await callback(run, order.attempts[0]?.id ?? "", late);
    await run.pass();
    assert.deepEqual(
      await run.sql("SELECT status, checkout_id FROM payments ORDER BY receipt"),
      [["unmatched", null], ["matched", order.id]],
    );
    const references = (await run.sql("SELECT account_reference FROM payments WHERE id = ?", stray)).flat();
    assert.match(String(references[0]), /^erased\w{4}$/);
  }));

Deno.test("a standing account and unprompted orders whose number is the phone are exported and erased with the person", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, {
      account_reference: "0712345678",
      name: "Wanjiku Kamau",
      expected_amount: 150_000,
    });
    await createCheckout(run, { reference: "+254 712 345 678" });
    const order = await createCheckout(run, { reference: "order-2", account_reference: "0712345678" });
    const other = await createCheckout(run, { reference: "order-3", account_reference: "0712345679" });
    await payOpenly(run, "0712345678", 2_000, "UKM0000001");
    await run.pass(60_000);
    const { db, vault } = run.services;
    const eraser = { db, vault, clock: run.time, by: "amina", because: "asked for it" };
    assert.ok(underWay(await find(run), run.time.now()).includes(account.id), "there is money in it");
    const [payment] = (await run.sql("SELECT id FROM payments")).flat();
    await run.call("POST", "/v1/refunds", { payment, amount: 50_000, method: "payout", reason: "Rest" });
    await run.pass(2_000_000);
    const person = await find(run);
    assert.deepEqual(underWay(person, run.time.now()), []);
    const things = await exportPerson(vault, person);
    assert.deepEqual(things.filter(({ kind }) => kind === "account").map(({ name, balance }) => [name, balance]), [
      ["Wanjiku Kamau", 0],
    ]);
    assert.equal(things.filter(({ kind }) => kind === "checkout").length, 2);
    await erasePerson(eraser, person);
    assert.deepEqual(await placesOf(run), []);
    const [[number]] = await run.sql("SELECT account_reference FROM standing_accounts") as [[string]];
    const rows = await run.sql(
      "SELECT account_reference FROM checkouts WHERE id IN (?, ?) ORDER BY id",
      order.id,
      other.id,
    );
    assert.deepEqual(rows.flat(), [number, "0712345679"], "it keeps what it has paid");
    const { body } = await run.call<{ balance: number; received: number }>("GET", `/v1/accounts/${account.id}`);
    assert.deepEqual([body.balance, await checkLedger(run)], [0, []]);
  }));
