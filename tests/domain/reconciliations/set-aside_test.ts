import assert from "node:assert/strict";
import type { ReconciliationDetail, ReconciliationView } from "../../../src/domain/reconciliations/contract.ts";
import { ConstraintError, type Database, DatabaseUnavailable } from "../../../src/db/database.ts";
import { type InProcess, inProcess, type InProcessOptions } from "../../support/in-process.ts";
import { confirmation, PAYBILL } from "../../support/facts.ts";
import { payPaybill } from "../../support/money.ts";

const row = (transactionId: unknown, amount: unknown, changes: Record<string, unknown> = {}) => ({
  transactionId,
  trxDate: "2026-11-20T10:00:00.000Z",
  msisdn: "254712345678",
  sender: "JANE",
  transactiontype: "c2b-pay-bill-debit",
  billreference: "nobody",
  amount,
  organizationname: "Demo Shop",
  ...changes,
});

/** Daraja's pull list with these pages; behind the last one it is empty, or `repeats` for ever. */
function listing(pages: readonly (readonly unknown[])[], repeats = false) {
  const state = { asked: 0 };
  const options: InProcessOptions = {
    daraja: (request) => {
      if (!request.url.includes("/pulltransactions/v1/query")) return null;
      const page = pages[repeats ? 0 : state.asked] ?? [];
      state.asked++;
      if (page.length === 0) return Response.json({ ResponseCode: "1001", ResponseMessage: "None", Response: [[]] });
      return Response.json({ ResponseRefID: "1", ResponseCode: "1000", ResponseMessage: "Success", Response: [page] });
    },
  };
  return { state, options };
}

async function reconcile(run: InProcess, waitMs = 60_000): Promise<ReconciliationDetail> {
  const { status, body } = await run.call<ReconciliationView>("POST", "/v1/reconciliations", {});
  assert.equal(status, 202, JSON.stringify(body));
  await run.pass(waitMs);
  return (await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${body.id}`)).body;
}

const findings = ({ findings }: ReconciliationDetail) =>
  findings.map(({ receipt, outcome, ours, theirs }) => [receipt, outcome, ours, theirs]).toSorted();
const receipts = async (run: InProcess) =>
  (await run.sql("SELECT receipt FROM payments ORDER BY receipt")).map(([receipt]) => receipt);

for (
  const [name, bad] of [
    ["an amount of zero", [row("UKM0000BAD", "0.00")]],
    ["an amount with separators", [row("UKM0000BAD", "1,000.00")]],
    ["no amount", [row("UKM0000BAD", null)]],
    ["two amounts", [row("UKM0000BAD", "10.00"), row("UKM0000BAD", "20.00")]],
  ] as const
) {
  Deno.test(`a pulled row with ${name} is set aside as a finding, and the rows before and after it are recorded`, async () => {
    const { options } = listing([[row("UKM0000AAA", "10.00"), ...bad, row("UKM0000BBB", "20.00")]]);
    await inProcess(async (run) => {
      const done = await reconcile(run);
      assert.deepEqual([done.status, done.created, done.unreadable, done.differing], ["completed", 2, 1, 1]);
      assert.deepEqual(findings(done), [
        ["UKM0000AAA", "created", 1_000, 1_000],
        ["UKM0000BAD", "differs", null, null],
        ["UKM0000BBB", "created", 2_000, 2_000],
      ]);
      assert.deepEqual(await receipts(run), ["UKM0000AAA", "UKM0000BBB"]);
      assert.equal(run.logged("reconciliation_rows_set_aside")[0]?.level, "alert");
      assert.equal(run.logged("reconciliation_differs")[0]?.level, "alert");
      assert.deepEqual(run.logged("job_failed"), []);
    }, options);
  });
}

Deno.test("a pulled row without a receipt is counted, and the others are recorded", async () => {
  const { options } = listing([[row("", "10.00"), "text", row("UKM0000BBB", "20.00")], [row("UKM0000CCC", "30.00")]]);
  await inProcess(async (run) => {
    const done = await reconcile(run);
    assert.deepEqual([done.status, done.created, done.unreadable, done.differing], ["completed", 2, 2, 0]);
    assert.deepEqual(await receipts(run), ["UKM0000BBB", "UKM0000CCC"]);
  }, options);
});

Deno.test("what a pull has told it does not tell again at the next one; what is new or has changed it tells", async () => {
  const page: unknown[] = [row("UKM0000AAA", "10.00"), row("UKM0000BAD", "0.00"), row("", "7.00"), "text"];
  const options: InProcessOptions = {
    daraja: (request) =>
      !request.url.includes("/pulltransactions/v1/query") ? null : Response.json(
        page.length === 0
          ? { ResponseCode: "1001", ResponseMessage: "None", Response: [[]] }
          : { ResponseRefID: "1", ResponseCode: "1000", ResponseMessage: "Success", Response: [page] },
      ),
  };
  await inProcess(async (run) => {
    const alerts = () =>
      run.logged("reconciliation_rows_set_aside").map(({ fields }) => [
        fields["rows"],
        fields["without_receipt"],
        fields["total"],
      ]);
    const differs = () => run.logged("reconciliation_differs").length;
    const told = [
      [{ receipt: "UKM0000BAD", reason: "amount_unreadable" }],
      ["no_transaction_id", "wrong_shape"],
      3,
    ];
    const first = await reconcile(run);
    assert.deepEqual([alerts(), differs()], [[told], 1]);
    const again = await reconcile(run);
    assert.deepEqual([alerts(), differs()], [[told], 1], "the second run met the same rows");
    assert.deepEqual([again.unreadable, again.differing], [first.unreadable, first.differing], "and shows them");
    page.push(row("", "8.00"), row("UKM0000BAE", "x"));
    await reconcile(run);
    const more = [[{ receipt: "UKM0000BAE", reason: "amount_unreadable" }], ["no_transaction_id"], 2];
    assert.deepEqual([alerts(), differs()], [[told, more], 2]);
    run.time.skip(31 * 86_400_000);
    page.splice(0, page.length, row("", "9.00"));
    await reconcile(run);
    assert.equal(await run.count("reconciliation_reported"), 1, "what M-Pesa lists no more is forgotten");
  }, options);
});

Deno.test("a page of nothing but rows without a receipt does not end the reconciliation", async () => {
  const { options } = listing([[row("", "10.00")], [row("UKM0000CCC", "30.00")]]);
  await inProcess(async (run) => {
    assert.deepEqual([(await reconcile(run)).status, await receipts(run)], ["completed", ["UKM0000CCC"]]);
  }, options);
});

Deno.test("a later page of nothing but rows without a receipt does not end it either, and each row moves the offset", async () => {
  const pages = [[row("UKM0000AAA", "10.00"), "text"], [row("", "5.00")], [row("UKM0000CCC", "30.00")]];
  const offsets: number[] = [];
  const { options } = listing(pages);
  const daraja: InProcessOptions["daraja"] = async (request) => {
    if (request.url.includes("/pulltransactions/v1/query")) {
      offsets.push(Number((await request.clone().json()).OffSetValue));
    }
    return await options.daraja?.(request) ?? null;
  };
  await inProcess(async (run) => {
    const done = await reconcile(run);
    assert.deepEqual([done.status, await receipts(run)], ["completed", ["UKM0000AAA", "UKM0000CCC"]]);
    assert.deepEqual(offsets, [0, 2, 3, 4]);
  }, { ...options, daraja });
});

const reversal = (receipt: string, of: string) =>
  row(receipt, "10.00", { transactiontype: "c2b-reversal", billreference: of });

Deno.test("a page of nothing but reversals does not end the reconciliation, whether it is the first or a later one", async () => {
  for (const pages of [[], [[row("UKM0000AAA", "10.00")]]]) {
    const { options } = listing([...pages, [reversal("UKR0000001", "UKM0000001")], [row("UKM0000CCC", "30.00")]]);
    await inProcess(async (run) => {
      assert.equal((await reconcile(run)).status, "completed");
      assert.equal((await receipts(run)).at(-1), "UKM0000CCC");
    }, options);
  }
});

Deno.test("an API that ignores the offset and lists nothing but reversals is asked twice", async () => {
  const { state, options } = listing([[reversal("UKR0000001", "UKM0000001")]], true);
  await inProcess(async (run) => {
    assert.deepEqual([(await reconcile(run)).status, state.asked], ["completed", 2]);
  }, options);
});

Deno.test("differences are told before a reconciliation ends, so that none is lost where the telling is cut off", async () => {
  const { options } = listing([[row("UKM0000BAD", "12.00")]]);
  let cuts = 0;
  const wrapDatabase = (db: Database): Database => ({
    read: (statements) => {
      const isHit = cuts === 0 && statements.some(({ sql }) => /FROM reconciliation_rows r .*'missing'/.test(sql));
      if (isHit) cuts++;
      return isHit ? Promise.reject(new DatabaseUnavailable("gone", true)) : db.read(statements);
    },
    write: (statements) => db.write(statements),
    close: () => db.close(),
  });
  await inProcess(async (run) => {
    await confirmation(run, PAYBILL, "nobody", { receipt: "UKM0000BAD", amount: 10, at: run.time.now() });
    await reconcile(run);
    await run.pass(600_000);
    assert.deepEqual([cuts, run.logged("reconciliation_differs").length], [1, 1]);
    assert.deepEqual(await run.sql("SELECT DISTINCT status FROM reconciliations"), [["completed"]]);
  }, { ...options, wrapDatabase });
});

Deno.test("a row that met a busy database is recorded at the next try, and is no finding", async () => {
  const { options } = listing([[row("UKM0000AAA", "10.00"), row("UKM0000BBB", "20.00")]]);
  let away = true;
  const wrapDatabase = (db: Database): Database => ({
    read: (statements) => db.read(statements),
    write: (statements) => {
      const isHit = away &&
        statements.some(({ sql, args }) => /INTO payments/.test(sql) && args.includes("UKM0000BBB"));
      if (isHit) away = false;
      return isHit ? Promise.reject(new DatabaseUnavailable("gone", true)) : db.write(statements);
    },
    close: () => db.close(),
  });
  await inProcess(async (run) => {
    await reconcile(run);
    await run.pass(600_000);
    assert.equal(away, false);
    assert.deepEqual(await run.sql("SELECT outcome FROM reconciliation_rows WHERE outcome <> 'created'"), []);
    assert.deepEqual(run.logged("reconciliation_rows_set_aside"), []);
  }, { ...options, wrapDatabase });
});

Deno.test("an API that ignores the offset is asked twice, also where a row of its page can't be read", async () => {
  const { state, options } = listing([[row("UKM0000AAA", "10.00"), row("UKM0000BAD", "0.00"), row("", "5")]], true);
  await inProcess(async (run) => {
    assert.deepEqual([(await reconcile(run)).status, state.asked], ["completed", 2]);
  }, options);
});

Deno.test("a payment of ours whose pulled row can't be read differs; it is not missing", async () => {
  let receipt = "";
  const options: InProcessOptions = {
    daraja: (request) => {
      if (!request.url.includes("/pulltransactions/v1/query")) return null;
      const page = { ResponseRefID: "1", ResponseCode: "1000", ResponseMessage: "Success" };
      return Response.json({ ...page, Response: [[row(receipt, "1,500.00")]] });
    },
  };
  await inProcess(async (run) => {
    receipt = await payPaybill(run);
    await run.pass(3_600_000);
    const done = await reconcile(run);
    assert.deepEqual(findings(done), [[receipt, "differs", 150_000, null]]);
    assert.deepEqual(await run.sql("SELECT amount FROM payments"), [[150_000]]);
  }, options);
});

Deno.test("a row that the database can't store is set aside, and the others are recorded", async () => {
  const { options } = listing([["A", "B", "C", "D", "E"].map((end) => row(`UKM000000${end}`, "10.00"))]);
  const wrapDatabase = (db: Database): Database => ({
    read: (statements) => db.read(statements),
    write: (statements) => {
      const isBad = statements.some(({ sql, args }) => /INTO payments/.test(sql) && args.includes("UKM000000C"));
      return isBad ? Promise.reject(new ConstraintError("check", "amount > 0")) : db.write(statements);
    },
    close: () => db.close(),
  });
  await inProcess(async (run) => {
    const done = await reconcile(run);
    assert.deepEqual([done.status, done.created, done.unreadable], ["completed", 4, 1]);
    assert.deepEqual(findings(done).find(([receipt]) => receipt === "UKM000000C"), [
      "UKM000000C",
      "differs",
      null,
      1_000,
    ]);
  }, { ...options, wrapDatabase });
});

Deno.test("a time, phone or account that can't be read does not hold a pulled payment up", async () => {
  const odd = row("UKM0000AAA", "10.00", { trxDate: "noon", msisdn: "?", billreference: { a: 1 } });
  const { options } = listing([[odd]]);
  await inProcess(async (run) => {
    assert.equal((await reconcile(run)).created, 1);
    assert.deepEqual(await run.sql("SELECT amount, paid_at, phone, status FROM payments"), [[
      1_000,
      null,
      null,
      "unmatched",
    ]]);
    const [line] = run.logged("pull_row_partly_unreadable");
    assert.deepEqual(line?.fields["fields"], ["paid_at", "phone", "account_reference"]);
  }, options);
});

Deno.test("a reconciliation that breaks each time ends as failed, and the shortcode is pulled again after it", async () => {
  const { options } = listing([], true);
  let breaks = true;
  const wrapDatabase = (db: Database): Database => ({
    read: (statements) =>
      breaks && statements.some(({ sql }) => /FROM reconciliation_rows.*json_each/.test(sql))
        ? Promise.reject(new Error("broken"))
        : db.read(statements),
    write: (statements) => db.write(statements),
    close: () => db.close(),
  });
  await inProcess(async (run) => {
    const failed = await reconcile(run, 3 * 3_600_000);
    assert.equal(failed.status, "failed");
    assert.match(failed.problem ?? "", /could not be processed/);
    assert.equal(run.logged("reconciliation_failed")[0]?.level, "alert");
    breaks = false;
    assert.equal((await reconcile(run)).status, "completed");
    assert.deepEqual(run.logged("job_dead"), []);
  }, { ...options, wrapDatabase });
});

Deno.test("a stored statement row without a usable amount is set aside, and the others are recorded", () =>
  inProcess(async (run) => {
    const csv = "Receipt No.,Completion Time,Transaction Status,Paid In\r\n" +
      ["AAA", "BAD", "CCC"].map((end) => `UKM0000${end},22-11-2026 12:13:25,Completed,10.00`).join("\r\n");
    const { status, body } = await run.call<ReconciliationView>("POST", "/v1/reconciliations", undefined, {
      raw: csv,
      headers: { "content-type": "text/csv" },
    });
    assert.equal(status, 202, JSON.stringify(body));
    await run.db.write([{ sql: "UPDATE reconciliation_rows SET theirs = 0 WHERE receipt = 'UKM0000BAD'", args: [] }]);
    await run.pass(60_000);
    const done = (await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${body.id}`)).body;
    assert.deepEqual([done.status, done.created, done.unreadable, done.differing], ["completed", 2, 1, 1]);
    assert.deepEqual(await receipts(run), ["UKM0000AAA", "UKM0000CCC"]);
    const [line] = run.logged("reconciliation_rows_set_aside");
    assert.deepEqual(line?.fields["rows"], [{ receipt: "UKM0000BAD", reason: "amount_unreadable" }]);
  }));
