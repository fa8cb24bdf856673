import assert from "node:assert/strict";
import type { Summary } from "../../../src/domain/reports/contract.ts";
import { parseCsv } from "../../../src/lib/csv.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { BEFORE_MIDNIGHT_MS } from "../../support/time.ts";

async function summary(run: InProcess, query: string): Promise<Summary> {
  const { status, body } = await run.call<Summary>("GET", `/v1/reports/summary?${query}`);
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

/** Two paid checkouts on two days of Nairobi, one that failed, and a payout. */
async function business(run: InProcess): Promise<void> {
  await createCheckout(run, { amount: 100_000, phone_number: "0712345678" });
  await createCheckout(run, { amount: 50_000, phone_number: "0700001032" });
  await run.pass(1_900);
  await run.pass(60_000);
  await createCheckout(run, { amount: 30_000, phone_number: "0712345679", shortcode: "500000" });
  const payout = { amount: 20_000, currency: "KES", phone_number: "0712345678", reference: "e", purpose: "salary" };
  await run.call("POST", "/v1/payouts", payout);
  await run.pass();
}

Deno.test("figures by day are those of the lists and of their CSV, on Nairobi's days", () =>
  inProcess(async (run) => {
    await business(run);
    const { data, total } = await summary(run, "from=2026-11-24&to=2026-11-26&by=day");
    assert.deepEqual(data.map(({ key }) => key), ["2026-11-24", "2026-11-25"]);
    assert.deepEqual(data.map(({ payments }) => payments.amount), [100_000, 30_000]);
    assert.deepEqual(total.payouts, { count: 1, amount: 20_000 });
    assert.equal(total.net, 130_000 - 20_000 - total.fees);
    for (const [list, sum] of [["payments?", total.payments], ["payouts?status=succeeded&", total.payouts]] as const) {
      const path = `/v1/${list}created_from=2026-11-24T00:00:00%2B03:00&created_to=2026-11-26T00:00:00%2B03:00`;
      const { body } = await run.call<{ data: { amount: number }[] }>("GET", path);
      assert.equal(body.data.length, sum.count);
      assert.equal(body.data.reduce((all, { amount }) => all + amount, 0), sum.amount);
      const csv = await run.call<string>("GET", path, undefined, { headers: { accept: "text/csv" } });
      const [header, ...rows] = parseCsv(csv.body).records;
      const column = header?.cells.indexOf("amount_kes") ?? -1;
      assert.equal(rows.reduce((all, { cells }) => all + Number(cells[column]) * 100, 0), sum.amount);
    }
    const day = await summary(run, "from=2026-11-25&to=2026-11-26");
    assert.deepEqual(day.total.payments, { count: 1, amount: 30_000 });
  }, { startMs: BEFORE_MIDNIGHT_MS }));

Deno.test("figures by channel, shortcode and failure add up to the same total", () =>
  inProcess(async (run) => {
    await business(run);
    const [day, channel, shortcode] = await Promise.all(
      ["day", "channel", "shortcode"].map((by) => summary(run, `from=2026-11-24&to=2026-11-26&by=${by}`)),
    );
    assert.deepEqual(channel?.total, day?.total);
    assert.deepEqual(shortcode?.total, day?.total);
    assert.deepEqual(channel?.data.map(({ key }) => key), ["b2c", "stk"]);
    assert.deepEqual(shortcode?.data.map(({ key }) => key), ["500000", "600000"]);
    const failure = await summary(run, "from=2026-11-24&to=2026-11-26&by=failure");
    assert.deepEqual(failure.data.map(({ key, failures }) => [key, failures]), [
      ["cancelled_by_customer", { count: 1, amount: 50_000 }],
    ]);
  }));

Deno.test("another merchant has no part in it; a wrong time is refused by name; it needs reports:read", () =>
  inProcess(async (run) => {
    await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    const other = await run.call<Summary>("GET", "/v1/reports/summary", undefined, { client: "cli_other" });
    assert.deepEqual([other.status, other.body.data], [200, []]);
    assert.equal((await summary(run, "")).total.payments.count, 1);
    for (
      const [query, pointer] of [["from=x", "from"], ["to=2026-02-30", "to"], ["by=colour", "by"], [
        "from=2026-11-02&to=2026-11-01",
        "to",
      ], ["from=1990-01-01", "to"]] as const
    ) {
      const { status, body } = await run.call<ProblemBody>("GET", `/v1/reports/summary?${query}`);
      assert.deepEqual([query, status, body.errors?.[0]?.pointer], [query, 400, pointer]);
    }
    const token = await run.token("cli_demo", "payments:read");
    assert.equal((await run.call("GET", "/v1/reports/summary", undefined, { client: null, token })).status, 403);
  }));

Deno.test("tills and paybills of one head office are grouped by the store that they were given", () =>
  inProcess(async (run) => {
    await business(run);
    type Listed = { data: { id: string; number: string; store: string | null }[] };
    const { body } = await run.call<Listed>("GET", "/v1/shortcodes");
    assert.deepEqual(body.data.map(({ store }) => store), body.data.map(() => null));
    const till = body.data.find(({ number }) => number === "500000");
    const set = await run.call<{ store: string }>("PATCH", `/v1/shortcodes/${till?.id}`, { store: "Westlands" });
    assert.deepEqual([set.status, set.body.store], [200, "Westlands"]);
    const days = "from=2026-11-24&to=2026-11-26";
    const { data, total } = await summary(run, `${days}&by=store`);
    assert.deepEqual(data.map(({ key, payments }) => [key, payments.amount]), [["", 100_000], ["Westlands", 30_000]]);
    assert.deepEqual(total, (await summary(run, days)).total);
    const listed = await run.call<Listed>("GET", "/v1/shortcodes?store=Westlands");
    assert.deepEqual(listed.body.data.map(({ number }) => number), ["500000"]);
    const cleared = await run.call<{ store: null }>("PATCH", `/v1/shortcodes/${till?.id}`, { store: null });
    assert.equal(cleared.body.store, null);
    const { status, body: problem } = await run.call<ProblemBody>("PATCH", `/v1/shortcodes/${till?.id}`, { store: "" });
    assert.deepEqual([status, problem.errors?.[0]?.pointer], [422, "/store"]);
  }, { startMs: BEFORE_MIDNIGHT_MS }));
