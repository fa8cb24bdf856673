import assert from "node:assert/strict";
import { sourceFiles } from "../../architecture/imports.ts";
import { type InProcess, inProcess, type InProcessOptions } from "../../support/in-process.ts";
import { checkLedger, createRefund, getPayment, getRefund, holdings, paidCheckout } from "../../support/money.ts";
import { tell } from "../../support/notices.ts";
import { createPayout, getPayout } from "../../support/payouts.ts";

/* Issue 13, item 11: one gate in front of every way money leaves. */

const HOUR_MS = 3_600_000;
const operator = { client: "cli_platform" } as const;
const control = (run: InProcess, verb: "pause" | "resume", merchant?: string) =>
  run.call("POST", `/v1/payouts/${verb}`, merchant === undefined ? {} : { merchant }, operator);

interface Sender {
  readonly name: string;
  /** The end of Daraja's path. */
  readonly path: string;
  /** Asks for money to leave, of a payment that exists where it is given back; answers how to read its status. */
  readonly ask: (run: InProcess, payment: string) => Promise<() => Promise<string>>;
}

const payout = (name: string, path: string, changes: Record<string, unknown>): Sender => ({
  name,
  path,
  ask: async (run) => {
    const { id } = await createPayout(run, changes);
    return async () => (await getPayout(run, id)).status;
  },
});
const business = (destination: Record<string, unknown>) => ({
  phone_number: undefined,
  purpose: undefined,
  destination,
});

const senders: readonly Sender[] = [
  payout("B2C", "/b2c/v3/paymentrequest", {}),
  payout(
    "a paybill",
    "/b2b/v1/paymentrequest",
    business({ type: "paybill", number: "888880", account_reference: "A" }),
  ),
  payout("a till", "/b2b/v1/paymentrequest", business({ type: "till", number: "777770" })),
  payout("a B2C account", "/b2b/v1/paymentrequest", business({ type: "b2c_account", number: "600999" })),
  payout("tax", "/b2b/v1/remittax", business({ type: "kra", payment_registration_number: "PRN12345" })),
  {
    name: "a reversal",
    path: "/reversal/v1/request",
    ask: async (run, payment) => {
      const { id } = await createRefund(run, payment);
      return async () => (await getRefund(run, id)).status;
    },
  },
];

/** Paths of the requests to Daraja that move money out. */
function watched(sent: string[], more: InProcessOptions = {}): InProcessOptions {
  const isOut = (path: string) => /\/(b2c|b2b|reversal)\//.test(path);
  return {
    ...more,
    daraja: (request) => {
      const { pathname } = new URL(request.url);
      if (isOut(pathname)) sent.push(pathname);
      return null;
    },
  };
}

for (const { name, path, ask } of senders) {
  Deno.test(`paused, nothing leaves by ${name}; resumed, it leaves once`, () => {
    const sent: string[] = [];
    return inProcess(async (run) => {
      const payment = await paidCheckout(run);
      assert.equal((await control(run, "pause")).status, 200);
      const status = await ask(run, payment.id);
      await run.pass(HOUR_MS);
      assert.deepEqual([await status(), sent], ["queued", []]);
      await control(run, "resume");
      await run.pass();
      assert.equal(await status(), "succeeded");
      assert.deepEqual(sent.map((one) => one.endsWith(path)), [true]);
    }, watched(sent));
  });

  Deno.test(`a pause between the decision and the call stops ${name}`, () => {
    const sent: string[] = [];
    const here: { run?: InProcess; armed: boolean } = { armed: false };
    return inProcess(async (run) => {
      here.run = run;
      const paid = await paidCheckout(run);
      here.armed = true;
      const status = await ask(run, paid.id);
      await run.pass(HOUR_MS);
      assert.equal(here.armed, false);
      assert.deepEqual([await status(), sent], ["queued", []]);
    }, {
      ...watched(sent),
      wrapDatabase: (db) => ({
        read: (statements) => db.read(statements),
        close: () => db.close(),
        async write(statements) {
          const isStart = statements.some(({ sql }) => /^UPDATE (payouts|refunds) SET status/.test(sql));
          if (here.armed && isStart) {
            here.armed = false;
            await control(here.run as InProcess, "pause");
          }
          return await db.write(statements);
        },
      }),
    });
  });
}

Deno.test("the walk above has every call of the Daraja client that moves money out", async () => {
  const types = await Deno.readTextFile(new URL("../../../src/daraja/types.ts", import.meta.url));
  const [, calls = ""] = /interface MoneySenders \{(.*?)\n\}/s.exec(types) ?? [];
  assert.deepEqual([...calls.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name).sort(), [
    "b2b",
    "b2c",
    "remitTax",
    "reversal",
  ]);
});

Deno.test("no file but the gate sends money out", async () => {
  const using: string[] = [];
  for (const path of await sourceFiles()) {
    if (path.startsWith("daraja/") || path.startsWith("simulator/")) continue;
    const text = await Deno.readTextFile(new URL(`../../../src/${path}`, import.meta.url));
    if (/\bmoneyOut\b/.test(text)) using.push(path);
    assert.doesNotMatch(text, /daraja\.(b2c|b2b|remitTax|reversal)\(/, path);
  }
  assert.deepEqual(using, ["app/services.ts", "context/services.ts", "domain/money-out/send-money.ts"]);
});

Deno.test("one merchant is paused: its refunds wait, and what it asked of M-Pesa is still followed up", () => {
  const sent: string[] = [];
  return inProcess(async (run) => {
    const silent = await createRefund(run, (await paidCheckout(run, { phone_number: "0712349014" })).id);
    const waiting = await paidCheckout(run);
    await run.pass(100);
    await control(run, "pause", "mer_01kamcvd000000000000000001");
    const held = await createRefund(run, waiting.id);
    await run.pass(HOUR_MS);
    assert.equal((await getRefund(run, silent.id)).status, "succeeded");
    await run.call("POST", `/v1/refunds/${held.id}/refresh`);
    await control(run, "resume"); // of all: the merchant's own pause stays
    await run.pass(HOUR_MS);
    assert.deepEqual([(await getRefund(run, held.id)).status, sent.length], ["queued", 1]);
    await control(run, "resume", "mer_01kamcvd000000000000000001");
    await run.pass();
    assert.equal((await getRefund(run, held.id)).status, "succeeded");
  }, watched(sent));
});

Deno.test("while paused, a reversal without a clear answer is not asked for again", () => {
  let calls = 0;
  return inProcess(async (run) => {
    const refund = await createRefund(run, (await paidCheckout(run)).id);
    await run.pass(100);
    assert.deepEqual([(await getRefund(run, refund.id)).status, calls], ["in_doubt", 1]);
    await control(run, "pause");
    await run.pass(2 * HOUR_MS);
    assert.equal(calls, 1);
    await control(run, "resume");
    await run.pass();
    assert.equal(calls, 2);
  }, {
    daraja: (request) => {
      if (!request.url.endsWith("/reversal/v1/request")) return null;
      calls++;
      return new Response("<html>Service Unavailable</html>", { status: 503 });
    },
  });
});

Deno.test("after a restore, a reversal that was done before is in doubt, never failed, and a person books it once", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    await run.db.write([{ // as deno task restore does
      sql: "INSERT INTO payout_pauses (scope, reason, paused_by, paused_at) VALUES ('*', 'restored', 'restore', ?)",
      args: [run.time.now()],
    }]);
    const refund = await createRefund(run, payment.id); // queued in the backup
    await run.pass(HOUR_MS);
    const done = run.simulator.world.transactions.record({ // done before the restore
      kind: "reversal",
      amount: 1_500,
      phone: "254712345678",
      shortcode: "600000",
      original_receipt: payment.receipt ?? "",
    });
    await control(run, "resume");
    await run.pass();
    const doubt = await getRefund(run, refund.id);
    assert.deepEqual([doubt.status, doubt.needs_person, doubt.result_code], ["in_doubt", true, "R000001"]);
    assert.equal(run.logged("refund_needs_person")[0]?.level, "alert");
    const resolved = await run.call("POST", `/v1/refunds/${refund.id}/resolve`, {
      outcome: "succeeded",
      evidence: "Portal: reversed by us before the restore",
      receipt: done.receipt,
    }, operator);
    assert.equal(resolved.status, 200, JSON.stringify(resolved.body));
    const shown = await getPayment(run, payment.id);
    assert.deepEqual([shown.status, shown.amount_refunded], ["refunded", 150_000]);
    assert.deepEqual(await holdings(run), { merchant_available: 0, mpesa_utility: 0 });
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("after a restore, a payout that M-Pesa reports paid though it was never sent is recorded with an alert", () =>
  inProcess(async (run) => {
    await control(run, "pause");
    const made = await createPayout(run);
    await tell(run, made.id, "payout_result", {
      Result: { ResultType: 0, ResultCode: 0, ResultDesc: "ok", TransactionID: "UKM1A2B3C4" },
    });
    assert.equal((await getPayout(run, made.id)).status, "succeeded");
    assert.equal(run.logged("payout_paid_unsent")[0]?.level, "alert");
    await control(run, "resume");
    await run.pass();
    assert.equal(run.simulator.world.transactions.list().length, 0);
  }));

Deno.test("a process that was stopped between the decision and the call sends nothing, and sends it later", () => {
  const sent: string[] = [];
  const here: { run?: InProcess; armed: boolean } = { armed: false };
  return inProcess(async (run) => {
    here.run = run;
    here.armed = true;
    const { id } = await createPayout(run);
    await run.pass(100);
    assert.deepEqual([(await getPayout(run, id)).status, sent, here.armed], ["queued", [], false]);
    await run.pass(10_000);
    assert.equal((await getPayout(run, id)).status, "succeeded");
    assert.equal(sent.length, 1);
  }, {
    ...watched(sent),
    wrapDatabase: (db) => ({
      read: (statements) => db.read(statements),
      close: () => db.close(),
      async write(statements) {
        const result = await db.write(statements);
        const isStart = statements.some(({ sql, args }) =>
          sql.startsWith("UPDATE payouts SET status") && args[0] === "submitted"
        );
        if (here.armed && isStart) {
          here.armed = false;
          here.run?.time.skip(60_000);
        }
        return result;
      },
    }),
  });
});
