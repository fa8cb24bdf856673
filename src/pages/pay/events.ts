import type { Context as HonoContext } from "hono";
import type { Env } from "../../http/env.ts";
import type { Entrance } from "./entrance.ts";
import type { Seen, Watch } from "./watch.ts";

/** The browser opens a new stream when this one has reached its end, and goes on from the id that it saw last. */
const STREAM_MS = 10 * 60_000;
const BEAT_MS = 15_000;
const RETRY_MS = 2_000;

const headers = {
  "content-type": "text/event-stream",
  "cache-control": "no-store, no-transform", // a compressor would hold events back
  "x-accel-buffering": "no",
};

const isOver = (status: string): boolean => status !== "open" && status !== "pending";

/**
 * The status of a checkout as Server-Sent Events: `status` with each new version as its id, and `end` when nothing more
 * will come. It carries no more than that: the page fetches itself anew. 503 where too many watch: the page then polls.
 */
export async function watchCheckout(c: HonoContext<Env>, entrance: Entrance, watch: Watch): Promise<Response> {
  const visit = await entrance.enter(c, c.req.param("id") ?? "", c.req.query("token"));
  if (visit === null) return c.body(null, 404);
  const { id, version, status } = visit.state.checkout;
  const stream = new Events(isOver(status) ? null : (listener) => watch.add(id, version, listener));
  if (stream.refused) return c.body(null, 503, { "retry-after": "5" });
  stream.begin(c.req.header("last-event-id") === String(version) ? null : { version, status });
  return c.body(stream.body, 200, headers);
}

/** One stream: what it is told goes out at once, and it ends with the checkout, with its time, or with its reader. */
class Events {
  readonly body: ReadableStream<Uint8Array>;
  readonly refused: boolean;
  readonly #stop: (() => void) | null;
  readonly #over: boolean;
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  #timers: ReturnType<typeof setTimeout>[] = [];

  constructor(watch: ((listener: (seen: Seen | null) => void) => (() => void) | null) | null) {
    this.body = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
      cancel: () => this.#close(),
    });
    this.#over = watch === null;
    this.#stop = watch?.((seen) => this.#tell(seen)) ?? null;
    this.refused = watch !== null && this.#stop === null;
  }

  begin(seen: Seen | null): void {
    this.#send(`retry: ${RETRY_MS}\n\n`);
    this.#timers = [
      setInterval(() => this.#send(": still here\n\n"), BEAT_MS), // proxies close what is silent
      setTimeout(() => this.#finish(), STREAM_MS),
    ];
    if (seen !== null) this.#tell(seen);
    if (this.#over) this.#end();
  }

  #tell(seen: Seen | null): void {
    if (seen === null) return this.#finish();
    this.#send(`event: status\nid: ${seen.version}\ndata: ${JSON.stringify(seen)}\n\n`);
    if (isOver(seen.status)) this.#end();
  }

  #end(): void {
    this.#send("event: end\ndata: {}\n\n");
    this.#finish();
  }

  #send(text: string): void {
    this.#controller?.enqueue(new TextEncoder().encode(text));
  }

  #finish(): void {
    this.#controller?.close();
    this.#close();
  }

  #close(): void {
    this.#controller = null;
    this.#stop?.();
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
