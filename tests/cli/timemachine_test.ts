import assert from "node:assert/strict";
import { everythingSince, scopeOf } from "../../src/cli/timemachine/scope.ts";
import { travel } from "../../src/cli/timemachine.ts";
import { createCheckout } from "../support/checkouts.ts";
import { inProcess } from "../support/in-process.ts";
import { askRefund, paidCheckout } from "../support/money.ts";
import { createPayout } from "../support/payouts.ts";
import { malipo } from "./run.ts";

/** The command opens the database a second time. */
const shared = { quick: false };

Deno.test("the time machine judges all notices of money in and out as they were judged, and changes nothing", () =>
  inProcess(async (run) => {
    const url = run.config.database.url;
    const payment = await paidCheckout(run);
    await createCheckout(run, { reference: "order-2", phone_number: "254700001032" });
    const refunded = await paidCheckout(run, { reference: "order-3", phone_number: "0722000111" });
    const asked = await askRefund(run, refunded.id, { method: "reversal" });
    assert.equal(asked.status, 202);
    await createPayout(run);
    await createPayout(run, { phone_number: "254700002001" });
    await run.pass(600_000);
    const stored = async () => [
      await run.sql("SELECT id, status, version FROM payments ORDER BY id"),
      await run.sql("SELECT id, status, version FROM payouts ORDER BY id"),
      await run.sql("SELECT id, status, version, copies FROM notices ORDER BY id"),
      await run.sql("SELECT max(seq) FROM audit"),
    ];
    const before = await stored();

    const { notices, differences } = await travel(url, everythingSince(0));
    assert.deepEqual(notices.filter(({ then, now }) => then !== now), []);
    assert.deepEqual(differences, []);
    const kinds = new Set<string>(notices.map(({ kind }) => kind));
    for (const kind of ["stk", "payout_result", "refund_result"]) assert.ok(kinds.has(kind), kind);
    assert.deepEqual(await stored(), before);

    const scope = await scopeOf(run.db, payment.receipt ?? "");
    assert.ok(scope !== null);
    const own = await travel(url, scope);
    assert.deepEqual(own.notices.map(({ kind, now }) => [kind, now]), [["stk", "applied"]]);
    assert.equal(await scopeOf(run.db, "nothing-is-called-so"), null);
    const later = await travel(url, everythingSince(run.time.now() + 1));
    assert.equal(later.notices.length, 0);
  }, shared));

Deno.test("the time machine shows what today's rules would judge otherwise", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const payout = await createPayout(run);
    await run.pass(60_000);
    // As if an older release had judged so.
    await run.db.write([
      { sql: "UPDATE notices SET status = 'quarantined', problem = 'amount_mismatch' WHERE kind = 'stk'", args: [] },
      { sql: "UPDATE payments SET amount = amount - 100 WHERE id = ?", args: [payment.id] },
      { sql: "UPDATE payouts SET status = 'in_doubt', in_doubt_at = 1 WHERE id = ?", args: [payout.id] },
    ]);
    const { notices, differences } = await travel(run.config.database.url, everythingSince(0));
    const otherwise = notices.filter(({ then, now }) => then !== now).map(({ then, now }) => [then, now]);
    assert.deepEqual(otherwise, [["quarantined (amount_mismatch)", "applied"]]);
    assert.equal(differences.length, 2, differences.join("\n"));
    assert.match(differences[0] ?? "", /^pay_.*amount 149900, replayed 150000/);
    assert.match(differences[1] ?? "", /^pyt_.* is in_doubt, and its notices would make it succeeded today$/);

    const shown = await malipo({ DATABASE_URL: run.config.database.url }, "timemachine", "--since", "2020-01-01");
    assert.equal(shown.code, 1, shown.err);
    assert.match(shown.out, /quarantined \(amount_mismatch\), and applied today/);
    assert.match(shown.err, /1 would be judged otherwise, and 2 rows differ/);
    assert.doesNotMatch(shown.out + shown.err, /0712345678|254712345678/);
  }, shared));

Deno.test("the time machine says how it is used", async () => {
  const env = { DATABASE_URL: "file:/nowhere/at-all.db" };
  for (const words of [[], ["chk_1", "--since", "2026-11-01"], ["--since", "yesterday"], ["--nonsense"]]) {
    const { code, err } = await malipo(env, "timemachine", ...words);
    assert.equal(code, 2, `${words.join(" ")}: ${err}`);
  }
});
