import assert from "node:assert/strict";
import { blockersOf, countOf, erasePerson } from "../../src/domain/privacy/erase.ts";
import { exportPerson } from "../../src/domain/privacy/export.ts";
import { findPerson } from "../../src/domain/privacy/person.ts";
import { scrub } from "../../src/domain/privacy/scrub.ts";
import { createCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { checkLedger, payPaybill } from "../support/money.ts";
import { createPayout } from "../support/payouts.ts";

const PHONE = "254712345678";

/** A run in which a person pays, types the phone as account, and gets money. */
async function live(run: InProcess): Promise<void> {
  await createCheckout(run, {
    phone_number: PHONE,
    reference: "for 0712 345 678",
    metadata: { caller: "+254-712-345-678" },
  });
  await run.pass();
  await createPayout(run, { phone_number: PHONE, remarks: "to 0712345678" });
  await run.pass(10_000);
  await payPaybill(run, { reference: "0712345678" });
  await run.pass(10_000);
}

const find = (run: InProcess, phone = PHONE) => findPerson(run.services, phone, null);

/** Every place of the database where a text with the phone stands, whatever its spelling. */
async function placesOf(run: InProcess): Promise<string[]> {
  const tables = await run.sql("SELECT name FROM sqlite_schema WHERE type = 'table'");
  const found: string[] = [];
  for (const [table] of tables) {
    for (const row of await run.sql(`SELECT * FROM ${table}`)) {
      for (const value of row) {
        if (typeof value === "string" && value.replaceAll(/[\s().\/-]/g, "").includes("712345678")) {
          found.push(`${table}: ${value.slice(0, 80)}`);
        }
      }
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
    assert.ok(["checkout", "payment", "payout"].every((kind) => things.some((thing) => thing.kind === kind)));
    const checkout = things.find(({ kind }) => kind === "checkout");
    assert.equal(checkout?.reference, "for 0712 345 678");
    assert.deepEqual(await exportPerson(run.services.vault, await find(run, "254712345679")), []);
  }));

Deno.test("an erased person is found nowhere in the database, and the books stay as they were", () =>
  inProcess(async (run) => {
    await live(run);
    const money = () =>
      run.sql(
        "SELECT id, amount, receipt, status, paid_at FROM payments UNION ALL SELECT id, amount, receipt, status, paid_at FROM payouts ORDER BY 1",
      );
    const before = await money();
    assert.ok((await placesOf(run)).length > 0);
    const person = await find(run);
    assert.deepEqual(await blockersOf(run.db, person), []);
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
      payouts: 0,
    });
    assert.deepEqual(await placesOf(run), []);
    assert.equal((await run.sql("SELECT count(*) FROM attempts WHERE phone_masked LIKE '2547%'"))[0]?.[0], 0);
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
    assert.ok((await blockersOf(run.db, person)).includes(id));
    const { db, vault } = run.services;
    await assert.rejects(
      erasePerson({ db, vault, clock: run.time, by: "amina", because: "x" }, person),
      /still under way/,
    );
    await run.pass();
    assert.ok(countOf(await find(run)).checkouts === 1);
  }));
