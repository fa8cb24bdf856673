import assert from "node:assert/strict";
import { jobHandlers } from "../../src/app/job-handlers.ts";
import type { JobKind } from "../../src/context/jobs.ts";
import { formatKeyring, newRingKey } from "../../src/crypto/keyring.ts";
import { nairobiDay } from "../../src/daraja/time.ts";
import { reportKeys } from "../../src/domain/keys/report.ts";
import { messageStatements } from "../../src/monitoring/alerts/send.ts";
import { fanOut } from "../../src/webhooks/deliveries/fan-out.ts";
import { createAccount, payOpenly } from "../support/accounts.ts";
import { createCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { askRefund, paidCheckout, payPaybill } from "../support/money.ts";
import { statementText } from "../support/statements.ts";
import { createPayout } from "../support/payouts.ts";
import { FakeNetwork } from "../webhooks/fake-network.ts";
import { createEvent, register } from "../webhooks/support.ts";
import { anotherProcess, dump, Stall } from "./stalled-process.ts";

const LEASE_MS = 60_000;

interface Scenario {
  /** Leaves something to do for a job of the kind. Jobs run meanwhile. */
  readonly prepare?: (run: InProcess) => Promise<void>;
  /** Leaves one job of the kind that is due. No job runs any more. */
  readonly begin: (run: InProcess) => Promise<unknown>;
  /** A query that answers what the job must have done, once, and what it answers. */
  readonly done: readonly [sql: string, answer: unknown];
  /** Set where an answer of M-Pesa may be stored late: what must hold then. */
  readonly evidence?: (run: InProcess) => Promise<void>;
}

const schedule = (run: InProcess, kind: JobKind, subject: string) =>
  run.db.write([run.services.jobs.schedule(kind, subject, null, run.time.now())]);

const movedOnce = (kind: string) => async (run: InProcess): Promise<void> => {
  await run.pass(5_000);
  const moved = run.simulator.world.transactions.list().filter((money) => money.kind === kind);
  assert.equal(moved.length, 1, `${kind} moved ${moved.length} times`);
};

const HEADER = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Reason Type,A/C No.";
const statement = (rows: number): string =>
  [
    HEADER,
    ...Array.from(
      { length: rows },
      (_, i) => `UKM9X${String(i).padStart(5, "0")},2026-11-22 12:13:25,Pay,Completed,10.00,,,Pay Bill Online,A${i}`,
    ),
  ].join("\r\n");
const upload = (run: InProcess, rows: number) =>
  run.call("POST", "/v1/reconciliations", undefined, { raw: statement(rows), headers: { "content-type": "text/csv" } });

const scenarios: Readonly<Record<JobKind, Scenario>> = {
  notice: {
    begin: async (run) => {
      await createCheckout(run, { phone_number: "0712345678" });
      await run.pass(5_000);
      run.time.skip(16_000); // past the lease of the process that accepted it
    },
    done: ["SELECT n.status, p.status, count(*) FROM payments p, notices n", ["applied", "matched", 1]],
  },
  checkout: {
    begin: async (run) => {
      await createCheckout(run, { phone_number: "254700009001" });
      run.time.skip(30_000);
    },
    done: ["SELECT a.status, count(*) FROM attempts a, payments", ["succeeded", 1]],
  },
  payout: {
    begin: (run) => createPayout(run),
    done: ["SELECT sends FROM payouts", [1]],
    evidence: movedOnce("b2c"),
  },
  refund: {
    prepare: async (run) => void await paidCheckout(run),
    begin: async (run) => {
      const [[id]] = await run.sql("SELECT id FROM payments") as [[string]];
      await askRefund(run, id);
    },
    done: ["SELECT count(*) FROM refunds WHERE status <> 'queued'", [1]], // M-Pesa reverses a receipt once, so it may be asked twice
    evidence: movedOnce("reversal"),
  },
  difference: {
    prepare: async (run) => {
      await createCheckout(run, { account_reference: "INV1", overpayment: "keep_within", overpayment_within: 5_000 });
      await payOpenly(run, "INV1", 1_550, "UKM0000001");
    },
    begin: async (run) => {
      await run.db.write([{ sql: "UPDATE checkouts SET overpayment = 'refund_difference'", args: [] }]);
      const [[id, merchant]] = await run.sql("SELECT id, merchant_id FROM checkouts") as [[string, string]];
      await run.db.write([run.services.jobs.schedule("difference", id, merchant, run.time.now())]);
    },
    done: ["SELECT amount FROM refunds", [5_000]],
  },
  reversal: {
    prepare: async (run) => {
      const { id } = await paidCheckout(run, { amount: 2_000_000 });
      await askRefund(run, id, { method: "payout" }); // it awaits an approval, and ends with its payment
    },
    begin: async (run) => {
      const [[receipt]] = await run.sql("SELECT receipt FROM payments") as [[string]];
      const at = run.time.now();
      const row = { receipt: "UKR0000001", at, out: 20_000, type: "Pay Bill Reversal", linked: receipt };
      await run.call("POST", "/v1/reconciliations", undefined, {
        raw: statementText([row]),
        headers: { "content-type": "text/csv" },
      });
    },
    done: [
      "SELECT p.status, amount_taken_back, y.status, (SELECT count(*) FROM events WHERE type = 'payment.taken_back') " +
      "FROM payments p, payouts y",
      ["taken_back", 2_000_000, "cancelled", 1],
    ],
  },
  account: {
    prepare: async (run) => {
      await createAccount(run, { account_reference: "HSE12", apply: "none" });
      await payPaybill(run, { amount: 2_000, reference: "HSE12" });
      await createCheckout(run, { account_reference: "HSE12" });
    },
    begin: async (run) => {
      await run.db.write([{ sql: "UPDATE standing_accounts SET apply = 'oldest_first'", args: [] }]);
      const [[id, merchant]] = await run.sql("SELECT id, merchant_id FROM standing_accounts") as [[string, string]];
      await run.db.write([run.services.jobs.schedule("account", id, merchant, run.time.now())]);
    },
    done: [
      "SELECT c.status, sum(a.amount), count(*) FROM checkouts c, account_applications a",
      ["succeeded", 150_000, 1],
    ],
  },
  standing_order: {
    begin: async (run) => {
      const day = (days: number) => new Date(run.time.now() + days * 86_400_000).toISOString().slice(0, 10);
      await run.call("POST", "/v1/standing-orders", {
        name: "Gym",
        amount: 150_000,
        currency: "KES",
        phone_number: "0712345678",
        frequency: "monthly",
        start_date: day(1),
        end_date: day(300),
      });
      run.time.skip(3 * 86_400_000);
    },
    done: ["SELECT status, count(*) FROM standing_orders", ["unknown", 1]],
  },
  reconcile: {
    begin: (run) => upload(run, 3),
    done: [
      "SELECT r.status, created, (SELECT count(*) FROM payments) FROM reconciliations r WHERE source = 'statement'",
      ["completed", 3, 3],
    ],
  },
  undo_import: {
    prepare: async (run) => {
      await upload(run, 3);
      await run.pass(60_000);
    },
    begin: async (run) => {
      await run.db.write([{ sql: "UPDATE reconciliations SET reversing_at = 1, reversed_by = 'x'", args: [] }]);
      const [[id, merchant]] = await run.sql("SELECT id, merchant_id FROM reconciliations") as [[string, string]];
      await run.db.write([run.services.jobs.schedule("undo_import", id, merchant, run.time.now())]);
    },
    done: [
      "SELECT reversed_at IS NOT NULL, (SELECT count(*) FROM payments) FROM reconciliations",
      [1, 0],
    ],
  },
  change_request: {
    begin: async (run) => {
      await run.call("PATCH", "/v1/payout-limits", { max_amount: 7_000_000 }, { client: "cli_operator" });
      run.time.skip(25 * 3_600_000);
    },
    done: ["SELECT (SELECT max_amount FROM payout_limits), status FROM change_requests", [7_000_000, "applied"]],
  },
  ledger_check: {
    prepare: async (run) => void await paidCheckout(run),
    begin: (run) => schedule(run, "ledger_check", nairobiDay(run.time.now())),
    done: ["SELECT count(*) FROM ledger_checks", [1]],
  },
  audit: {
    prepare: async (run) => void await createCheckout(run),
    begin: async (run) => {
      await run.db.write([{ // one chain is checked: more of them are the same steps again
        sql: "INSERT INTO audit_checks SELECT id, 0, 0, zeroblob(32), '[]', '[]', 1, ?1, ?1 FROM " +
          "(SELECT id FROM merchants UNION SELECT '') WHERE id <> (SELECT merchant_id FROM audit LIMIT 1)",
        args: [run.time.now()],
      }]);
      await schedule(run, "audit", "all");
    },
    done: [
      "SELECT sum(entries) = (SELECT max(seq) FROM audit), (SELECT count(*) FROM audit_checks WHERE problems <> '[]') " +
      "FROM audit_heads",
      [1, 0],
    ],
  },
  keys: {
    prepare: async (run) => void await createCheckout(run, { phone_number: "0712345678" }),
    begin: async (run) => {
      await run.db.write([{ sql: "UPDATE attempts SET phone_index = zeroblob(16)", args: [] }]);
      await reportKeys(run.services);
      await run.db.write([{ // one column is worked on: more of them are the same steps again
        sql: "INSERT INTO key_work SELECT value, key_print, '', 0, 0, 1 FROM key_rings, " +
          "json_each('[\"payouts.phone_index\", \"payment_phones.phone_index\"]') WHERE ring = 'index'",
        args: [],
      }]);
    },
    done: ["SELECT count(*) FROM attempts WHERE phone_index <> zeroblob(16)", [1]],
  },
  retention: {
    begin: async (run) => {
      await run.db.write([{
        sql: "INSERT INTO counters (name, total, cap, expires_at) VALUES ('old', 1, 1, 1), ('kept', 1, 1, ?)",
        args: [run.time.now() + 86_400_000],
      }]);
      await schedule(run, "retention", "all");
    },
    done: ["SELECT group_concat(name) FROM counters WHERE name IN ('old', 'kept')", ["kept"]],
  },
  event: {
    prepare: async (run) => void await register(run),
    begin: async (run) => {
      await createEvent(run);
      run.time.skip(11_000); // past the time in which the process that stored it fans it out
    },
    done: ["SELECT count(*), max(status) FROM deliveries", [1, "succeeded"]],
  },
  alerts: {
    prepare: async (run) => void await payPaybill(run),
    begin: async (run) => {
      run.time.skip(25 * 3_600_000);
      await schedule(run, "alerts", "all");
    },
    done: ["SELECT count(*) FROM events WHERE type = 'alert.firing'", [1]],
  },
  alert_message: {
    begin: async (run) => {
      await run.db.write(messageStatements(run.services, { kind: "alerts", alerts: [] }));
    },
    done: ["SELECT count(*) FROM alert_messages", [0]],
  },
  deliveries: {
    prepare: async (run) => void await register(run),
    begin: async (run) => {
      await createEvent(run);
      const rows = await run.sql("SELECT subject_id FROM jobs WHERE kind = 'event'");
      await fanOut(run.services, rows.map(([id]) => String(id)));
      run.time.skip(11_000);
    },
    done: ["SELECT count(*), max(status) FROM deliveries", [1, "succeeded"]],
  },
};

/** Stops a runner before the nth thing that it does, lets another do the job, and wakes it. Null: it did less than that. */
async function stallAt(kind: JobKind, { prepare, begin, done, evidence }: Scenario, nth: number) {
  let stalledAt: string | null = null;
  const network = new FakeNetwork();
  await inProcess(async (run) => {
    await prepare?.(run);
    await run.services.jobs.stop(1_000);
    await begin(run);
    await run.db.write([{ sql: "DELETE FROM jobs WHERE kind <> ?", args: [kind] }]);
    assert.equal(await run.count("jobs"), 1, "one job is due");
    const stall = new Stall(nth);
    const stale = await anotherProcess(run, network, stall);
    stale.jobs.claimNow();
    await Promise.race([stall.stopped, stale.jobs.idle()]);
    stalledAt = stall.at;
    const other = await anotherProcess(run, network);
    if (stalledAt !== null) {
      for (let turns = 0; turns < 2; turns++) { // a delivery's lease may be younger than its job's
        run.time.skip(LEASE_MS + 1_000);
        other.jobs.claimNow();
        await other.jobs.idle();
      }
    }
    const before = await dump(run);
    const [sql, answer] = done;
    assert.deepEqual((await run.sql(sql))[0], answer, "the other did it");
    stall.wake();
    await stale.jobs.idle();
    const after = await dump(run);
    const changed = after.filter((line) => !before.includes(line));
    if (evidence === undefined) assert.deepEqual(changed, [], "who wakes up changes nothing");
    assert.deepEqual((await run.sql(sql))[0], answer, "and it is still done once");
    await evidence?.(run);
    await Promise.all([stale, other].map((services) => services.jobs.stop(1_000)));
  }, {
    outbound: network,
    env: {
      ALERT_URL: "https://alerts.example.com/",
      ...(kind === "change_request" ? { CHANGE_DELAY_HOURS: "24" } : {}),
      ...(kind === "keys" ? { INDEX_KEYS: formatKeyring([newRingKey("new"), newRingKey("old")]) } : {}),
    },
  });
  return stalledAt;
}

const MOST_STEPS = 120;

Deno.test("each kind of job has a test in which its runner stalls past its lease", () =>
  inProcess((run) => {
    assert.deepEqual(Object.keys(jobHandlers(run.services)).sort(), Object.keys(scenarios).sort());
    return Promise.resolve();
  }));

for (const [kind, scenario] of Object.entries(scenarios) as [JobKind, Scenario][]) {
  Deno.test(`a ${kind} runner that stalls past its lease, wherever that is, changes nothing when it wakes up`, async () => {
    const stalls: string[] = [];
    for (let nth = 0; nth < MOST_STEPS; nth++) {
      const at = await stallAt(kind, scenario, nth);
      if (at === null) break;
      stalls.push(at);
    }
    assert.ok(stalls.some((at) => at.startsWith("write")) && stalls.length < MOST_STEPS, stalls.join("; "));
  });
}
