import type { Context as HonoContext } from "hono";
import { type SSEMessage, streamSSE } from "hono/streaming";
import type { Flags } from "../../flags/flags.ts";
import type { Env } from "../../http/env.ts";
import type { CheckoutAccess } from "./checkout-access.ts";
import type { CheckoutStatus, StatusWatcher } from "./status-watcher.ts";

/** The browser opens a new stream when this one ends, and continues after the id that it got last. */
const STREAM_MS = 10 * 60_000;
const KEEP_ALIVE_MS = 15_000;
const RETRY_MS = 2_000;

const isOver = (status: string): boolean => status !== "open" && status !== "pending";

/**
 * Sends the status of a checkout as Server-Sent Events: `status` with the version as its id, and `end` after the final
 * status. The page then loads itself again, so the stream carries nothing else. Answers 204 to one that has heard the
 * end, 503 if there are too many listeners, or where the flag `live_pages` is off; the page then polls.
 */
export async function streamStatus(
  c: HonoContext<Env>,
  checkoutAccess: CheckoutAccess,
  watch: StatusWatcher,
  flags: Flags,
): Promise<Response> {
  const visit = await checkoutAccess.openToPay(c, c.req.param("id") ?? "", c.req.query("token"));
  if (visit === null) return c.body(null, 404);
  const { id, merchant_id, version, status } = visit.state.checkout;
  // A browser connects again when a stream ends; only 204 stops it.
  if (isOver(status) && c.req.header("last-event-id") === String(version)) return c.body(null, 204);
  if (!await flags.isOn("live_pages", merchant_id, id)) return c.body(null, 503, { "retry-after": "5" });
  const ended = Promise.withResolvers<void>();
  let say: (message: SSEMessage) => void = () => {};
  const tell = (seen: CheckoutStatus | null): void => {
    if (seen !== null) say({ event: "status", id: String(seen.version), data: JSON.stringify(seen) });
    if (seen === null) ended.resolve();
    else if (isOver(seen.status)) end();
  };
  const end = (): void => {
    say({ event: "end", data: "{}" });
    ended.resolve();
  };
  const stop = isOver(status) ? () => {} : watch.add(id, version, tell);
  if (stop === null) return c.body(null, 503, { "retry-after": "5" });
  const response = streamSSE(c, async (stream) => {
    stream.onAbort(ended.resolve);
    let written: Promise<unknown> = stream.write(`retry: ${RETRY_MS}\n\n`);
    say = (message) => void (written = written.then(() => stream.writeSSE(message)));
    const beat = setInterval(() => void stream.write(": still here\n\n"), KEEP_ALIVE_MS); // proxies close silent connections
    const limit = setTimeout(ended.resolve, STREAM_MS);
    if (c.req.header("last-event-id") !== String(version)) tell({ version, status });
    await ended.promise;
    stop();
    clearInterval(beat);
    clearTimeout(limit);
    await written;
  });
  response.headers.set("cache-control", "no-store, no-transform"); // compression would delay the events
  response.headers.set("x-accel-buffering", "no");
  for (const name of ["connection", "transfer-encoding"]) response.headers.delete(name); // the server sets these
  return response;
}
