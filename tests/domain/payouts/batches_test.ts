import assert from "node:assert/strict";
import type { BatchView } from "../../../src/domain/payouts/batch-contract.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { act, getPayout, payoutBody } from "../../support/payouts.ts";
import type { Answer, CallOptions } from "../../support/client.ts";

const HEADER = "phone_number,amount_kes,reference,purpose,remarks";
const row = (changes: Partial<Record<string, string>> = {}) => {
  const cell: Record<string, string> = {
    phone_number: "0712345678",
    amount_kes: "1500",
    reference: "emp-1",
    purpose: "salary",
    remarks: "November pay",
    ...changes as Record<string, string>,
  };
  return HEADER.split(",").map((name) => cell[name]).join(",");
};
const file = (...rows: string[]) => `${HEADER}\r\n${rows.join("\r\n")}\r\n`;

const csv = <T = ProblemBody>(run: InProcess, raw: string, query = "", options: CallOptions = {}): Promise<Answer<T>> =>
  run.call<T>("POST", `/v1/payout-batches${query}`, undefined, {
    ...options,
    raw,
    headers: { "content-type": "text/csv; charset=utf-8", ...options.headers },
  });
const json = <T = ProblemBody>(run: InProcess, payouts: unknown, query = ""): Promise<Answer<T>> =>
  run.call<T>("POST", `/v1/payout-batches${query}`, { payouts });
const pointers = ({ body }: Answer<ProblemBody>) => (body.errors ?? []).map(({ pointer }) => pointer);
const read = async (run: InProcess, id: string) => (await run.call<BatchView>("GET", `/v1/payout-batches/${id}`)).body;

Deno.test("a CSV file becomes payouts in its order; progress is told until all have ended", () =>
  inProcess(async (run) => {
    const raw = "\ufeff" + file(
      row({ reference: "a", remarks: '"Pay, November"' }),
      row({ reference: "b", phone_number: "+254722000111", amount_kes: "20", remarks: "" }),
      row({ reference: "c", phone_number: "254712342040", purpose: "business" }),
    ) + "\r\n";
    const { status, body } = await csv<BatchView>(run, raw);
    assert.equal(status, 202);
    assert.deepEqual([body.status, body.total, body.amount, body.counts.queued], ["processing", 3, 302_000, 3]);
    assert.deepEqual(body.data.map(({ reference, amount }) => [reference, amount]), [["a", 150_000], ["b", 2_000], [
      "c",
      150_000,
    ]]);
    const first = await getPayout(run, body.data[0]?.id ?? "");
    assert.deepEqual([first.batch, first.purpose, first.remarks], [body.id, "salary", "Pay, November"]);
    assert.equal((await getPayout(run, body.data[1]?.id ?? "")).remarks, "Payout");
    await run.pass();
    const done = await read(run, body.id);
    assert.deepEqual([done.status, done.counts.succeeded, done.counts.failed], ["completed", 2, 1]);
    assert.deepEqual(
      run.simulator.world.transactions.list().map((book) => book.receipt).sort(),
      done.data.flatMap(({ receipt }) => receipt ?? []).sort(),
    );
    assert.equal(run.simulator.world.transactions.list().length, 2);
  }));

Deno.test("JSON does the same, with everything a payout may have", () =>
  inProcess(async (run) => {
    const { status, body } = await json<BatchView>(run, [
      payoutBody({ reference: "a", occasion: "Bonus", metadata: { team: "7" }, shortcode: "600000" }),
      payoutBody({ reference: "b", amount: 1_000_000, phone_number: "0722000111" }),
    ]);
    assert.equal(status, 202);
    assert.deepEqual([body.counts.queued, body.counts.awaiting_approval], [1, 1]);
    const [a, b] = body.data;
    assert.equal((await getPayout(run, a?.id ?? "")).occasion, "Bonus");
    await run.pass();
    assert.equal((await read(run, body.id)).status, "processing");
    await act(run, b?.id ?? "", "approve", { client: "cli_approver" });
    await run.pass();
    assert.equal((await read(run, body.id)).status, "completed");
  }));

Deno.test("the same file again with the same key makes no new payouts", () =>
  inProcess(async (run) => {
    const raw = file(row(), row({ reference: "emp-2" }));
    const first = await csv<BatchView>(run, raw, "", { key: "november" });
    await run.pass();
    const again = await csv<BatchView>(run, raw, "", { key: "november" });
    assert.deepEqual([again.status, again.body], [202, first.body]);
    assert.equal(again.headers.get("idempotent-replayed"), "true");
    const other = await csv(run, file(row()), "", { key: "november" });
    assert.deepEqual([other.status, other.body.code], [422, "idempotency_key_reused"]);
    assert.equal((await csv(run, raw, "", { key: null })).status, 400);
    assert.equal(await run.count("payouts"), 2);
    assert.equal(run.simulator.world.transactions.list().length, 2);
  }));

Deno.test("every problem of every row is named by line and column, and nothing is created", () =>
  inProcess(async (run) => {
    const answer = await csv(
      run,
      file(
        row(), // line 2
        row({ phone_number: "+255712345678", amount_kes: "12.50" }), // 3
        row({ phone_number: "0202222222", purpose: "gift" }), // 4: a landline
        row({ remarks: "x".repeat(101), reference: "" }), // 5
        row({ reference: "=1+1", remarks: "@cmd" }), // 6
        row({ reference: "+1", remarks: "-x" }), // 7
        "0712345678,1500,emp-1,salary", // 8
        row() + ",more", // 9
        row({ amount_kes: "9" }), // 10: below KES 10
        row({ amount_kes: "250001" }), // 11
        row({ amount_kes: '"1,500"' }), // 12
        row({ reference: 'a"b' }), // 13
      ),
    );
    assert.deepEqual([answer.status, answer.body.code], [422, "validation_failed"]);
    assert.deepEqual(pointers(answer).sort(), [
      "/rows/10/amount_kes",
      "/rows/11/amount_kes",
      "/rows/12/amount_kes",
      "/rows/13/reference",
      "/rows/3/amount_kes",
      "/rows/3/phone_number",
      "/rows/4/phone_number",
      "/rows/4/purpose",
      "/rows/5/reference",
      "/rows/5/remarks",
      "/rows/6/reference",
      "/rows/6/remarks",
      "/rows/7/reference",
      "/rows/7/remarks",
      "/rows/8",
      "/rows/9",
    ]);
    assert.equal(await run.count("payouts"), 0);
    assert.equal(await run.count("payout_batches"), 0);
    assert.equal((await run.sql("SELECT count(*) FROM counters WHERE name LIKE 'payout/%'"))[0]?.[0], 0);
  }));

Deno.test("the file as a whole may be wrong: its header, its length, its quotes, its type", () =>
  inProcess(async (run) => {
    const cases: readonly (readonly [string, string[]])[] = [
      ["", ["/rows/1"]],
      ["phone_number,amount_kes,reference,purpose\r\n0712345678,10,a,salary\r\n", ["/rows/1/remarks"]],
      [`${HEADER},note\r\n${row()},x\r\n`, ["/rows/1/note"]],
      [`${HEADER}\r\n`, ["/rows/2"]],
      [file(row(), row({ remarks: '"never closed' }), row()), ["/rows/3/remarks"]],
      [file(...Array.from({ length: 5_001 }, () => row())), ["/rows/5002"]],
    ];
    for (const [raw, expected] of cases) {
      const answer = await csv(run, raw, "?accept_valid=true");
      assert.equal(answer.status, 422, raw.slice(0, 80));
      assert.deepEqual(pointers(answer), expected);
    }
    const heavy = await csv(run, file(row({ remarks: "x".repeat(2 * 1024 * 1024) })));
    assert.deepEqual([heavy.status, heavy.body.code], [413, "body_too_large"]);
    const typed = await csv(run, file(row()), "", { headers: { "content-type": "text/plain" } });
    assert.deepEqual([typed.status, typed.body.code], [415, "unsupported_media_type"]);
    assert.equal((await csv(run, file(row()), "?accept_valid=yes")).status, 400);
    assert.equal(await run.count("payouts"), 0);
  }));

Deno.test("JSON problems are named by index and field", () =>
  inProcess(async (run) => {
    const answer = await json(run, [
      payoutBody(),
      payoutBody({ phone_number: "+255712345678", amount: 150 }),
      payoutBody({ purpose: "gift", extra: 1 }),
      "not a payout",
      payoutBody({ shortcode: "999999" }),
    ]);
    assert.deepEqual(pointers(answer).sort(), [
      "/payouts/1/amount",
      "/payouts/1/phone_number",
      "/payouts/2/extra",
      "/payouts/2/purpose",
      "/payouts/3",
      "/payouts/4/shortcode",
    ]);
    assert.deepEqual(pointers(await json(run, [])), ["/payouts"]);
    assert.deepEqual(pointers(await json(run, Array.from({ length: 5_001 }, () => 1))), ["/payouts"]);
    assert.deepEqual(pointers(await json(run, "x")), ["/payouts"]);
    assert.equal(await run.count("payouts"), 0);
  }));

Deno.test("with accept_valid the valid rows are created and the others listed", () =>
  inProcess(async (run) => {
    const raw = file(row(), row({ purpose: "gift" }), row({ reference: "emp-3", phone_number: "0722000111" }));
    const { status, body } = await csv<BatchView>(run, raw, "?accept_valid=true");
    assert.equal(status, 202);
    assert.deepEqual(body.data.map(({ reference }) => reference), ["emp-1", "emp-3"]);
    assert.deepEqual(body.problems.map(({ pointer }) => pointer), ["/rows/3/purpose"]);
    assert.equal((await read(run, body.id)).problems.length, 1);
    const none = await csv(run, file(row({ purpose: "gift" })), "?accept_valid=true");
    assert.equal(none.status, 422);
  }));

Deno.test("a batch whose total passes a limit is refused whole, and says which and where", () =>
  inProcess(async (run) => {
    const day = await csv(run, file(row(), row({ phone_number: "0722000111" }), row({ phone_number: "0733000111" })));
    assert.deepEqual([day.status, day.body.code], [422, "limit_exceeded"]);
    assert.match(day.body.detail, /KES 4000 may be sent in a day/);
    const phone = await csv(
      run,
      file(row(), row({ reference: "other" }), row({ phone_number: "0722000111", amount_kes: "10" })),
    );
    assert.deepEqual(pointers(phone), ["/rows/2/amount_kes", "/rows/3/amount_kes"]);
    assert.equal(await run.count("payouts"), 0);
    assert.equal((await csv(run, file(row(), row({ phone_number: "0722000111" })))).status, 202);
  }, { env: { PAYOUT_DAILY_PER_MERCHANT_KES: "4000", PAYOUT_DAILY_PER_PHONE_KES: "2000" } }));

Deno.test("a batch is paced: so many a second from one shortcode", () =>
  inProcess(async (run) => {
    const rows = Array.from({ length: 40 }, (_, i) => row({ reference: `r-${i}`, phone_number: `07220001${10 + i}` }));
    const { body } = await csv<BatchView>(run, file(...rows));
    const sent = () => run.simulator.world.requests.list().filter(({ operation }) => operation === "b2c").length;
    await run.pass(1_000);
    assert.ok(sent() >= 4 && sent() <= 7, `${sent()} were sent in the first second`);
    await run.pass(20_000);
    assert.equal(sent(), 40);
    assert.equal((await read(run, body.id)).counts.succeeded, 40);
  }, { env: { PAYOUTS_PER_SECOND: "5" } }));

Deno.test("a batch is another merchant's secret, and needs the scopes of payouts", () =>
  inProcess(async (run) => {
    const { body } = await csv<BatchView>(run, file(row()));
    const path = `/v1/payout-batches/${body.id}`;
    assert.equal((await run.call("GET", path, undefined, { client: "cli_other" })).status, 404);
    assert.equal((await run.call("GET", path, undefined, { client: null })).status, 401);
    assert.equal((await csv(run, file(row()), "", { client: "cli_approver" })).status, 403);
    assert.equal((await run.call("GET", "/v1/payout-batches/bat_none")).status, 404);
  }, { withoutJobs: true }));
