import assert from "node:assert/strict";
import { openDatabase } from "../../src/db/open.ts";
import { createCheckout } from "../support/checkouts.ts";
import { type OtlpReceiver, startOtlpReceiver, tree } from "../support/otlp.ts";
import { type Product, withProduct } from "../support/product.ts";

const PHONE = "0712345678";
const WHOLE_PHONE = /(?<!\d)(?:254|\+254|0)7\d{8}(?!\d)/;

/** A shop that answers its webhooks. */
function startShop() {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => new Response());
  return {
    url: `http://127.0.0.1:${server.addr.port}/hooks/of-the-shop?key=shop-secret`,
    stop: () => server.shutdown(),
  };
}

async function payTraced(product: Product, shopUrl: string, otlp: OtlpReceiver): Promise<string> {
  await product.call("POST", "/v1/webhook-endpoints", { url: shopUrl, events: ["checkout.succeeded"] });
  const { id } = await createCheckout(product, { phone_number: PHONE });
  await product.waitFor(async () => (await product.call("GET", `/v1/checkouts/${id}`)).body.status === "succeeded");
  await product.call("GET", `/v1/checkouts?phone=${PHONE}`);
  await product.waitFor(() => otlp.spans.some(({ name }) => name === "webhook checkout.succeeded"));
  await product.waitFor(() => otlp.spans.some(({ name }) => name === "job notice"));
  return id;
}

const traceOf = (otlp: OtlpReceiver, name: string): string =>
  otlp.spans.find((span) => span.name === name)?.traceId ?? assert.fail(`no span ${name}`);

Deno.test("traces of a payment: the request with database and Daraja; the callback, linked, with job and webhook", async (t) => {
  const otlp = startOtlpReceiver();
  const shop = startShop();
  const env = { ...otlp.env, SIMULATOR_CALLBACK_DELAY_MS: "300", APP_ENV: "development" };
  try {
    await withProduct({ env }, async (product) => {
      await payTraced(product, shop.url, otlp);
      await t.step("the trees are those of docs/telemetry.md", async () => {
        const docs = await Deno.readTextFile(new URL("../../docs/telemetry.md", import.meta.url));
        const shown = [...docs.matchAll(/```text tree\n([^]*?)\n```/g)].map(([, text]) => text);
        const request = tree(otlp.spans, traceOf(otlp, "POST /v1/checkouts"));
        const callback = tree(otlp.spans, traceOf(otlp, "POST /notify/:capability"));
        assert.deepEqual([request, callback], shown);
      });
      await t.step("the callback is linked to the span that made the prompt, in the other trace", () => {
        const callback = otlp.spans.find(({ name }) => name === "POST /notify/:capability");
        const asked = otlp.spans.find(({ name }) => name === "POST /v1/checkouts");
        assert.deepEqual(callback?.links.map(({ traceId, spanId }) => [traceId, spanId]), [[
          asked?.traceId,
          asked?.spanId,
        ]]);
        assert.notEqual(callback?.traceId, asked?.traceId);
      });
      await t.step("spans have the attributes of the conventions, and ours under malipo.*", () => {
        const attributes = (name: string) => otlp.spans.find((span) => span.name === name)?.attributes ?? {};
        const request = attributes("POST /v1/checkouts");
        assert.equal(request["http.route"], "/v1/checkouts");
        assert.equal(Number(request["http.response.status_code"]), 201);
        assert.match(String(request["malipo.request_id"]), /^req_/);
        const read = otlp.spans.find(({ attributes }) => attributes["db.system.name"] === "sqlite")?.attributes ?? {};
        for (const name of ["db.operation.name", "db.query.summary"]) assert.ok(read[name], name);
        const daraja = attributes("daraja stk_push");
        assert.equal(daraja["malipo.daraja.operation"], "stk_push");
        assert.equal(daraja["malipo.shortcode"], "600000");
        assert.equal(daraja["malipo.daraja.outcome"], "answer");
        assert.equal(attributes("job notice")["malipo.job.kind"], "notice");
        assert.equal(attributes("webhook checkout.succeeded")["malipo.event.type"], "checkout.succeeded");
      });
    });
    // Now the process has ended, and everything has been sent.
    await t.step("nothing that was sent holds a phone, a secret, a callback address or a token", () => {
      const sent = otlp.texts.join("\n");
      assert.ok(otlp.spans.length > 20);
      assert.doesNotMatch(sent.replaceAll(/"\w*(?:Nano|Id)": ?"[^"]*"/g, ""), WHOLE_PHONE);
      assert.doesNotMatch(sent, /[?&](?:phone|token|key)=|shop-secret|eyJ[\w-]{10}|ws_CO_|\/notify\/[0-9a-f]{20}/);
    });
  } finally {
    await shop.stop();
    await otlp.stop();
  }
});

Deno.test("a runtime that records whole addresses by itself is told in the log", async () => {
  const otlp = startOtlpReceiver();
  try {
    await withProduct({ env: { ...otlp.env, OTEL_TRACES_SAMPLER: "parentbased_always_on" } }, (product) => {
      assert.ok(product.logs().some((line) => line.includes('"event":"telemetry_exports_addresses"')));
      return Promise.resolve();
    });
  } finally {
    await otlp.stop();
  }
});

Deno.test("a payment that was not chosen leaves no span and no row; one whose caller traces it is recorded whole", async () => {
  const otlp = startOtlpReceiver();
  const env = { ...otlp.env, SIMULATOR_CALLBACK_DELAY_MS: "100", TRACE_PERCENT: "0" };
  const traceId = "0af7651916cd43dd8448eb211c80319c";
  try {
    await withDatabaseFile(async (url) => {
      await withProduct({ env: { ...env, DATABASE_URL: url } }, async (product) => {
        const pay = async (headers: Record<string, string>) => {
          const body = { amount: 10_000, currency: "KES", reference: "r", phone_number: PHONE };
          const { body: { id } } = await product.call("POST", "/v1/checkouts", body, { headers });
          await product.waitFor(async () =>
            (await product.call("GET", `/v1/checkouts/${id}`)).body.status === "succeeded"
          );
        };
        await pay({});
        assert.equal(await traceRows(url), 0);
        await pay({ traceparent: `00-${traceId}-b7ad6b7169203331-01` });
        await product.waitFor(() => otlp.spans.some(({ name }) => name === "job notice"));
      });
      assert.ok(await traceRows(url) > 0);
    });
    // A slow machine may record a request as slow, which is one span without children.
    const asked = otlp.spans.find((span) => span.name === "POST /v1/checkouts" && span.traceId === traceId);
    const [callback, ...others] = otlp.spans.filter(({ links }) => (links ?? []).length > 0);
    assert.deepEqual([callback?.links.map(({ spanId }) => spanId), others.length], [[asked?.spanId], 0]);
    assert.ok(callback?.attributes["malipo.subject"], "what was said of it before it was recorded");
    const expected = "POST /notify/:capability\n  database\n  job notice\n    database";
    assert.equal(tree(otlp.spans, callback?.traceId ?? ""), expected);
    const whole = otlp.spans.filter(({ attributes }) => attributes["db.system.name"]).map((span) => span.traceId);
    assert.deepEqual(new Set(whole), new Set([traceId, callback?.traceId]));
  } finally {
    await otlp.stop();
  }
});

const traceRows = async (url: string): Promise<number> => {
  const db = await openDatabase(url);
  try {
    const [found] = await db.read([{ sql: "SELECT count(*) FROM trace_contexts", args: [] }]);
    return Number(found?.rows[0]?.[0]);
  } finally {
    await db.close();
  }
};

async function withDatabaseFile(use: (url: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-traces-" });
  try {
    await use(`file:${folder}/malipo.db`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
