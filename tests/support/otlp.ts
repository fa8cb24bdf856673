/** A span as OTLP/HTTP JSON carries it, with its attributes as one object. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly startTimeUnixNano: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code: number };
}

interface RawSpan extends Omit<ReceivedSpan, "attributes"> {
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, string | number>> }[];
}
interface RawTraces {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly RawSpan[] }[] }[];
}

/** A receiver of OTLP on this machine: what was sent, and the settings that make Deno send to it. */
export interface OtlpReceiver {
  readonly env: Readonly<Record<string, string>>;
  readonly spans: readonly ReceivedSpan[];
  /** Everything that came, of traces, metrics and logs, as text. */
  readonly texts: readonly string[];
  stop(): Promise<void>;
}

export function startOtlpReceiver(): OtlpReceiver {
  const spans: ReceivedSpan[] = [];
  const texts: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const text = await request.text();
    texts.push(text);
    if (new URL(request.url).pathname === "/v1/traces") {
      const { resourceSpans }: RawTraces = JSON.parse(text);
      for (const span of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).flatMap(({ spans }) => spans)) {
        const attributes = span.attributes.map(({ key, value }) => [key, Object.values(value)[0] ?? ""]);
        spans.push({ ...span, attributes: Object.fromEntries(attributes) });
      }
    }
    return Response.json({});
  });
  return {
    env: {
      OTEL_DENO: "true",
      OTEL_SERVICE_NAME: "malipo",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.addr.port}`,
      OTEL_BSP_SCHEDULE_DELAY: "50",
      OTEL_TRACES_SAMPLER: "parentbased_always_off",
      OTEL_PROPAGATORS: "none",
      TRACE_PERCENT: "100",
    },
    spans,
    texts,
    stop: () => server.shutdown(),
  };
}

/** A round trip to the database, whatever it does: how many there are is no matter of the tree. */
const shownName = ({ name, attributes }: ReceivedSpan): string => attributes["db.system.name"] ? "database" : name;

/**
 * The spans of one trace as an indented text: names only, children in the order in which they began, and each name once
 * under its parent.
 */
export function tree(spans: readonly ReceivedSpan[], traceId: string): string {
  const own = spans.filter((span) => span.traceId === traceId)
    .sort((a, b) => Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)));
  const known = new Set(own.map(({ spanId }) => spanId));
  const lines: string[] = [];
  const add = (span: ReceivedSpan, depth: number) => {
    lines.push(`${"  ".repeat(depth)}${shownName(span)}`);
    const children = own.filter(({ parentSpanId }) => parentSpanId === span.spanId);
    const seen = new Set<string>();
    for (const child of children) {
      if (!seen.has(shownName(child))) add(child, depth + 1);
      seen.add(shownName(child));
    }
  };
  for (const root of own.filter(({ parentSpanId }) => !known.has(parentSpanId))) add(root, 0);
  return lines.join("\n");
}
