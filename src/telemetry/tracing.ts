/** Facts about a span. Never personal data, a secret, or an address with a query. */
export type Attributes = Readonly<Record<string, string | number>>;

/** Work that is traced. Its end is recorded when the work ends. */
export interface Span {
  set(attributes: Attributes): void;
  rename(name: string): void;
  /** The work failed, by a name of the failure without details. */
  fail(type: string): void;
}

export interface SpanOptions {
  readonly kind: "client" | "consumer" | "producer";
  readonly attributes?: Attributes;
  /**
   * The W3C traceparent of the span that asked for this work; null: it begins a trace, if it is chosen to be recorded.
   * Without it the running span is meant, and nothing is recorded outside of one.
   */
  readonly parent?: string | null;
}

/** Records spans. Null instead of it where nobody collects them, so that the service then does no work for it. */
export interface Tracing {
  /** The running span as a W3C traceparent; null outside of one. */
  current(): string | null;
  /** Adds facts to the running span, if there is one. */
  annotate(attributes: Attributes): void;
  /** Links the running work to a span of another trace, given as a W3C traceparent. From then on it is recorded. */
  link(context: string): void;
  /** Runs `work` as a span. An error that it throws fails the span, and is thrown on. */
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** The same for a request of ours. `incoming` is its `traceparent` header. */
  request<T>(method: string, incoming: string | undefined, work: (span: Span) => Promise<T>): Promise<T>;
  /** Runs `work` outside of the running span: the runtime then records no span with the address of its requests. */
  apart<T>(work: () => Promise<T>): Promise<T>;
}

/** Traces, and what is stored of them: the span that asked for a prompt, a job or an event. */
export interface Telemetry extends Tracing {
  /** The W3C traceparent of the span that stored this row; null without one. Never rejects. */
  stored(subjectId: string): Promise<string | null>;
}

/** Whether the host collects traces: it registers itself as the provider of OpenTelemetry's API. Deno does with `OTEL_DENO=true`. */
export const isTraced = (): boolean => Symbol.for("opentelemetry.js.api.1") in globalThis;

/** Of work that is not recorded. */
export const noSpan: Span = { set() {}, rename() {}, fail() {} };

/** Runs `work` as a span where there is telemetry, and just runs it elsewhere. */
export function inSpan<T>(
  tracing: Tracing | null | undefined,
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracing ? tracing.span(name, options, work) : work(noSpan);
}
