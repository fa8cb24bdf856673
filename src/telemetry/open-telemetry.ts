import {
  type Context,
  context,
  createContextKey,
  ROOT_CONTEXT,
  type Span as ApiSpan,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import type { Log } from "./log.ts";
import { type Attributes, noSpan, type Span, type Tracing } from "./tracing.ts";

const kinds = { client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER, producer: SpanKind.PRODUCER } as const;
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f][13579bdf]$/; // the last bit: it is sampled

/** The span that a traceparent names, if it is sampled. */
function parse(text: string | null | undefined): SpanContext | null {
  const [, traceId, spanId] = TRACEPARENT.exec(text ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

const isSampled = (span: ApiSpan | undefined): span is ApiSpan =>
  span !== undefined && (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;

function format(span: ApiSpan | undefined): string | null {
  if (!isSampled(span)) return null;
  const { traceId, spanId } = span.spanContext();
  return `00-${traceId}-${spanId}-01`;
}

/** Work that was not chosen to be recorded. Where it turns out to matter it gets a span after all, from its beginning on. */
interface Unchosen {
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes: Attributes;
  readonly from: number;
  span: ApiSpan | null;
}
const UNCHOSEN = createContextKey("malipo.unchosen");

const wrap = (span: ApiSpan): Span => ({
  set: (attributes: Attributes) => void span.setAttributes(attributes),
  rename: (name) => void span.updateName(name),
  fail(type) {
    span.setAttribute("error.type", type).setStatus({ code: SpanStatusCode.ERROR });
  },
});

/** Work that takes longer is recorded in any case, ms. */
const SLOW_MS = 2_000;

/**
 * The tracing of the host, which registers itself as OpenTelemetry's provider. Where the host records requests by itself
 * (without `OTEL_TRACES_SAMPLER=parentbased_always_off`), its spans hold whole addresses, so the log warns.
 *
 * Of requests and jobs that begin a trace, `percent` are recorded with all that they do. Of the others only those that
 * fail or take 2 s, as one span; they cost next to nothing.
 */
export function createOpenTelemetry(log: Log, percent: number, random: () => number = Math.random): Tracing {
  const tracer = trace.getTracer("malipo");
  const isAutomatic = isSampled(tracer.startSpan("probe", { root: true })); // never ended, so never exported
  if (isAutomatic) {
    log.write("warn", "telemetry_exports_addresses", {
      setting: "OTEL_TRACES_SAMPLER",
      value: "parentbased_always_off",
    });
  }

  /** A parent makes the sampler keep what we record, while the host's own spans have none. */
  function newParent(): SpanContext {
    const own = trace.getActiveSpan()?.spanContext();
    const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes)).toHex();
    return {
      traceId: own?.traceId ?? random(16),
      spanId: own?.spanId ?? random(8),
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    };
  }

  const isChosen = () => random() * 100 < percent;
  const unchosen = () => context.active().getValue(UNCHOSEN) as Unchosen | undefined; // only this module knows the key

  /** The span that records what runs now; null where nothing does. */
  function recording(): ApiSpan | null {
    const active = trace.getActiveSpan();
    return isSampled(active) ? active : unchosen()?.span ?? null;
  }

  function recordAfterAll({ name, kind, attributes, from }: Unchosen): ApiSpan {
    return tracer.startSpan(
      name,
      { kind, attributes, startTime: from },
      trace.setSpanContext(ROOT_CONTEXT, newParent()),
    );
  }

  /** Runs work that was not chosen. What is said of it is kept for the case that it is recorded after all. */
  async function runUnchosen<T>(
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    work: (span: Span) => Promise<T>,
  ): Promise<T> {
    const state: Unchosen = { name, kind, attributes, from: Date.now(), span: null };
    let [said, newName, failure]: [Attributes, string, string | null] = [{}, name, null];
    const span: Span = {
      set: (more) => void (said = { ...said, ...more }),
      rename: (other) => void (newName = other),
      fail: (type) => void (failure = type),
    };
    try {
      return await context.with(context.active().setValue(UNCHOSEN, state), () => work(span));
    } catch (error) {
      failure = error instanceof Error ? error.name : "unknown";
      throw error;
    } finally {
      if (state.span === null && (failure !== null || Date.now() - state.from >= SLOW_MS)) {
        state.span = recordAfterAll(state);
      }
      if (state.span !== null) {
        const late = wrap(state.span.updateName(newName));
        late.set(said);
        if (failure !== null) late.fail(failure);
        state.span.end();
      }
    }
  }

  async function run<T>(
    name: string,
    kind: SpanKind,
    attributes: Attributes,
    parent: Context,
    work: (span: Span) => Promise<T>,
  ): Promise<T> {
    const span = tracer.startSpan(name, { kind, attributes }, parent);
    const wrapped = wrap(span);
    try {
      return await context.with(trace.setSpan(parent, span), () => work(wrapped));
    } catch (error) {
      wrapped.fail(error instanceof Error ? error.name : "unknown");
      throw error;
    } finally {
      span.end();
    }
  }

  return {
    current: () => format(recording() ?? undefined),
    annotate: (attributes) => void recording()?.setAttributes(attributes),
    link(text) {
      const linked = parse(text);
      if (linked === null) return;
      const state = unchosen();
      if (state !== undefined) state.span ??= recordAfterAll(state);
      recording()?.addLink({ context: linked });
    },
    span(name, { kind, attributes = {}, parent }, work) {
      if (parent === undefined) {
        const own = recording();
        return own === null
          ? work(noSpan)
          : run(name, kinds[kind], attributes, trace.setSpan(context.active(), own), work);
      }
      const given = parse(parent) ?? (isChosen() ? newParent() : null);
      if (given === null) return context.with(ROOT_CONTEXT, () => runUnchosen(name, kinds[kind], attributes, work));
      return run(name, kinds[kind], attributes, trace.setSpanContext(ROOT_CONTEXT, given), work);
    },
    async request(method, incoming, work) {
      const automatic = trace.getActiveSpan(); // the host labels its metrics by the route of this span
      if (isAutomatic && automatic !== undefined) return await work(wrap(automatic));
      const labelled = (span: Span) =>
        work({
          ...span,
          set(attributes) {
            span.set(attributes);
            automatic?.setAttributes(attributes);
          },
        });
      const attributes = { "http.request.method": method };
      const parent = parse(incoming) ?? (isChosen() ? newParent() : null);
      if (parent === null) return await runUnchosen(method, SpanKind.SERVER, attributes, labelled);
      return await run(method, SpanKind.SERVER, attributes, trace.setSpanContext(ROOT_CONTEXT, parent), labelled);
    },
    apart: (work) => context.with(ROOT_CONTEXT, work),
  };
}
