import assert from "node:assert/strict";
import { z } from "zod";
import { csvColumnsOf } from "../../src/http/csv.ts";
import { isMoney } from "../../src/http/csv-columns.ts";
import { parseCsv } from "../../src/lib/csv.ts";
import { csvRecord } from "../../src/lib/csv-writer.ts";
import { DatabaseUnavailable } from "../../src/db/database.ts";
import { createCheckout } from "../support/checkouts.ts";
import {
  type InProcess,
  inProcess,
  type InProcessOptions,
  type ProblemBody,
  publicUrl,
} from "../support/in-process.ts";
import { clientFor, nameOf, operations, pathOf, queryOf } from "../support/routes.ts";

const CSV = { accept: "text/csv" };
const lists = operations.filter((operation) => queryOf(operation).includes("cursor"));

/** The rows of a list as CSV, each by the names of its columns. */
async function rowsOf(run: InProcess, path: string): Promise<Record<string, string>[]> {
  const { status, headers, body } = await run.call<string>("GET", path, undefined, { headers: CSV });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(headers.get("content-type"), "text/csv; charset=utf-8");
  const { records, problems } = parseCsv(body);
  assert.deepEqual(problems, []);
  const [header, ...rows] = records;
  return rows.map(({ cells }) => Object.fromEntries(cells.map((cell, i) => [header?.cells[i] ?? "", cell])));
}

Deno.test("a list as CSV has every row of its filter, in shillings and Nairobi's time, with masked phones", () =>
  inProcess(async (run) => {
    const paid = await createCheckout(run, { reference: "a", amount: 123_400, phone_number: "0712345678" });
    await createCheckout(run, { reference: "b" });
    await run.pass();
    const rows = await rowsOf(run, "/v1/checkouts?reference=a&limit=1");
    assert.equal(rows.length, 1);
    assert.deepEqual([rows[0]?.id, rows[0]?.status, rows[0]?.amount_kes, rows[0]?.attempts], [
      paid.id,
      "succeeded",
      "1234",
      "1",
    ]);
    assert.equal(rows[0]?.created_at, "2026-11-24 12:30:00");
    assert.equal(rows[0]?.payment_amount_kes, "1234");
    const { headers, body } = await run.call<string>("GET", "/v1/payments", undefined, { headers: CSV });
    assert.equal(headers.get("content-disposition"), 'attachment; filename="payments-2026-11-24.csv"');
    assert.match(headers.get("request-id") ?? "", /^req_/);
    assert.ok(!body.includes("254712345678"));
  }));

Deno.test("more rows than are read at once come all, each once, and amounts add up to those of the pages", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run);
    await run.db.write([{
      sql: "INSERT INTO events (id, merchant_id, type, subject_id, data, created_at) " +
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1234) " +
        "SELECT 'evt_' || printf('%026d', i), merchant_id, type, subject_id, data, created_at FROM events, n " +
        "WHERE events.subject_id = ?",
      args: [id],
    }]);
    const rows = await rowsOf(run, "/v1/events");
    assert.equal(rows.length, 1_235);
    assert.equal(new Set(rows.map((row) => row.id)).size, 1_235);
    assert.deepEqual(rows.map((row) => row.id), rows.map((row) => row.id ?? "").sort().reverse());
  }));

Deno.test("a text that begins like a formula gets an apostrophe, and cells are quoted by RFC 4180", () => {
  for (const text of ["=1+1", "+1", "-1", "@a", " =1", "\t=1", "\r=1", "\n@a", "\u00a0=1", "＝1"]) {
    const [cell] = parseCsv(csvRecord([text])).records[0]?.cells ?? [];
    assert.equal(cell, `'${text}`);
  }
  assert.equal(
    csvRecord(["a,b", 'say "x"', "a\nb", "plain", -5, null, true]),
    '"a,b","say ""x""","a\nb",plain,-5,,true\r\n',
  );
});

Deno.test("a customer's text can't become a formula of the shop's spreadsheet", () =>
  inProcess(async (run) => {
    await createCheckout(run, { reference: '=HYPERLINK("http://evil.example")' });
    await createCheckout(run, { reference: '@SUM(1,"2")' });
    const rows = await rowsOf(run, "/v1/checkouts");
    assert.deepEqual(rows.map((row) => row.reference), [`'@SUM(1,"2")`, `'=HYPERLINK("http://evil.example")`]);
  }));

/** Adds so many events beside those of a checkout. */
async function addEvents(run: InProcess, many: number): Promise<void> {
  const { id } = await createCheckout(run);
  await run.db.write([{
    sql: "INSERT INTO events (id, merchant_id, type, subject_id, data, created_at) " +
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${many}) ` +
      "SELECT 'evt_' || printf('%026d', i), merchant_id, type, subject_id, data, created_at FROM events, n " +
      "WHERE events.subject_id = ?",
    args: [id],
  }]);
}

/** The list of events as CSV, as it comes from the app. */
async function eventsFile(run: InProcess, encoding: string): Promise<Response> {
  const headers = { authorization: `Bearer ${await run.token("cli_demo")}`, "accept-encoding": encoding, ...CSV };
  return await run.app.fetch(new Request(`${publicUrl}/v1/events`, { headers }));
}

/** Sees each page of events that is read, by its number from 1. */
const onPage = (see: (page: number) => void): InProcessOptions => {
  let pages = 0;
  return {
    wrapDatabase: (db) => ({
      read(statements) {
        if (statements.some(({ sql }) => /FROM events where/i.test(sql))) see(++pages);
        return db.read(statements);
      },
      write: (statements) => db.write(statements),
      close: () => db.close(),
    }),
    withoutJobs: true,
  };
};

for (const encoding of ["identity", "gzip"]) {
  Deno.test(`an error in the middle breaks the stream off (${encoding}), so that no part looks like the whole`, () =>
    inProcess(
      async (run) => {
        await addEvents(run, 700);
        const response = await eventsFile(run, encoding);
        assert.equal(response.status, 200);
        await assert.rejects(() => response.arrayBuffer(), DatabaseUnavailable);
        assert.equal(run.logged("csv_broken_off").length, 1);
      },
      onPage((page) => {
        if (page > 1) throw new DatabaseUnavailable("away", true);
      }),
    ));
}

Deno.test("who takes gzip gets the same file compressed, and who refuses it gets it plain", () =>
  inProcess(async (run) => {
    await addEvents(run, 1_200);
    const plain = await eventsFile(run, "gzip;q=0, identity");
    assert.equal(plain.headers.get("content-encoding"), null);
    const text = await plain.text();
    const packed = await eventsFile(run, "br, gzip");
    assert.deepEqual(["content-encoding", "vary", "etag", "content-length"].map((name) => packed.headers.get(name)), [
      "gzip",
      "Accept, Accept-Encoding",
      null,
      null,
    ]);
    const bytes = await packed.bytes();
    assert.ok(bytes.length * 5 < text.length, `${bytes.length} of ${text.length} bytes`);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    assert.equal(await new Response(stream).text(), text);
  }));

Deno.test("a compressed list is read as it is taken: nobody who stops reading fills the memory", async () => {
  let read = 0;
  await inProcess(
    async (run) => {
      await addEvents(run, 6_000); // thirteen pages
      const response = await eventsFile(run, "gzip");
      const reader = response.body?.getReader();
      await reader?.read();
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
      assert.ok(read >= 1 && read <= 6, `${read} of 13 pages were read for one part`);
      await reader?.cancel();
    },
    onPage((page) => read = page),
  );
});

Deno.test("every list answers CSV to who may read it, and problems as problems", async (t) => {
  await inProcess(async (run) => {
    for (const operation of lists) {
      await t.step(nameOf(operation), async () => {
        const columns = csvColumnsOf(operation)?.map(({ name }) => name) ?? [];
        assert.ok(columns.includes("id") || columns.length > 3);
        assert.equal(new Set(columns).size, columns.length);
        const client = clientFor(operation);
        const path = pathOf(operation);
        const { status, body } = await run.call<string>("GET", path, undefined, { client, headers: CSV });
        if (operation.path.includes("{")) assert.equal(status, 404);
        else assert.ok(status === 200 && body.startsWith(`${columns.join(",")}\r\n`), String(body));
        const wrong = await run.call<ProblemBody>("GET", `${path}?q=`, undefined, { client, headers: CSV });
        assert.deepEqual([wrong.status, wrong.body.code], [400, "invalid_query"]);
        const none = await run.call<ProblemBody>("GET", path, undefined, { client: null, headers: CSV });
        assert.deepEqual([none.status, none.body.code], [401, "token_missing"]);
      });
    }
  });
});

Deno.test("another merchant's rows are in no file", () =>
  inProcess(async (run) => {
    await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    for (const list of ["checkouts", "payments", "events", "payouts", "ledger"]) {
      const { body } = await run.call<string>("GET", `/v1/${list}`, undefined, { client: "cli_other", headers: CSV });
      assert.equal(body.split("\r\n").length, 2, list);
    }
  }));

Deno.test("JSON is answered unless CSV is asked for before it", () =>
  inProcess(async (run) => {
    const typeFor = async (accept: string) =>
      (await run.call("GET", "/v1/checkouts", undefined, { headers: { accept } })).headers.get("content-type");
    for (const accept of ["*/*", "application/json", "text/csv;q=0.1, application/json", "text/html"]) {
      assert.equal(await typeFor(accept), "application/json", accept);
    }
    for (const accept of ["text/csv", "text/csv, */*;q=0.1", "application/json;q=0.5, text/csv"]) {
      assert.match(await typeFor(accept) ?? "", /^text\/csv/, accept);
    }
    assert.match(
      (await run.call("GET", "/v1/merchant", undefined, { headers: CSV })).headers.get("content-type") ?? "",
      /json/,
    );
  }));

Deno.test("every field of a list that is in cents is a column in shillings", () => {
  const wrong: string[] = [];
  const look = (operation: string, schema: z.ZodType) => {
    const plain = schema instanceof z.ZodNullable || schema instanceof z.ZodOptional
      ? schema.unwrap() as z.ZodType
      : schema;
    if (!(plain instanceof z.ZodObject)) return;
    for (const [name, field] of Object.entries<z.ZodType>(plain.shape)) {
      const inner = field instanceof z.ZodNullable ? field.unwrap() as z.ZodType : field;
      const says = /\bcents\b/i.test(`${field.description ?? ""} ${inner.description ?? ""}`);
      if (inner instanceof z.ZodNumber && says && !isMoney(name)) wrong.push(`${operation}: ${name}`);
      look(operation, inner);
    }
  };
  for (const { id, response } of lists) {
    if (response instanceof z.ZodObject && response.shape.data instanceof z.ZodArray) {
      look(id, response.shape.data.element as z.ZodType);
    }
  }
  assert.deepEqual(wrong, []);
});
