import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../../../src/cli/seed.ts";
import { personId } from "../../../support/console.ts";
import { createCheckout } from "../../../support/checkouts.ts";
import { getPayment, paidCheckout, payPaybill } from "../../../support/money.ts";
import { batchCsv, createBatch, createPayout, getPayout } from "../../../support/payouts.ts";
import { type InProcess } from "../../../support/in-process.ts";
import type { Steps } from "./steps.ts";
import type { Who } from "./world.ts";

/** One of the 25 tasks that the console's design names, with its step count. */
export interface Task {
  readonly number: number;
  readonly what: string;
  readonly who: Who;
  /** The most steps from the page where the person starts. */
  readonly most: number;
  /** It is signed, so it needs a script. */
  readonly isSigned?: true;
  /** Makes what the task is about. */
  readonly prepare?: (run: InProcess) => Promise<void>;
  readonly walk: (steps: Steps, run: InProcess) => Promise<void>;
}

/** A name that no other walk has. */
let names = 0;
const named = (name: string): string => `${name}-${++names}`;
const one = async (run: InProcess, sql: string, ...args: (string | number)[]): Promise<string> =>
  String((await run.sql(sql, ...args))[0]?.[0]);

let receipt = "";
let first = "";
let second = "";
let amount = 900;

const STUCK =
  "INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, attempts, created_at, updated_at, " +
  "version) VALUES (?, 'retention', ?, ?, 'dead', ?, 12, ?, ?, 1)";

const statement = (code: string, kes: number) =>
  "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,A/C No.\r\n" +
  `${code},24-11-2026 12:13:25,Pay Bill,Completed,${kes}.00,,Pay Bill Online,INV1001\r\n`;

/** A receipt that M-Pesa has and we lack. */
const unknownReceipt = (): string => `UKM9X2A1${String(++names).padStart(2, "0")}`;

export const tasks: readonly Task[] = [
  {
    number: 1,
    what: "today against last week",
    who: "owner",
    most: 0,
    walk: async (steps) => await steps.sees(/than last Tuesday|as last Tuesday/),
  },
  {
    number: 2,
    what: "why payments failed",
    who: "owner",
    most: 1,
    prepare: async (run) => {
      await createCheckout(run, { phone_number: "0700001032" });
      await run.pass();
    },
    async walk(steps) {
      if (!steps.isScripted) await steps.press("a[href*='charts=all']");
      await steps.sees(/Cancelled by customer/);
    },
  },
  {
    number: 3,
    what: "a payment by a pasted message of M-Pesa",
    who: "owner",
    most: 3,
    prepare: async (run) => void (receipt = await payPaybill(run)),
    async walk(steps) {
      await steps.type("#q", `${receipt} Confirmed. Ksh1,500.00 received from JANE DOE on 24/11/26 at 12:30 PM.`);
      await steps.key("Enter");
      await steps.page.waitForURL(/\/payments\/pay_/);
      await steps.sees(receipt);
    },
  },
  {
    number: 4,
    what: "a link to send by WhatsApp",
    who: "owner",
    most: 5,
    async walk(steps) {
      await steps.press("main a[href$='by=link']");
      await steps.type("[name=amount_kes]", "1500");
      await steps.type("[name=description]", named("Rent"));
      await steps.press("form.till button[type=submit]");
      await steps.page.waitForURL(/\/links\//);
      steps.count++; // the press on WhatsApp, which leads to another site
      assert.match(await steps.find("a[href^='https://wa.me']").getAttribute("href") ?? "", /text=Rent/);
    },
  },
  {
    number: 5,
    what: "give back a payment that was paid twice",
    who: "owner",
    most: 4,
    async prepare(run) {
      const { checkout } = await paidCheckout(run, { reference: named("twice"), amount: 33_300 });
      const account = await one(run, "SELECT account_reference FROM checkouts WHERE id = ?", checkout ?? "");
      receipt = await payPaybill(run, { amount: 333, reference: account });
      await run.pass();
    },
    async walk(steps, run) {
      const id = await one(run, "SELECT id FROM payments WHERE receipt = ?", receipt);
      assert.equal((await getPayment(run, id)).status, "duplicate_payment");
      await steps.menu("attention");
      await steps.press(`a[href*='${id}/give-back']`);
      await steps.page.waitForURL(/give-back/);
      await steps.press("form button.grave");
      await steps.page.waitForURL(/done=/);
      await run.pass();
      assert.equal((await getPayment(run, id)).status, "refunded");
    },
  },
  {
    number: 6,
    what: "invite a cashier",
    who: "owner",
    most: 6,
    async walk(steps) {
      await steps.menu("people");
      await steps.type("[name=email]", `${named("njeri")}@demo.test`);
      await steps.type("[name=name]", "Njeri");
      await steps.press("input[value=cashier]");
      await steps.press("form[action$=invite] button[type=submit]");
      await steps.page.locator("input[value*='/console/sign-in/']").waitFor();
    },
  },
  {
    number: 7,
    what: "ask for KES 650, and the next customer (8)",
    who: "cashier",
    most: 4,
    async walk(steps, run) {
      await steps.type("[name=amount_kes]", "650");
      await steps.type("[name=phone_number]", "0712 345 678");
      if (steps.isScripted) await steps.sees("Ask 0712 345 678 for KES 650");
      await steps.press("form.till button[type=submit]");
      await steps.page.waitForURL(/\/till\//);
      const asked = steps.count;
      await run.pass();
      if (!steps.isScripted) await steps.page.reload();
      await steps.sees(/Receipt: /); // with a script the page has heard of it by itself
      await steps.press("a[href$='/sell']:not([data-nav])");
      await steps.page.waitForURL(/\/sell$/);
      assert.equal(steps.count - asked, 1);
    },
  },
  {
    number: 9,
    what: "take money that came by itself",
    who: "cashier",
    most: 3,
    prepare: async (run) => void (receipt = await payPaybill(run, { amount: ++amount })),
    async walk(steps, run) {
      const id = await one(run, "SELECT id FROM payments WHERE receipt = ?", receipt);
      await steps.page.reload();
      await steps.press(`a[href$='/came/${id}']`);
      await steps.type("[name=amount_kes]", String(amount));
      await steps.press("main form button[type=submit]");
      await steps.page.waitForURL(/\/till\//);
      await steps.sees(receipt);
    },
  },
  {
    number: 10,
    what: "“I paid”: ask now",
    who: "cashier",
    most: 1,
    async walk(steps, run) {
      await steps.type("[name=amount_kes]", "70");
      await steps.type("[name=phone_number]", "0700009004");
      await steps.press("form.till button[type=submit]");
      await steps.page.waitForURL(/\/till\//);
      steps.count = 0;
      await steps.press("form[action$='/ask-now'] button");
      await steps.page.waitForURL(/done=/);
      await run.idle();
    },
  },
  {
    number: 11,
    what: "yesterday's payments as CSV, as the books have them",
    who: "finance",
    most: 4,
    async walk(steps, run) {
      await steps.menu("payments");
      await steps.filter("when", "yesterday");
      const [download] = await Promise.all([steps.page.waitForEvent("download"), steps.press("a[data-csv]")]);
      const [head = "", ...rows] = (await Deno.readTextFile(await download.path())).replace("\ufeff", "").trim()
        .split("\r\n");
      const columns = head.split(",");
      const place = columns.findIndex((name) => name === "amount" || name === "amount_kes");
      const cents = rows.map((row) => Number(row.split(",")[place]) * (columns[place] === "amount" ? 1 : 100));
      const [from, to] = [Date.parse("2026-11-23T00:00:00+03:00"), Date.parse("2026-11-24T00:00:00+03:00")];
      const [[count, sum] = []] = await run.sql(
        "SELECT count(*), sum(amount) FROM payments WHERE merchant_id = ? AND created_at >= ? AND created_at < ?",
        DEMO_MERCHANT,
        from,
        to,
      );
      assert.deepEqual([rows.length, cents.reduce((all, one) => all + one, 0)], [Number(count), Number(sum)]);
      assert.ok(rows.length > 0);
      const [[booked] = []] = await run.sql(
        "SELECT sum(amount) FROM ledger_entries WHERE cause = 'payment_received' AND at >= ? AND at < ?",
        from,
        to,
      );
      assert.equal(Number(booked), Number(sum), "and the ledger has the same");
    },
  },
  {
    number: 12,
    what: "from a difference to its payment",
    who: "finance",
    most: 4,
    async prepare(run) {
      receipt = await payPaybill(run, { amount: 1_000 });
      const raw = statement(receipt, 1_300);
      const answer = await run.call("POST", "/v1/reconciliations", undefined, {
        raw,
        headers: { "content-type": "text/csv" },
      });
      assert.equal(answer.status, 202, JSON.stringify(answer.body));
      await run.pass();
    },
    async walk(steps) {
      await steps.menu("reconciliation");
      await steps.press("tbody tr:first-child a.open");
      await steps.page.waitForURL(/\/reconciliation\/rec_/);
      await steps.press("main a[href*='/payments/pay_']");
      await steps.page.waitForURL(/\/payments\/pay_/);
      await steps.sees(receipt);
    },
  },
  {
    number: 13,
    what: "match the only candidate",
    who: "finance",
    most: 4,
    async prepare(run) {
      const cents = ++amount * 100;
      first = named("only");
      const account = `SHOP${amount}0`;
      await createCheckout(run, { reference: first, amount: cents, account_reference: account });
      receipt = await payPaybill(run, { amount: cents / 100, reference: account.replace(/0$/, "O") });
    },
    async walk(steps, run) {
      const id = await one(run, "SELECT id FROM payments WHERE receipt = ?", receipt);
      await steps.menu("unmatched");
      await steps.press(`a[href*='${id}/match']`);
      await steps.page.waitForURL(/\/match/);
      await steps.press("main form button[type=submit]");
      await steps.page.waitForURL(/done=/);
      assert.equal((await getPayment(run, id)).status, "matched");
    },
  },
  {
    number: 14,
    what: "split over two orders",
    who: "finance",
    most: 9,
    async prepare(run) {
      [first, second] = [named("left"), named("right")];
      await createCheckout(run, { reference: first, amount: 150_000 });
      await createCheckout(run, { reference: second, amount: 120_000 });
      receipt = await payPaybill(run, { amount: 3_000 });
    },
    async walk(steps, run) {
      const id = await one(run, "SELECT id FROM payments WHERE receipt = ?", receipt);
      await steps.menu("unmatched");
      await steps.press(`#row-${id} details.menu summary`);
      await steps.press(`#row-${id} a[href*='/split']`);
      await steps.type("[name=order1]", first);
      await steps.type("[name=amount1]", "1500");
      await steps.type("[name=order2]", second);
      await steps.type("[name=amount2]", "1200");
      await steps.press("main form button[type=submit]");
      await steps.sees(/KES.300 left to place/);
      await steps.press("main form button[type=submit]");
      await steps.page.waitForURL(/done=/);
      assert.deepEqual((await getPayment(run, id)).allocations.map((part) => part.amount), [150_000, 120_000]);
    },
  },
  {
    number: 15,
    what: "a statement: dry run, then import",
    who: "finance",
    most: 6,
    prepare: (): Promise<void> => Promise.resolve(void (receipt = unknownReceipt())),
    async walk(steps, run) {
      await steps.menu("reconciliation");
      await steps.press("main a[href$='/reconciliation/new']");
      await steps.file("input[type=file]", "statement.csv", statement(receipt, 1_500));
      await steps.press("main form button[type=submit]");
      await steps.sees(/Adds 1 payment/);
      await steps.press("main form button[type=submit]");
      await steps.page.waitForURL(/done=/);
      await run.pass();
      assert.equal(await one(run, "SELECT count(*) FROM payments WHERE receipt = ?", receipt), "1");
    },
  },
  {
    number: 16,
    what: "the month's fees by shortcode, printed",
    who: "finance",
    most: 5,
    async walk(steps) {
      await steps.menu("reports");
      await steps.filter("by", "shortcode");
      await steps.sees("600000");
      if (steps.isScripted) await steps.press("[data-print]");
      else await steps.key("Control+p");
      assert.equal(await steps.page.locator("html").count(), 1);
    },
  },
  {
    number: 17,
    what: "a payment by the payer's phone",
    who: "finance",
    most: 3,
    async walk(steps) {
      await steps.type("#q", "0712 345 678");
      await steps.key("Enter");
      await steps.page.waitForURL(/\/search\?q=/);
      await steps.press("main a[href*='/payments/pay_']");
      await steps.page.waitForURL(/\/payments\/pay_/);
    },
  },
  {
    number: 18,
    what: "a batch with a wrong line, corrected and sent",
    who: "finance",
    most: 8,
    async walk(steps, run) {
      const [a, b] = [named("emp"), named("emp")];
      await steps.menu("batches");
      await steps.press("main a[href$='/batches/new']");
      await steps.file(
        "input[type=file]",
        "pay.csv",
        batchCsv(`0712345601,1500,${a},salary,`, `0712345602,15x,${b},salary,`),
      );
      await steps.press("main form button[type=submit]");
      await steps.type("[name='fix/3/amount_kes']", String(++amount));
      await steps.press("main form button.wide-only");
      await steps.press("main form button.grave");
      await steps.page.waitForURL(/\/batches\/bat_/);
      assert.equal(await one(run, "SELECT count(*) FROM payouts WHERE reference IN (?, ?)", a, b), "2");
    },
  },
  {
    number: 19,
    what: "approve",
    who: "approver",
    most: 3,
    isSigned: true,
    prepare: async (run) => void (first = (await createPayout(run, { amount: 2_000_000, reference: named("emp") })).id),
    async walk(steps, run) {
      await steps.press(`a[href*='sign/payouts/${first}']`);
      steps.count++; // the passkey
      await steps.press("form[data-passkey] button");
      await steps.page.waitForURL(/done=/);
      assert.deepEqual((await getPayout(run, first)).approvals.map(({ signed }) => signed), [true]);
    },
  },
  {
    number: 20,
    what: "reject with a reason",
    who: "approver",
    most: 4,
    prepare: async (run) => void (first = (await createPayout(run, { amount: 2_000_000, reference: named("emp") })).id),
    async walk(steps, run) {
      const shown = await steps.page.locator(`a[href*='${first}/reject']`).locator("visible=true").count();
      if (shown === 0) await steps.press(`#row-${first} details.menu summary`);
      await steps.press(`a[href*='${first}/reject']`);
      await steps.type("[name=reason]", "Not in November");
      await steps.press("main form button[type=submit]");
      await steps.page.waitForURL(/done=/);
      assert.equal((await getPayout(run, first)).status, "rejected");
    },
  },
  {
    number: 21,
    what: "approve a batch",
    who: "approver",
    most: 4,
    isSigned: true,
    async prepare(run) {
      const rows = Array.from({ length: 3 }, (_, i) => `071234561${i},10000,${named("emp")},salary,`);
      first = await createBatch(run, batchCsv(...rows));
    },
    async walk(steps, run) {
      await steps.press(`a[href*='sign/payout-batches/${first}']`);
      steps.count++; // the passkey
      await steps.press("form[data-passkey] button");
      await steps.page.waitForURL(/done=/);
      const waiting = "SELECT count(*) FROM payouts WHERE batch_id = ? AND status = 'awaiting_approval'";
      assert.equal(await one(run, waiting, first), "0");
    },
  },
  {
    number: 22,
    what: "why not my own",
    who: "approver",
    most: 1,
    async prepare(run) {
      const { id } = await createPayout(run, { amount: 2_000_000, reference: named("own") });
      const sql = "UPDATE payouts SET created_by = ? WHERE id = ?";
      await run.db.write([{ sql, args: [personId("approver@demo.test"), id] }]);
    },
    walk: async (steps) => await steps.sees(/You made this. Another person must approve it/),
  },
  {
    number: 23,
    what: "resolve what is in doubt, with evidence",
    who: "owner",
    most: 7,
    isSigned: true,
    async prepare(run) {
      first = (await createPayout(run, { phone_number: "254712349017", amount: 50_000 })).id;
      await run.pass(15 * 60_000);
      assert.equal((await getPayout(run, first)).status, "in_doubt");
    },
    async walk(steps, run) {
      await steps.menu("attention");
      await steps.press(`a[href*='sign/payout-results/${first}']`);
      await steps.press("input[value=failed]");
      await steps.type("[name=evidence]", "The portal shows no such payment");
      await steps.press("main form button[type=submit]");
      steps.count++; // the passkey
      await steps.press("form[data-passkey] button");
      await steps.page.waitForURL(/done=/);
      assert.equal((await getPayout(run, first)).status, "failed");
    },
  },
  {
    number: 24,
    what: "run the stuck jobs of a kind again",
    who: "operator",
    most: 3,
    async prepare(run) {
      const now = run.services.clock.now();
      const id = named("job_stuck");
      await run.db.write([{ sql: STUCK, args: [id, id, DEMO_MERCHANT, now, now, now] }]);
    },
    async walk(steps, run) {
      await steps.press("a[href$='/jobs/retention/run-again']");
      await steps.press("main form button[type=submit]");
      await steps.page.waitForURL(/done=/);
      assert.equal(await one(run, "SELECT count(*) FROM jobs WHERE status = 'dead'"), "0");
    },
  },
  {
    number: 25,
    what: "pause all money out",
    who: "operator",
    most: 3,
    async walk(steps, run) {
      await steps.press("a[href$='/merchants/all/pause']");
      await steps.press("main form button[type=submit]");
      await steps.page.waitForURL(/done=/);
      assert.equal(await one(run, "SELECT count(*) FROM payout_pauses WHERE scope = '*'"), "1");
      await run.call("POST", "/v1/payouts/resume", { merchant: "all" }, { client: "cli_platform" });
    },
  },
];
