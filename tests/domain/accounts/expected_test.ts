import assert from "node:assert/strict";
import fc from "fast-check";
import { hasCheckDigit, newAccountNumber, withCheckDigit } from "../../../src/domain/accounts/check-digit.ts";
import { arrearsAt, expectedBy, nextCheckAfter, nextDueEnd } from "../../../src/domain/accounts/expected.ts";
import { createAccount, getAccount } from "../../support/accounts.ts";
import { inProcess } from "../../support/in-process.ts";
import { payPaybill } from "../../support/money.ts";

const nairobi = (text: string): number => Date.parse(`${text}+03:00`);
const account = (since: string, dueDay = 5) => ({
  expected_amount: 1_500_000,
  due_day: dueDay,
  expected_before: 0,
  expected_since: nairobi(since),
});

Deno.test("a due day ends at midnight in Nairobi, and an account made after it is first due next month", () => {
  assert.equal(nextDueEnd(nairobi("2026-11-05T23:59:59"), 5), nairobi("2026-11-06T00:00:00"));
  assert.equal(nextDueEnd(nairobi("2026-11-06T00:00:00"), 5), nairobi("2026-12-06T00:00:00"));
  assert.equal(nextDueEnd(nairobi("2026-12-28T12:00:00"), 28), nairobi("2026-12-29T00:00:00"));
});

Deno.test("what is expected grows at each due day, and early money counts for later months", () => {
  const one = account("2026-10-10T00:00:00");
  const at = (text: string) => expectedBy(one, nairobi(text));
  assert.deepEqual(
    [at("2026-11-05T23:59:59"), at("2026-11-06T00:00:00"), at("2026-12-05T12:00:00"), at("2027-01-06T00:00:00")],
    [0, 1_500_000, 1_500_000, 4_500_000],
  );
  assert.equal(arrearsAt(one, 4_000_000, nairobi("2027-01-06T00:00:00")), 500_000);
  assert.equal(arrearsAt(one, 5_000_000, nairobi("2027-01-06T00:00:00")), 0);
});

Deno.test("it is looked at three days before a due day ends and when it ends, in turn", () => {
  const one = account("2026-10-10T00:00:00");
  const first = nextCheckAfter(one, nairobi("2026-10-10T00:00:00"));
  assert.equal(first, nairobi("2026-11-03T00:00:00"));
  const second = nextCheckAfter(one, first ?? 0);
  assert.equal(second, nairobi("2026-11-06T00:00:00"));
  assert.equal(nextCheckAfter(one, second ?? 0), nairobi("2026-12-03T00:00:00"));
});

Deno.test("Damm's digit notices each wrong digit and each exchange of neighbours", () => {
  assert.equal(withCheckDigit("572"), "5724", "the example of its author");
  fc.assert(fc.property(fc.nat({ max: 9_999_999 }), fc.nat({ max: 7 }), fc.integer({ min: 1, max: 9 }), (n, at, by) => {
    const number = withCheckDigit(String(n).padStart(7, "0"));
    const wrong = [...number];
    wrong[at] = String((Number(wrong[at]) + by) % 10);
    assert.ok(hasCheckDigit(number) && !hasCheckDigit(wrong.join("")));
    const [a, b] = [number[at] ?? "", number[at + 1] ?? ""];
    const swapped = number.slice(0, at) + b + a + number.slice(at + 2);
    if (b !== "" && a !== b) assert.ok(!hasCheckDigit(swapped));
  }));
  for (let i = 0; i < 100; i++) assert.match(newAccountNumber(), /^[1-9]\d{7}$/);
});

Deno.test("a reminder and arrears are told once for each due day, and not where the money is there", () =>
  inProcess(async (run) => {
    const late = await createAccount(run, { account_reference: "LATE", expected_amount: 1_500_000, due_day: 5 });
    const early = await createAccount(run, { account_reference: "EARLY", expected_amount: 1_500_000, due_day: 5 });
    await payPaybill(run, { amount: 15_000, reference: "EARLY" });
    await payPaybill(run, { amount: 5_000, reference: "LATE" });
    const told = async () =>
      (await run.sql(
        "SELECT type, subject_id, data ->> '$.missing', data ->> '$.arrears', created_at FROM events " +
          "WHERE type IN ('account.payment_due', 'account.in_arrears') ORDER BY created_at, id",
      )) as [string, string, number | null, number, number][];
    const strip = (rows: Awaited<ReturnType<typeof told>>) => rows.map((row) => row.slice(0, 4));
    const due = nextDueEnd(run.time.now(), 5);
    run.time.skip(due - 3 * 86_400_000 - run.time.now());
    for (let i = 0; i < 3; i++) await run.sweep();
    assert.deepEqual(strip(await told()), [["account.payment_due", late.id, 1_000_000, 0]]);
    run.time.skip(due - run.time.now());
    for (let i = 0; i < 3; i++) await run.sweep();
    assert.deepEqual(strip((await told()).slice(1)), [["account.in_arrears", late.id, null, 1_000_000]]);
    assert.equal((await getAccount(run, late.id)).arrears, 1_000_000);
    assert.equal((await getAccount(run, early.id)).arrears, 0);
    run.time.skip(nextDueEnd(run.time.now(), 5) - run.time.now());
    for (let i = 0; i < 3; i++) await run.sweep();
    assert.deepEqual(
      (await told()).slice(-2).map(([type, id, , arrears]) => [type, id, arrears]).toSorted(),
      [
        ["account.in_arrears", early.id, 1_500_000],
        ["account.in_arrears", late.id, 2_500_000],
      ].toSorted(),
    );
  }));
