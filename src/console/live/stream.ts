import { type SSEMessage, streamSSE } from "hono/streaming";
import type { Services } from "../../context/services.ts";
import { findSession } from "../../domain/people/sessions.ts";
import { rolesOf } from "../../domain/people/store.ts";
import type { Page } from "../kit/page.ts";
import type { Visit } from "../kit/visit.ts";
import type { Live } from "./live.ts";
import { sessionToken } from "../session/cookie.ts";

/** How often a stream looks for a change, and whether its session goes on. */
const LOOK_MS = 2_000;
/** The browser opens a new stream when this one ends, and goes on after the id that it got last. */
const STREAM_MS = 10 * 60_000;
const KEEP_ALIVE_LOOKS = 7;
const RETRY_MS = 3_000;
const MAX_STREAMS = 300;
const MAX_STREAMS_OF_SESSION = 12;

/**
 * Tells open pages by Server-Sent Events that they show something old; they then load themselves. A stream carries no
 * content, and looks at its session each time: it ends with the session, with the person's right to the page, and when
 * nothing can change any more. Looking does not prolong the session.
 */
export class LiveStreams {
  readonly #open = new Map<string, number>();
  #count = 0;
  constructor(readonly services: Services, readonly accepting: () => boolean) {}

  /** Answers 204 to one that has heard the end, 503 if there are too many, or where the flag `live_pages` is off. */
  async answer(visit: Visit, page: Page, look: NonNullable<Page["live"]>): Promise<Response> {
    const { c, viewer } = visit;
    const first = await look(visit);
    const heard = c.req.header("last-event-id");
    if (first.isOver && heard === first.digest) return c.body(null, 204);
    const { sessionId, person, merchantId } = viewer;
    const own = this.#open.get(sessionId) ?? 0;
    const isFull = this.#count >= MAX_STREAMS || own >= MAX_STREAMS_OF_SESSION;
    if (isFull || !await this.services.flags.isOn("live_pages", merchantId, person.id)) {
      return c.body(null, 503, { "retry-after": "30" });
    }
    // The page says what it shows; a stream that goes on says what it told last.
    let known = heard ?? c.req.query("shown") ?? first.digest;
    const response = streamSSE(c, async (stream) => {
      this.#add(sessionId, 1);
      let isAborted = false;
      const ended = Promise.withResolvers<void>();
      stream.onAbort(() => {
        isAborted = true;
        ended.resolve();
      });
      const say = async (message: SSEMessage): Promise<void> => {
        if (!isAborted) await stream.writeSSE(message);
      };
      try {
        await stream.write(`retry: ${RETRY_MS}\n\n`);
        const until = performance.now() + STREAM_MS;
        let seen: Live | "gone" | null = first;
        for (let looks = 1; !isAborted && performance.now() < until; looks++) {
          if (seen === "gone") return await say({ event: "gone", data: "{}" });
          if (seen !== null && seen.digest !== known) {
            known = seen.digest;
            await say({ event: "changed", id: known, data: "{}" });
          }
          if (seen?.isOver) return await say({ event: "over", id: seen.digest, data: "{}" });
          if (looks % KEEP_ALIVE_LOOKS === 0) await stream.write(": still here\n\n"); // proxies close silent connections
          await pause(LOOK_MS, ended.promise);
          if (!this.accepting()) return;
          seen = isAborted ? null : await this.#look(visit, page, look);
        }
      } finally {
        this.#add(sessionId, -1);
      }
    });
    response.headers.set("cache-control", "no-store, no-transform"); // compression would delay the events
    response.headers.set("x-accel-buffering", "no");
    for (const name of ["connection", "transfer-encoding"]) response.headers.delete(name); // the server sets these
    return response;
  }

  /** Null: the database does not answer. The next look asks again. */
  async #look(visit: Visit, page: Page, look: NonNullable<Page["live"]>): Promise<Live | "gone" | null> {
    try {
      const token = sessionToken(visit.c, this.services);
      const open = token === null ? null : await findSession(this.services, token, { isUse: false });
      if (open === null || open.session.id !== visit.viewer.sessionId) return "gone";
      const roles = rolesOf(open.person);
      if (!page.roles.some((role) => roles.includes(role)) || open.merchant.status === "disabled") return "gone";
      return await look({ ...visit, now: this.services.clock.now() });
    } catch {
      return null;
    }
  }

  #add(sessionId: string, by: 1 | -1): void {
    this.#count += by;
    const left = (this.#open.get(sessionId) ?? 0) + by;
    if (left > 0) this.#open.set(sessionId, left);
    else this.#open.delete(sessionId);
  }
}

async function pause(ms: number, ended: Promise<void>): Promise<void> {
  const waited = Promise.withResolvers<void>();
  const timer = setTimeout(waited.resolve, ms);
  await Promise.race([waited.promise, ended]);
  clearTimeout(timer);
}
