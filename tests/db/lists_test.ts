import assert from "node:assert/strict";
import type { Database, Statement } from "../../src/db/database.ts";
import { register } from "../webhooks/support.ts";
import { inProcess } from "../support/in-process.ts";

/** The filters of lists, and the column whose index must find them; null: no index does, and the list is a scan. */
const filters: readonly (readonly [list: string, filter: string, column: string | null])[] = [
  ["/v1/checkouts", "status=open", "status"],
  ["/v1/checkouts", "reference=order-1", "reference"],
  ["/v1/payments", "status=unmatched", "status"],
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
  ["/v1/webhook-endpoints", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
  ["/v1/shortcodes", "merchant=mer_01kamcvd000000000000000002", "merchant_id"],
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
  ["/v1/webhook-endpoints/{endpoint}/deliveries", "status=failed", null],
  ["/v1/webhook-endpoints/{endpoint}/deliveries", "event=evt_1", "event_id"],
];

interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
}

/** Lists that do not grow with the number of payments. */
const short = new Set(["/v1/balances", "/v1/standing-orders", "/v1/reconciliations", "/v1/jobs"]);

Deno.test("this file has every filter of the lists that grow", async () => {
  const document = JSON.parse(await Deno.readTextFile(new URL("../../docs/openapi.json", import.meta.url)));
  const looked = new Set(filters.map(([list, filter]) => `${list}?${filter.replace(/=.*/, "")}`));
  const found: string[] = [];
  for (const [path, { get }] of Object.entries<{ get?: { parameters?: Parameter[] } }>(document.paths)) {
    const parameters: Parameter[] = (get?.parameters ?? []).map((given) =>
      given.$ref === undefined ? given : document.components.parameters[given.$ref.replace(/.*\//, "")]
    );
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
    for (const [list, filter, column] of filters) {
      read.length = 0;
      const client = filter.startsWith("merchant")
        ? "cli_platform"
        : list === "/v1/notices"
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
