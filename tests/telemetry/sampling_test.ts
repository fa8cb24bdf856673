import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Attributes,
  type Context,
  context,
  type ContextManager,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  trace,
} from "@opentelemetry/api";
import { createOpenTelemetry } from "../../src/telemetry/open-telemetry.ts";

interface Recorded {
  name: string;
  readonly parent: string | undefined;
  readonly startTime: unknown;
  readonly attributes: Attributes;
  isEnded: boolean;
}

/** A provider as the host registers one: it keeps what is recorded, and samples only what has a sampled parent. */
function startProvider() {
  const recorded: Recorded[] = [];
  const store = new AsyncLocalStorage<Context>();
  const manager: ContextManager = {
    active: () => store.getStore() ?? ROOT_CONTEXT,
    with: (at, work, self, ...args) => store.run(at, () => work.call(self as ThisParameterType<typeof work>, ...args)),
    bind: (_at, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  function startSpan(name: string, { attributes = {}, startTime }: SpanOptions = {}, parent = manager.active()): Span {
    const from = trace.getSpanContext(parent);
    const own: Recorded = { name, parent: from?.spanId, startTime, attributes: { ...attributes }, isEnded: false };
    if (from !== undefined) recorded.push(own);
    const spanId = String(recorded.length).padStart(16, "0");
    const spanContext = { traceId: from?.traceId ?? "0".repeat(32), spanId, traceFlags: from?.traceFlags ?? 0 };
    const span: Span = {
      spanContext: () => spanContext,
      setAttribute: (key, value) => (own.attributes[key] = value, span),
      setAttributes: (more) => (Object.assign(own.attributes, more), span),
      addEvent: () => span,
      addLink: () => span,
      addLinks: () => span,
      setStatus: () => span,
      updateName: (other) => (own.name = other, span),
      end: () => void (own.isEnded = true),
      isRecording: () => true,
      recordException: () => {},
    };
    return span;
  }
  context.setGlobalContextManager(manager);
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan, startActiveSpan: () => assert.fail("unused") }) });
  return recorded;
}

const recorded = startProvider();
const silent = { write: () => {} };

/** Traces some work with this percentage; `dice` is what chance says. */
async function traced(
  percent: number,
  dice: number,
  work: (tracing: ReturnType<typeof createOpenTelemetry>) => Promise<unknown>,
) {
  const tracing = createOpenTelemetry(silent, percent, () => dice);
  recorded.length = 0;
  await work(tracing).catch(() => {});
  assert.ok(recorded.every(({ isEnded }) => isEnded));
  return recorded.map(({ name }) => name);
}

const request = (fail = false) => (tracing: ReturnType<typeof createOpenTelemetry>) =>
  tracing.request("GET", undefined, async (span) => {
    await tracing.span("daraja", { kind: "client" }, () => Promise.resolve());
    span.rename("GET /v1/x");
    span.set({ "http.route": "/v1/x" });
    if (fail) span.fail("503");
  });

Deno.test("as many requests are recorded whole as TRACE_PERCENT says", async () => {
  assert.deepEqual(await traced(10, 0.0999, request()), ["GET /v1/x", "daraja"]);
  assert.deepEqual(await traced(10, 0.1, request()), []);
  assert.deepEqual(await traced(0, 0, request()), []);
  assert.deepEqual(await traced(100, 0.9999, request()), ["GET /v1/x", "daraja"]);
});

Deno.test("a request that fails is recorded in any case, with what was said of it, from its beginning on", async () => {
  const before = Date.now();
  assert.deepEqual(await traced(0, 0, request(true)), ["GET /v1/x"]);
  const [span] = recorded;
  assert.deepEqual(span?.attributes, { "http.request.method": "GET", "http.route": "/v1/x", "error.type": "503" });
  assert.ok(Number(span?.startTime) >= before && Number(span?.startTime) <= Date.now());
});

Deno.test("work that throws is recorded, and the error is thrown on", async () => {
  const tracing = createOpenTelemetry(silent, 0);
  recorded.length = 0;
  await assert.rejects(() => tracing.request("GET", undefined, () => Promise.reject(new RangeError("x"))), RangeError);
  assert.deepEqual(recorded.map(({ attributes }) => attributes["error.type"]), ["RangeError"]);
});

Deno.test("who sends a sampled traceparent is traced whole, who sends one that is not is left to chance", async () => {
  const with_ = (flags: string) => (tracing: ReturnType<typeof createOpenTelemetry>) =>
    tracing.request(
      "GET",
      `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-${flags}`,
      () => tracing.span("daraja", { kind: "client" }, () => Promise.resolve()),
    );
  assert.deepEqual(await traced(0, 0, with_("01")), ["GET", "daraja"]);
  assert.equal(recorded[0]?.parent, "b7ad6b7169203331");
  assert.deepEqual(await traced(0, 0, with_("00")), []);
  assert.deepEqual(await traced(0, 0, with_("zz")), []);
});

Deno.test("work that is linked to a recorded span is recorded from then on, and what it does too", async () => {
  const names = await traced(0, 0, (tracing) =>
    tracing.request("POST", undefined, async () => {
      assert.equal(tracing.current(), null);
      tracing.link("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
      tracing.annotate({ "malipo.subject": "att_1" });
      assert.match(tracing.current() ?? "", /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      await tracing.span("database", { kind: "client" }, () => Promise.resolve());
    }));
  assert.deepEqual(names, ["POST", "database"]);
  assert.equal(recorded[0]?.attributes["malipo.subject"], "att_1");
});

Deno.test("a job of a recorded trace is recorded, one of none is left to chance", async () => {
  const job = (parent: string | null) => (tracing: ReturnType<typeof createOpenTelemetry>) =>
    tracing.span("job", { kind: "consumer", parent }, () => Promise.resolve());
  assert.deepEqual(await traced(0, 0, job("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")), ["job"]);
  assert.deepEqual(await traced(0, 0, job(null)), []);
  assert.deepEqual(await traced(50, 0.4, job(null)), ["job"]);
});
