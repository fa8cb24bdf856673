import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span as ApiSpan,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from "@opentelemetry/api";
import type { Log } from "./log.ts";
import type { Attributes, Span, Tracing } from "./tracing.ts";

const kinds = { client: SpanKind.CLIENT, consumer: SpanKind.CONSUMER, producer: SpanKind.PRODUCER } as const;
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

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

const wrap = (span: ApiSpan): Span => ({
  set: (attributes: Attributes) => void span.setAttributes(attributes),
  rename: (name) => void span.updateName(name),
  fail(type) {
    span.setAttribute("error.type", type).setStatus({ code: SpanStatusCode.ERROR });
  },
});

/**
 * The tracing of the host, which registers itself as OpenTelemetry's provider. Where the host records requests by itself
 * (without `OTEL_TRACES_SAMPLER=parentbased_always_off`), its spans hold whole addresses, so the log warns.
 */
export function createOpenTelemetry(log: Log): Tracing {
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
    current: () => format(trace.getActiveSpan()),
    annotate: (attributes) => void trace.getActiveSpan()?.setAttributes(attributes),
    link(text) {
      const linked = parse(text);
      if (linked !== null) trace.getActiveSpan()?.addLink({ context: linked });
    },
    span(name, { kind, attributes = {}, parent }, work) {
      const given = parent === undefined ? null : parse(parent) ?? newParent();
      const from = given === null
        ? (isSampled(trace.getActiveSpan()) ? context.active() : trace.setSpanContext(ROOT_CONTEXT, newParent()))
        : trace.setSpanContext(ROOT_CONTEXT, given);
      return run(name, kinds[kind], attributes, from, work);
    },
    async request(method, incoming, work) {
      const automatic = trace.getActiveSpan(); // the host labels its metrics by the route of this span
      if (isAutomatic && automatic !== undefined) return await work(wrap(automatic));
      const from = trace.setSpanContext(ROOT_CONTEXT, parse(incoming) ?? newParent());
      return await run(method, SpanKind.SERVER, { "http.request.method": method }, from, (span) =>
        work({
          ...span,
          set(attributes) {
            span.set(attributes);
            automatic?.setAttributes(attributes);
          },
        }));
    },
    apart: (work) => context.with(ROOT_CONTEXT, work),
  };
}
