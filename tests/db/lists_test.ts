import assert from "node:assert/strict";
import type { Database, Statement } from "../../src/db/database.ts";
import { type Parameter, resolve } from "../../src/http/openapi/types.ts";
import { register } from "../webhooks/support.ts";
import { document } from "../support/document.ts";
import { inProcess } from "../support/in-process.ts";

/** The filters of lists, and the column whose index must find them; null: no index does, and the list is a scan. */
const filters: readonly (readonly [list: string, filter: string, column: string | null])[] = [
  ["/v1/checkouts", "status=open", "status"],
  ["/v1/checkouts", "reference=order-1", "reference"],
  ["/v1/payments", "status=unmatched", "status"],
  ["/v1/checkouts", "shortcode=600000", null],
  ["/v1/payments", "channel=c2b", null],
  ["/v1/payments", "shortcode=600000", null],
  ["/v1/payments", "checkout=chk_1", "checkout_id"],
  ["/v1/payments", "receipt=UKS1234567", "receipt"],
  ["/v1/payouts", "status=queued", "status"],
  ["/v1/payouts", "reference=r-1", "reference"],
  ["/v1/payouts", "batch=bat_1", "batch_id"],
  ["/v1/payouts", "needs_person=true", null],
  ["/v1/payouts", "merchant=all", null],
  ["/v1/checkouts", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/payments", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/payouts", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/refunds", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/events", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/notices", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/clients", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/people", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/webhook-endpoints", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/shortcodes", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/shortcodes", "store=Westlands", "merchant_id"],
  ["/v1/ledger", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/ledger/checks", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/refunds", "status=queued", "status"],
  ["/v1/refunds", "payment=pay_1", "payment_id"],
  ["/v1/events", "type=payout.failed", "type"],
  ["/v1/events", "subject=chk_1", "subject_id"],
  ["/v1/ledger", "account=suspense", "debit"],
  ["/v1/ledger", "subject=pay_1", "subject_id"],
  ["/v1/ledger", "account=suspense&subject=pay_1", "subject_id"],
  ["/v1/ledger", "shortcode=600000", null],
  ["/v1/notices", "status=stored", "merchant_id"],
  ["/v1/notices", "subject=chk_1", "subject_id"],
  ["/v1/accounts", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/accounts", "account_reference=A1", "merchant_id"],
  ["/v1/payment-links", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/payout-batches", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/audit", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/audit", "subject=chk_1", "subject_id"],
  ["/v1/audit", "who=cli_demo", null],
  ["/v1/audit", "act=payout.approved", null],
  ["/v1/webhook-endpoints/{endpoint}/deliveries", "status=failed", null],
  ["/v1/webhook-endpoints/{endpoint}/deliveries", "event=evt_1", "event_id"],
];

/** The column whose index bounds the times of each list that grows. Null: it is a scan. */
const times: Readonly<Record<string, string | null>> = {
  "/v1/checkouts": "merchant_id",
  "/v1/payments": "merchant_id",
  "/v1/payouts": "merchant_id",
  "/v1/refunds": "merchant_id",
  "/v1/events": "merchant_id",
  "/v1/notices": "merchant_id",
  "/v1/ledger": null,
  "/v1/audit": null,
  "/v1/payout-batches": "merchant_id",
  "/v1/accounts": "merchant_id",
  "/v1/payment-links": "merchant_id",
  "/v1/ledger/checks": "merchant_id",
  "/v1/webhook-endpoints/{endpoint}/deliveries": "endpoint_id",
  "/v1/clients": "merchant_id",
  "/v1/people": "merchant_id",
  "/v1/webhook-endpoints": "merchant_id",
  "/v1/shortcodes": "merchant_id",
};
const withAmounts = ["/v1/checkouts", "/v1/payments", "/v1/payouts", "/v1/refunds", "/v1/ledger", "/v1/payout-batches"];
const withPhones = ["/v1/checkouts", "/v1/payments", "/v1/payouts"];
/** Of the merchant itself: they do not grow with the number of payments, so no filter needs an index of its own. */
const few = ["/v1/clients", "/v1/people", "/v1/webhook-endpoints", "/v1/shortcodes"];

/** The filters that every list has. */
const everywhere: typeof filters = [
  ...Object.entries(times).flatMap(([list, column]) => [
    [list, "created_from=2026-11-01T00:00:00Z", column] as const,
    [list, "created_to=2026-12-01T00:00:00Z", column] as const,
    [list, "q=a", few.includes(list) ? column : null] as const,
  ]),
  ...withAmounts.flatMap((list) => [[list, "amount_min=100", null] as const, [list, "amount_max=100", null] as const]),
  ...withPhones.map((list) => [list, "phone=0712345678", "id"] as const),
];

/** What finds a search, besides the row itself, although it may find very many. */
const searches: readonly (readonly [list: string, indexes: readonly string[]])[] = [
  ["/v1/checkouts", ["checkouts_by_reference", "checkouts_by_account", "payments_by_receipt"]],
  ["/v1/payments", ["payments_by_receipt", "payments_by_account", "checkouts_by_reference"]],
  ["/v1/payouts", ["payouts_by_reference", "payouts_by_batch"]],
  ["/v1/refunds", ["refunds_by_payment", "payments_by_receipt"]],
  ["/v1/events", ["events_by_subject"]],
];

/** Lists that do not grow with the number of payments. */
const short = new Set([
  "/v1/balances",
  "/v1/standing-orders",
  "/v1/reconciliations",
  "/v1/jobs",
  "/v1/merchants",
  "/v1/change-requests",
  "/v1/attention",
  "/v1/payees",
  "/v1/outside-subjects",
]);

Deno.test("this file has every filter of the lists that grow", () => {
  const looked = new Set([...filters, ...everywhere].map(([list, filter]) => `${list}?${filter.replace(/=.*/, "")}`));
  const found: string[] = [];
  for (const [path, { get }] of Object.entries(document.paths)) {
    const parameters = (get?.parameters ?? []).map((given) => resolve<Parameter>(document, given));
    const names = parameters.filter((parameter) => parameter.in === "query").map(({ name }) => String(name));
    if (!names.includes("cursor") || short.has(path)) continue;
    const list = path.replace("{id}", "{endpoint}");
    found.push(...names.filter((name) => name !== "cursor" && name !== "limit").map((name) => `${list}?${name}`));
  }
  assert.ok(found.length > 15);
  assert.deepEqual(found.filter((filter) => !looked.has(filter)), []);
});

Deno.test("a list uses an index for its filter, or runs as a scan", () => {
  const read: Statement[] = [];
  const noting = (db: Database): Database => ({
    read(statements) {
      read.push(...statements);
      return db.read(statements);
    },
    write: (statements) => db.write(statements),
    close: () => db.close(),
  });
  return inProcess(async (run) => {
    const { id } = await register(run);
    for (const [list, filter, column] of [...filters, ...everywhere]) {
      read.length = 0;
      const client = filter.startsWith("merchant")
        ? "cli_platform"
        : ["/v1/notices", "/v1/clients", "/v1/people", "/v1/audit"].includes(list)
        ? "cli_operator"
        : "cli_demo";
      const { status, body } = await run.call("GET", `${list.replace("{endpoint}", id)}?${filter}`, undefined, {
        client,
      });
      assert.equal(status, 200, `${list}?${filter}: ${JSON.stringify(body)}`);
      const listing = read.find(({ sql }) => /ORDER BY .* DESC LIMIT \?$/i.test(sql));
      assert.ok(listing, `${list}?${filter} reads no page`);
      if (column === null) {
        assert.equal(listing.scan, true, `${list}?${filter} walks in everyone's way`);
        continue;
      }
      const plan = await run.sql(`EXPLAIN QUERY PLAN ${listing.sql}`, ...listing.args);
      const steps = plan.map((step) => String(step[3]));
      assert.ok(steps.some((step) => step.includes(`${column}=?`)), `${list}?${filter}: ${steps.join("; ")}`);
      assert.equal(listing.scan, undefined);
    }
  }, { wrapDatabase: noting, withoutJobs: true });
});

Deno.test("a search finds each of its parts by an index", () => {
  const read: Statement[] = [];
  return inProcess(async (run) => {
    for (const [list, indexes] of searches) {
      read.length = 0;
      await run.call("GET", `${list}?q=order-1`);
      const listing = read.find(({ sql }) => /ORDER BY .* DESC LIMIT \?$/i.test(sql));
      assert.ok(listing, `${list} reads no page`);
      const plan = await run.sql(`EXPLAIN QUERY PLAN ${listing.sql}`, ...listing.args);
      const steps = plan.map((step) => String(step[3]));
      for (const index of indexes) {
        assert.ok(steps.some((step) => step.includes(index)), `${list}: ${steps.join("; ")}`);
      }
      assert.deepEqual(
        steps.filter((step) => /^SCAN (?!shortcodes|nested)/.test(step)),
        [],
        `${list}: ${steps.join("; ")}`,
      );
    }
  }, {
    wrapDatabase: (db) => ({
      read(statements) {
        read.push(...statements);
        return db.read(statements);
      },
      write: (statements) => db.write(statements),
      close: () => db.close(),
    }),
    withoutJobs: true,
  });
});
