import assert from "node:assert/strict";
import { jobHandlers } from "../../src/app/job-handlers.ts";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { type RuleName, ruleNames, rules } from "../../src/monitoring/alerts/rules.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import type { InProcess, InProcessOptions } from "../support/in-process.ts";
import { checkLedger, paidCheckout, payPaybill } from "../support/money.ts";
import { createPayout, getPayout } from "../support/payouts.ts";
import { statementText } from "../support/statements.ts";
import { type AlertRun, alertRun } from "./alert-run.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface Case {
  readonly options?: InProcessOptions;
  /** Makes the rule true, as it happens in life. */
  readonly cause: (it: AlertRun) => Promise<unknown>;
  /** No job runs until `end`, so the cause evaluates the rules itself. */
  readonly isStopped?: true;
  /** Ends the cause. */
  readonly end: (it: AlertRun) => Promise<unknown>;
}

let isDown = false;
const phones = ["0712345678", "0712345679", "0712345670", "0712345671"];

async function prompt(run: InProcess, last?: string): Promise<void> {
  for (const [i, phone] of phones.entries()) {
    await createCheckout(run, { phone_number: last === undefined ? phone : `07000${i}${last}` });
  }
}

/** A person finds the money of a checkout in review: the payment is matched by hand. */
async function matchByHand(run: InProcess, id: string): Promise<void> {
  await payPaybill(run);
  const [[payment]] = await run.sql("SELECT id FROM payments WHERE status = 'unmatched'") as [[string]];
  const { status } = await run.call("POST", `/v1/payments/${payment}/match`, { checkout: id });
  assert.equal(status, 200);
}

let kept = "";
let body: Uint8Array | null = null;

const cases: Readonly<Record<RuleName, Case>> = {
  no_callbacks: {
    options: { callback: () => isDown ? new Response(null, { status: 502 }) : null },
    cause: async ({ run }) => {
      isDown = true;
      await prompt(run);
      run.time.skip(4 * MINUTE_MS);
    },
    end: async ({ run }) => {
      isDown = false;
      await prompt(run);
      await run.pass();
    },
  },
  settlement_ratio: {
    cause: async (it) => {
      await prompt(it.run);
      await it.run.pass();
      it.run.time.skip(HOUR_MS);
      await it.evaluate();
      it.run.time.skip(7 * DAY_MS - HOUR_MS);
      await prompt(it.run, "1032");
      await it.run.pass();
      it.run.time.skip(HOUR_MS);
    },
    end: ({ run }) => Promise.resolve(run.time.skip(HOUR_MS)),
  },
  queue_age: {
    options: { withoutJobs: true },
    cause: async ({ run }) => {
      await createCheckout(run, { phone_number: "0712345678" });
      run.time.skip(20 * MINUTE_MS);
      await run.db.write([run.services.jobs.schedule("alerts", "all", null, run.time.now() + HOUR_MS)]);
      const leaseUntil = run.time.now() + HOUR_MS;
      await run.db.write([{
        sql: "UPDATE jobs SET lease = 'x', run_at = ? WHERE kind = 'alerts'",
        args: [leaseUntil],
      }]);
      const [[id]] = await run.sql("SELECT id FROM jobs WHERE kind = 'alerts'") as [[string]];
      const job = {
        id,
        kind: "alerts",
        subjectId: "all",
        merchantId: null,
        attempts: 1,
        lease: "x",
        leaseUntil,
      } as const;
      await jobHandlers(run.services).alerts(job, undefined, () => {}); // of a process whose own pools do not run
      await run.db.write([{ sql: "DELETE FROM jobs WHERE id = ?", args: [id] }]);
    },
    isStopped: true,
    end: async ({ run }) => {
      run.services.jobs.start(jobHandlers(run.services));
      run.services.jobs.claimNow();
      await run.idle();
    },
  },
  dead_jobs: {
    cause: async ({ run }) => {
      await createCheckout(run, { phone_number: "0700009009" });
      const [[attempt]] = await run.sql("SELECT id FROM attempts") as [[string]];
      await run.services.jobs.stop(100);
      await run.notify(run.services.capabilities.mint("stk", attempt), "{}");
      [[body]] = await run.sql("SELECT body FROM notices") as [[Uint8Array]];
      await run.db.write([{ sql: "UPDATE notices SET body = x'00'", args: [] }]);
      run.services.jobs.start(jobHandlers(run.services));
      for (let i = 0; i < 12; i++) {
        run.time.skip(15 * MINUTE_MS);
        run.services.jobs.claimNow();
        await run.idle();
      }
      assert.equal(run.logged("job_dead").length, 1);
    },
    end: async ({ run }) => {
      await run.db.write([{ sql: "UPDATE notices SET body = ?", args: [body] }]);
      const [[id]] = await run.sql("SELECT id FROM jobs WHERE status = 'dead'") as [[string]];
      const { status } = await run.call("POST", `/v1/jobs/${id}/retry`, undefined, { client: "cli_platform" });
      assert.equal(status, 200);
      await run.pass(10_000);
    },
  },
  in_doubt: {
    cause: async ({ run }) => {
      const { id } = await createPayout(run, { phone_number: "0700009017" });
      kept = id;
      for (let i = 0; i < 40 && (await getPayout(run, id)).status !== "in_doubt"; i++) await run.pass(5 * MINUTE_MS);
      run.time.skip(2 * HOUR_MS);
      await run.sweep();
      await run.pass(10 * MINUTE_MS);
    },
    end: async ({ run }) => {
      for (let i = 0; i < 40 && !(await getPayout(run, kept)).needs_person; i++) await run.pass(HOUR_MS);
      const evidence = "The portal shows no such transfer.";
      const { status } = await run.call("POST", `/v1/payouts/${kept}/resolve`, { outcome: "failed", evidence }, {
        client: "cli_operator",
      });
      assert.equal(status, 200);
    },
  },
  payee_mismatch: {
    cause: async ({ run }) => {
      const payee = { given_name: "Peter Otieno" }; // M-Pesa says another name
      await createPayout(run, { payee });
      await run.pass();
      kept = (await createPayout(run, { payee })).id;
      await run.pass();
    },
    end: async ({ run }) => {
      const { status } = await run.call("POST", `/v1/payouts/${kept}/confirm-payee`, undefined, {
        client: "cli_approver",
      });
      assert.equal(status, 200);
      await run.pass();
    },
  },
  review: {
    cause: async ({ run }) => {
      ({ id: kept } = await createCheckout(run, { phone_number: "0700009009", expires_in: 60 }));
      await run.pass(90 * MINUTE_MS);
      assert.equal((await getCheckout(run, kept)).status, "review");
    },
    end: ({ run }) => matchByHand(run, kept),
  },
  unmatched: {
    cause: async ({ run }) => {
      await payPaybill(run);
      run.time.skip(25 * HOUR_MS);
    },
    end: async ({ run }) => {
      const { id } = await createCheckout(run);
      const [[payment]] = await run.sql("SELECT id FROM payments") as [[string]];
      assert.equal((await run.call("POST", `/v1/payments/${payment}/match`, { checkout: id })).status, 200);
    },
  },
  amount_mismatch: {
    cause: async ({ run }) => {
      ({ id: kept } = await createCheckout(run, { phone_number: "0700009005" }));
      await run.pass();
    },
    end: ({ run }) => matchByHand(run, kept),
  },
  low_balance: {
    cause: async ({ run }) => {
      await run.call("PATCH", "/v1/balances", { alert_below: 20_000_000_000 });
      await run.call("POST", "/v1/balances/refresh", {});
      await run.pass();
    },
    end: async ({ run }) => {
      assert.equal((await run.call("PATCH", "/v1/balances", { alert_below: 100 })).status, 200);
    },
  },
  idle_till: {
    cause: async (it) => {
      for (let week = 0; week < 3; week++) {
        for (let i = 0; i < 3; i++) await payPaybill(it.run, { amount: 100 + i });
        it.run.time.skip(7 * DAY_MS);
      }
      it.run.time.skip(HOUR_MS);
      await it.evaluate();
      const [data] = (await it.events("alert.firing")).filter(({ rule }) => rule === "idle_till");
      assert.equal(data?.["detail"], "Nothing today; usually 3 payments by now.");
      assert.match(String(data?.["subject"]), /\/600000$/, "the other till never had payments");
    },
    end: async ({ run }) => void await payPaybill(run),
  },
  expiry: {
    options: { startMs: Date.parse("2026-11-24T09:30:00Z") },
    cause: async ({ run }) => {
      await storeCertificate(run, "2026-12-05");
      run.time.skip(HOUR_MS);
    },
    end: async ({ run }) => {
      await storeCertificate(run, "2053-12-05");
      run.time.skip(HOUR_MS);
    },
  },
  reconciliation_drift: {
    cause: async ({ run }) => {
      const { receipt } = await paidCheckout(run);
      kept = receipt ?? "";
      await upload(run, 1_400);
    },
    end: async ({ run }) => {
      run.time.skip(MINUTE_MS);
      await upload(run, 1_500);
    },
  },
  ledger_differs: {
    cause: async ({ run }) => {
      await paidCheckout(run);
      await run.db.write([{ sql: "UPDATE ledger_accounts SET balance = balance + 1", args: [] }]);
      assert.ok((await checkLedger(run)).length > 0);
    },
    end: async ({ run }) => {
      await run.db.write([{ sql: "UPDATE ledger_accounts SET balance = balance - 1", args: [] }]);
      assert.deepEqual(await checkLedger(run), []);
    },
  },
  audit_chain: {
    cause: async (it) => {
      await createCheckout(it.run);
      await it.evaluate();
      await triggerless(it.run, "UPDATE audit SET actor = 'cli_x' WHERE action = 'checkout.created'");
      it.run.time.skip(HOUR_MS);
      await it.evaluate();
    },
    end: async (it) => {
      await triggerless(it.run, "UPDATE audit SET actor = 'cli_demo' WHERE action = 'checkout.created'");
      it.run.time.skip(HOUR_MS);
      await it.evaluate();
    },
  },
  key_seals: {
    cause: async ({ run }) => {
      await run.db.write([{
        sql: "INSERT INTO key_seals (key_id, seals) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET seals = ?2",
        args: [run.services.vault.activeKey, 2 ** 31 - 1],
      }]);
      await createCheckout(run, { phone_number: "0712345678" });
    },
    end: async ({ run }) => {
      await run.db.write([{ sql: "DELETE FROM key_seals", args: [] }]);
    },
  },
  daraja_errors: {
    options: {
      daraja: ({ url }) => isDown && url.includes("stkpush") ? new Response("<html>", { status: 502 }) : null,
    },
    cause: async ({ run }) => {
      isDown = true;
      await prompt(run);
    },
    end: async ({ run }) => {
      isDown = false;
      run.time.skip(20 * MINUTE_MS);
      await prompt(run);
    },
  },
  daraja_drift: {
    cause: async ({ run }) => {
      const { attempts } = await createCheckout(run, { phone_number: "0700009009" });
      const text = JSON.stringify({ Body: { stkCallback: { ResultCode: 1999, ResultDesc: "new", Fee: "1" } } });
      await run.notify(run.services.capabilities.mint("stk", attempts[0]?.id ?? ""), text);
      await run.idle();
    },
    end: ({ run }) => Promise.resolve(run.time.skip(25 * HOUR_MS)),
  },
};

/** Writes as somebody whom the trigger does not stop. */
async function triggerless(run: InProcess, change: string): Promise<void> {
  const [[sql]] = await run.sql("SELECT sql FROM sqlite_schema WHERE name = 'audit_is_final'") as [[string]];
  await run.db.write(["DROP TRIGGER audit_is_final", change, sql].map((text) => ({ sql: text, args: [] })));
}

async function storeCertificate(run: InProcess, until: string): Promise<void> {
  const certificate = await Deno.readTextFile(
    new URL(`../fixtures/certificate-until-${until}.pem`, import.meta.url),
  );
  const { body } = await run.call<{ data: { id: string }[] }>("GET", "/v1/shortcodes");
  const { status } = await run.call("PATCH", `/v1/shortcodes/${body.data[0]?.id}`, { certificate });
  assert.equal(status, 200);
}

async function upload(run: InProcess, shillings: number): Promise<void> {
  const raw = statementText([{ receipt: kept, at: run.time.now(), in: shillings, type: "Pay Bill Online" }]);
  const { status } = await run.call("POST", "/v1/reconciliations", undefined, {
    raw,
    headers: { "content-type": "text/csv" },
  });
  assert.ok(status < 300);
  await run.pass(MINUTE_MS);
}

for (const name of ruleNames) {
  Deno.test(`the rule ${name} fires by its cause, is told once, and resolves when the cause is gone`, () =>
    alertRun(async (it) => {
      const { cause, end, isStopped = false } = cases[name];
      if (!isStopped) await it.evaluate();
      assert.deepEqual(await it.statuses(name), [], "nothing fires before");
      await cause(it);
      if (!isStopped) {
        await it.evaluate();
        await it.expect(name, "firing");
        const count = it.told(name).length;
        await it.evaluate();
        assert.equal(it.told(name).length, count, "a second evaluation does not tell it again");
      }
      assert.deepEqual([...new Set(await it.statuses(name))], ["firing"]);
      await end(it);
      await it.evaluate();
      await it.expect(name, "resolved");
      const isMerchants = (await it.run.sql("SELECT merchant_id FROM alerts WHERE rule = ?", name))[0]?.[0];
      for (const type of ["alert.firing", "alert.resolved"]) {
        const events = (await it.events(type)).filter(({ rule }) => rule === name);
        assert.equal(events.length > 0, isMerchants === DEMO_MERCHANT, `${type} goes to the merchant that it is about`);
      }
      assert.equal(it.run.logged("alert_firing").some(({ fields }) => fields.rule === name), true);
    }, cases[name].options));
}

Deno.test("each rule says what is wrong, and what its number counts", () => {
  for (const { summary, unit } of Object.values(rules)) {
    assert.match(summary, /^[A-Z].+\.$/);
    assert.ok(unit.length > 3);
  }
});
