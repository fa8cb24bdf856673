import assert from "node:assert/strict";
import type { ReconciliationDetail } from "../../../src/domain/reconciliations/contract.ts";
import type { CallOptions } from "../../support/client.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { xlsxOf } from "../../support/xlsx.ts";
import { allPayments, awaiting, getCheckout } from "./support.ts";

const HEADER = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,A/C No.";
const ROW = "UKM9X2A1BC,22-11-2025 12:13:25,Pay Bill,Completed,1500.00,,Pay Bill Online,INV-1";
const file = (...preamble: string[]) => [...preamble, HEADER, ROW].join("\r\n");

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const post = <T = ReconciliationDetail>(
  run: InProcess,
  body: string | Uint8Array<ArrayBuffer>,
  query = "",
  options: CallOptions = {},
) =>
  run.call<T>("POST", `/v1/reconciliations${query}`, undefined, {
    ...options,
    raw: body,
    headers: { "content-type": typeof body === "string" ? "text/csv" : XLSX },
  });

const FORMS = [
  "Till,500000",
  "Till Number: 500000",
  "Short Code:,500000",
  "Short Code:,,500000 - Demo Shop",
  "Organization:,500000 - Demo Shop",
  "Store Number,500001",
  'Business Short Code,="500000"',
];

for (const preamble of FORMS) {
  Deno.test(`a statement that names another shortcode of the merchant is booked there (${preamble})`, () =>
    inProcess(async (run) => {
      const checkout = await awaiting(run, "INV-1");
      const { status, body } = await post(run, file("Account Holder: Demo Shop,,", preamble, "Time Period:,2025"));
      assert.deepEqual([status, body.shortcode, body.notes], [202, "500000", []]);
      await run.pass(60_000);
      assert.deepEqual((await allPayments(run)).map((p) => [p.shortcode, p.status]), [["500000", "unmatched"]]);
      assert.equal((await getCheckout(run, checkout.id)).status, "open");
    }));
}

Deno.test("a statement of nobody's shortcode and one of another merchant's are refused with the same answer", () =>
  inProcess(async (run) => {
    const details = new Set<string>();
    for (const number of ["777777", "600001"]) {
      const { status, body } = await post<ProblemBody>(run, file(`Short Code:,${number}`));
      assert.deepEqual([status, body.code], [422, "statement_shortcode_mismatch"]);
      details.add((body.detail ?? "").replaceAll(number, "N"));
    }
    assert.equal(details.size, 1);
    assert.equal(await run.count("reconciliations"), 0);
  }));

Deno.test("a statement that contradicts the request or itself, or hides its number, is refused", () =>
  inProcess(async (run) => {
    const cases = [
      [file("Till,500000"), "?shortcode=600000"],
      [file("Short Code:,600000", "Till:,500000"), ""],
      [file("Short Code:,6000**"), ""],
      [`${HEADER},Short Code\r\n${ROW},600000\r\n${ROW.replace("1BC", "1BD")},500000`, ""],
    ] as const;
    for (const [text, query] of cases) {
      const { status, body } = await post<ProblemBody>(run, text, query);
      assert.deepEqual([status, body.code], [422, "statement_shortcode_mismatch"], text);
    }
    assert.equal(await run.count("reconciliations"), 0);
    assert.equal((await post(run, file("Till,500000"), "?shortcode=500000")).body.shortcode, "500000");
  }));

Deno.test("a statement that names no shortcode says where it was booked; a name or an empty label is no number", () =>
  inProcess(async (run) => {
    for (const preamble of ["Account Holder: Demo Shop,,", "Short Code:,", "Store:,Westlands", "Till Name:,5 Star"]) {
      const { body } = await post(run, file(preamble));
      assert.deepEqual([body.shortcode, body.notes.length], ["600000", 1], preamble);
      assert.match(body.notes[0] ?? "", /names no shortcode.*600000/);
    }
  }));

Deno.test("an XLSX statement is imported like any other, and the same bytes with the same key only once", () =>
  inProcess(async (run) => {
    const sheet = new Uint8Array(xlsxOf(file("Short Code:,600000").split("\r\n").map((line) => line.split(","))));
    const first = await post(run, sheet, "", { key: "import-1" });
    await run.pass(60_000);
    const again = await post(run, sheet, "", { key: "import-1" });
    assert.deepEqual([first.status, again.body.id], [202, first.body.id]);
    assert.equal(await run.count("reconciliations"), 1);
    assert.deepEqual((await allPayments(run)).map(({ receipt }) => receipt), ["UKM9X2A1BC"]);
    const other = await post<ProblemBody>(run, sheet.slice(0, 100), "", { key: "import-1" });
    assert.equal(other.status, 422);
  }));

Deno.test("rows that were left out are listed with their reason; one that we have is not missing", () =>
  inProcess(async (run) => {
    const rows = [
      HEADER,
      "UKM0000AAA,22-11-2025 08:00:00,Pay Bill,Completed,10.00,,Pay Bill Online,A",
      "UKM0000BBB,22-11-2025 09:00:00,Pay Bill,Completed,20.00,,Pay Bill Online,B",
      "UKM0000CCC,22-11-2025 10:00:00,Pay Bill,Completed,30.00,,Pay Bill Online,C",
      "UKM0000DDD,22-11-2025 11:00:00,Pay Bill,Completed,40.00,,Pay Bill Online,D",
    ];
    await post(run, rows.join("\r\n"));
    await run.pass(60_000);
    const second = rows.map((line) =>
      line.replace(/(BBB.*)Pay Bill Online/, "$1Customer Payment Reversal").replace(/(CCC.*)Completed/, "$1Failed")
    );
    const { body } = await post(run, [...second, "Closing Balance,,,,100.00,,,"].join("\r\n"));
    assert.deepEqual(body.left_out.map(({ row, receipt, reason }) => [row, receipt, reason]), [
      [3, "UKM0000BBB", "reversal"],
      [4, "UKM0000CCC", "not_completed"],
      [6, null, "no_transaction"],
    ]);
    await run.pass(60_000);
    const read = await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${body.id}`);
    assert.deepEqual(read.body.left_out, body.left_out);
    assert.deepEqual([read.body.matched, read.body.left_out_total], [2, 3]);
    // what M-Pesa calls failed, and we have, is a difference
    assert.deepEqual(read.body.findings.map(({ receipt, outcome }) => [receipt, outcome]), [["UKM0000CCC", "differs"]]);
  }));

Deno.test("money of a statement that could not be recorded is a finding with an alert, next to our payment", () =>
  inProcess(async (run) => {
    const good = "UKM0000AAA,22-11-2025 08:00:00,Pay Bill,Completed,10.00,,Pay Bill Online,A";
    await post(run, [HEADER, good].join("\r\n"));
    await run.pass(60_000);
    const twice = [
      HEADER,
      good,
      good.replace("10.00", "99.00"),
      good.replace("AAA", "BBB"),
      good.replace("AAA", "CCC"),
    ];
    const { body } = await post(run, twice.join("\r\n").replace(/(CCC.*)10\.00/, "$1lots"));
    await run.pass(60_000);
    const read = (await run.call<ReconciliationDetail>("GET", `/v1/reconciliations/${body.id}`)).body;
    assert.deepEqual([read.status, read.created, read.differing, read.unreadable], ["completed", 1, 2, 3]);
    assert.deepEqual(read.findings.map(({ receipt, outcome, ours, theirs }) => [receipt, outcome, ours, theirs]), [
      ["UKM0000AAA", "differs", 1_000, null],
      ["UKM0000BBB", "created", 1_000, 1_000],
      ["UKM0000CCC", "differs", null, null],
    ]);
    assert.equal(run.logged("reconciliation_rows_set_aside")[0]?.level, "alert");
  }));

Deno.test("a file that comes without its length is read to the byte, up to the limit", () =>
  inProcess(async (run) => {
    const send = async (bytes: Uint8Array<ArrayBuffer>) => {
      const headers = { "content-type": "text/csv", authorization: `Bearer ${await run.token("cli_demo")}` };
      const body = new Blob([bytes]).stream();
      const url = "http://127.0.0.1:8000/v1/reconciliations";
      return (await run.app.fetch(new Request(url, { method: "POST", headers, body }))).status;
    };
    const utf16 = new Uint8Array(Uint16Array.from(`\ufeff${file("Till,500000")}`, (char) => char.charCodeAt(0)).buffer);
    assert.equal(await send(utf16), 202);
    await run.pass(60_000);
    assert.deepEqual((await allPayments(run)).map(({ shortcode }) => shortcode), ["500000"]);
    assert.equal(await send(new Uint8Array(2 * 1024 * 1024 + 1)), 413);
  }));

Deno.test("a dry run says what an import would do, and writes nothing", () =>
  inProcess(async (run) => {
    await post(run, file("Short Code:,600000"));
    await run.pass(60_000);
    const tables = ["reconciliations", "reconciliation_rows", "payments", "audit", "jobs", "idempotency_keys"];
    const counts = () => Promise.all(tables.map((table) => run.count(table)));
    const before = await counts();
    const text = [
      file("Short Code:,600000"),
      ROW.replace("1BC", "1BD"),
      ROW.replace("1BC", "1BE").replace("1500", "?"),
    ];
    const { status, body } = await post(run, [...text, "Total,,,,3000,,,"].join("\r\n"), "?dry_run=true");
    assert.deepEqual([status, body.seen, body.matched, body.created, body.differing], [202, 3, 1, 1, 1]);
    assert.deepEqual(body.left_out.map(({ reason }) => reason), ["amount_unreadable", "no_transaction"]);
    assert.match(body.notes[0] ?? "", /dry run/);
    assert.deepEqual(await counts(), before);
    assert.equal((await run.call("POST", "/v1/reconciliations?dry_run=true", {})).status, 422);
    const readOnly = await run.token("cli_demo", "payments:read");
    assert.equal((await post(run, ROW, "?dry_run=true", { token: readOnly })).status, 403);
  }));
