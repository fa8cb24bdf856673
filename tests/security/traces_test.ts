import assert from "node:assert/strict";
import { nairobiDay } from "../../src/daraja/time.ts";
import { pathOf } from "../../src/db/file.ts";
import { copyFile } from "../../src/cli/backup/copy.ts";
import { logLine } from "../../src/telemetry/log.ts";
import { createCheckout } from "../support/checkouts.ts";
import { seededSecrets } from "../support/client.ts";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";
import { createRefund, payPaybill } from "../support/money.ts";
import { act, createPayout } from "../support/payouts.ts";

/*
 * A full run, and then every place where it may have left something: the file of the database and its write-ahead log, a
 * backup, the key-value store, the log, and the metrics.
 */

const PHONE = "254712345678";
const METRICS_TOKEN = "a-token-of-the-metrics";
/** A word in each field that people fill in freely. It would show where such a text goes. */
const free = {
  reference: "Zreference",
  description: "Zdescriptn",
  metadata: "Zmetadata",
  remarks: "Zremarks",
  occasion: "Zoccasion",
  refund: "Zrefundreason",
  evidence: "Zevidence",
  rejection: "Zrejection",
  note: "Znote",
  givenName: "Zgivenname",
  account: "ZACCOUNT",
  accountName: "Zaccountname",
} as const;

/** Checkouts, payments by paybill, payouts in every end, refunds, accounts, standing orders, cases: all with free text. */
async function live(run: InProcess): Promise<void> {
  const paid = await createCheckout(run, {
    phone_number: PHONE,
    reference: free.reference,
    description: free.description,
    metadata: { caller: free.metadata },
    account_reference: free.account,
  });
  await createCheckout(run, { phone_number: "0712345699", reference: free.reference });
  await run.pass();
  await payPaybill(run, { reference: `${free.account}2` });
  await run.call("POST", "/v1/accounts", { name: free.accountName, account_reference: free.account });
  const payout = {
    phone_number: PHONE,
    reference: free.reference,
    remarks: free.remarks,
    occasion: free.occasion,
    metadata: { k: free.metadata },
    payee: { given_name: free.givenName },
  };
  await createPayout(run, payout);
  await run.pass(10_000);
  const large = await createPayout(run, { ...payout, amount: 1_000_000, allow_duplicate: true });
  await act(run, large.id, "reject", { client: "cli_approver" }, { reason: free.rejection });
  const doubtful = await createPayout(run, { ...payout, phone_number: "0712349017", allow_duplicate: true });
  await run.pass(2 * 3_600_000);
  await run.call("POST", `/v1/payouts/${doubtful.id}/resolve`, { outcome: "failed", evidence: free.evidence }, {
    client: "cli_operator",
  });
  const { body } = await run.call<{ payment: { id: string } }>("GET", `/v1/checkouts/${paid.id}`);
  await createRefund(run, body.payment.id, { reason: free.refund });
  await run.call("POST", "/v1/standing-orders", {
    name: free.accountName,
    amount: 150_000,
    currency: "KES",
    phone_number: PHONE,
    frequency: "monthly",
    start_date: nairobiDay(run.time.now() + 86_400_000),
    end_date: nairobiDay(run.time.now() + 40 * 86_400_000),
    account_reference: free.account,
  });
  await run.pass(10_000);
  const { body: cases } = await run.call<{ data: { id: string }[] }>("GET", "/v1/attention");
  for (const { id } of cases.data) await run.call("POST", `/v1/attention/${id}/note`, { text: free.note });
}

/** The phone in any spelling that people use, and with any sign between two digits. */
const PHONE_ANYHOW = /(?<!\d)(\+?254|0)?[\s().\/-]{0,3}7[\s().\/-]{0,3}12[\s().\/-]{0,3}345[\s().\/-]{0,3}678(?!\d)/;

/** What no place may hold: secrets, as they are given to clients, and tokens of Daraja and of ours. */
function secretsOf(run: InProcess): string[] {
  const daraja = run.simulator.world.requests.list().filter(({ operation }) => operation === "oauth")
    .map(({ response }) => (response.body as { access_token?: string } | null)?.access_token ?? ""); // the simulator's own
  const shown = [
    "demo-consumer-key",
    "demo-consumer-secret",
    "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
  ];
  return [...Object.values(seededSecrets), METRICS_TOKEN, ...shown, ...daraja].filter((secret) => secret !== "");
}

const asText = new TextDecoder("latin1");
const read = async (path: string): Promise<string> =>
  asText.decode(await Deno.readFile(path).catch(() => new Uint8Array()));

/** Every place, as text. */
async function placesOf(run: InProcess): Promise<ReadonlyMap<string, string>> {
  const file = pathOf(run.config.database.url);
  const backup = `${file}.backup`;
  copyFile(file, backup);
  const entries = await run.kv.list([], 10_000);
  const metrics = await run.app.request(`${publicUrl}/metrics`, {
    headers: { authorization: `Bearer ${METRICS_TOKEN}` },
  });
  return new Map([
    ["the database", await read(file)],
    ["its write-ahead log", await read(`${file}-wal`)],
    ["a backup", await read(backup)],
    ["the key-value store", entries.map(({ key, value }) => `${key.join(" ")} ${asText.decode(value)}`).join("\n")],
    ["the log", run.lines.map(({ level, event, fields }) => logLine("", level, event, fields)).join("\n")],
    ["the metrics", await metrics.text()],
  ]);
}

Deno.test("phones, names and secrets of a full run are in no file, store, log or metric", () =>
  inProcess(async (run) => {
    await live(run);
    const places = await placesOf(run);
    assert.ok(places.get("the database")?.includes(free.reference), "the search finds what is there in clear");
    assert.ok(places.get("the metrics")?.includes("malipo_"), "there are metrics");
    for (const [place, text] of places) {
      assert.equal(PHONE_ANYHOW.exec(text)?.[0], undefined, `${place} has the phone`);
      for (const name of [free.givenName, free.note]) assert.ok(!text.includes(name), `${place} has ${name}`);
      for (const secret of secretsOf(run)) assert.ok(!text.includes(secret), `${place} has the secret ${secret}`);
    }
  }, { env: { METRICS_TOKEN }, quick: false }));

Deno.test("what is append-only, and what leaves the database, holds no free text", () =>
  inProcess(async (run) => {
    await live(run);
    const texts = Object.values(free);
    const found: string[] = [];
    const tables = await run.sql(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name LIKE 'audit%' OR name LIKE 'ledger%')",
    );
    assert.ok(tables.length >= 5);
    for (const [table] of tables) {
      for (const row of await run.sql(`SELECT * FROM ${table}`)) {
        const text = JSON.stringify(row);
        found.push(...texts.filter((one) => text.includes(one)).map((one) => `${table}: ${one} in ${text}`));
      }
    }
    assert.deepEqual(found, []);
    const places = await placesOf(run);
    for (const place of ["the key-value store", "the log", "the metrics"]) {
      for (const text of texts) assert.ok(!places.get(place)?.includes(text), `${place} has ${text}`);
    }
  }, { env: { METRICS_TOKEN }, quick: false }));

/** The number of a customer who types it as account, and of whom a merchant writes in every text that it may fill in. */
const TYPED = "0722345678";
const TYPED_ANYHOW = /(?<!\d)(\+?254|0)?[\s().\/-]{0,3}7[\s().\/-]{0,3}22[\s().\/-]{0,3}345[\s().\/-]{0,3}678(?!\d)/;

/** The columns that hold such a text in clear, as ADR 0047 and docs/security.md say. Each is searched, sent or shown. */
const IN_CLEAR = [
  "checkouts.account_key",
  "checkouts.account_reference",
  "checkouts.description",
  "checkouts.metadata",
  "checkouts.reference",
  "events.data",
  "payments.account_key",
  "payments.account_reference",
  "payouts.metadata",
  "payouts.occasion",
  "payouts.reference",
  "payouts.remarks",
];

Deno.test("a phone that people type into free text is in the columns that the documents name, and nowhere else", () =>
  inProcess(async (run) => {
    await createCheckout(run, {
      phone_number: PHONE,
      reference: "for +254 722 345 678",
      description: "0722345678",
      account_reference: TYPED,
      metadata: { caller: "0722-345-678" },
    });
    await run.pass();
    await payPaybill(run, { reference: TYPED });
    await createPayout(run, {
      phone_number: PHONE,
      reference: "wage of 0722345678",
      remarks: "call 0722 345 678",
      occasion: "722345678",
      metadata: { caller: "254722345678" },
    });
    await run.pass(10_000);
    const found = new Set<string>();
    for (const [table] of await run.sql("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
      for (const [column] of await run.sql(`SELECT name FROM pragma_table_info('${table}')`)) {
        const values = await run.sql(`SELECT "${column}" FROM "${table}" WHERE typeof("${column}") = 'text'`);
        if (values.some(([value]) => TYPED_ANYHOW.test(String(value)))) found.add(`${table}.${column}`);
      }
    }
    assert.deepEqual([...found].sort(), IN_CLEAR);
    const places = await placesOf(run);
    for (const place of ["the key-value store", "the log", "the metrics"]) {
      assert.equal(TYPED_ANYHOW.exec(places.get(place) ?? "")?.[0], undefined, `${place} has the phone`);
    }
  }, { env: { METRICS_TOKEN }, quick: false }));
