import { type Event, isMalipoError } from "../client/mod.ts";
import { systemClock, untilStopped } from "../platform/deno.ts";
import { API_DETAILS, apiOptions, connect } from "./api/connect.ts";
import { command, UsageError } from "./frame/command.ts";
import type { Output } from "./frame/output.ts";
import { EventFeed } from "./listen/feed.ts";
import { createForwarder, type Forwarded, listenSecret } from "./listen/forward.ts";
import { startOf } from "./listen/start-of.ts";
import { eventLine } from "./listen/summary.ts";

const LOOKS_EACH_MS = 500;

/** `listen`: events as they happen, in this terminal and at a URL of the developer's. */
export const listen = command({
  summary: "prints events as they happen, and forwards them to a URL, signed as webhooks",
  details: `Your server checks the signature with the secret that \`listen\` prints. It is the same at every start.
An event that your server did not take is not sent again by itself: --from repeats from there.
${API_DETAILS}`,
  options: {
    to: { value: "URL", help: "where to send each event, such as http://localhost:3000/webhooks" },
    from: { value: "EVENT|TIME", help: "begins there instead of now: evt_..., 10m, 2h, or 2026-12-01T09:00:00+03:00" },
    type: { value: "TYPE", help: "only events whose type begins so, such as payout." },
    merchant: { value: "ID", help: "of another merchant, or of all; needs a client with the scope platform" },
    once: { help: "ends after the events that are there already" },
    ...apiOptions,
  },
  examples: ["--to http://localhost:3000/webhooks", "--from 10m --once", "--merchant all --as cli_platform"],
  async run({ options, out }) {
    const { to, from, type = "", merchant } = options;
    if (to !== undefined && !/^https?:\/\/./.test(to)) throw new UsageError(`--to ${to} is not an http or https URL.`);
    const { malipo, url, credentials } = connect(options, "cli_demo");
    const feed = new EventFeed(malipo, await startOf(malipo, from, systemClock.now()), merchant);
    const secret = listenSecret(credentials.id, credentials.secret);
    const forward = to === undefined ? null : createForwarder(to, secret);
    const stop = new AbortController();
    const stopped = untilStopped();
    void stopped.signal.then(() => stop.abort());
    let pending = await feed.next(stop.signal);
    if (!out.json) greet(out, url, credentials.id, to, secret);
    const look = patient(feed, out);
    try {
      while (!stop.signal.aborted) {
        for (const event of pending.filter((event) => event.type.startsWith(type))) {
          if (stop.signal.aborted) break;
          show(out, event, forward === null ? null : await forward(event), to);
        }
        if (options.once === true) break;
        await pause(LOOKS_EACH_MS, stop.signal);
        pending = stop.signal.aborted ? [] : await look(stop.signal);
      }
    } finally {
      stopped.cancel();
    }
  },
});

/** Reads the feed. A service that is away for a moment, such as one that is started again, does not end `listen`. */
function patient(feed: EventFeed, out: Output): (signal: AbortSignal) => Promise<readonly Event[]> {
  let away = false;
  return async (signal) => {
    try {
      const found = await feed.next(signal);
      if (away) out.warn(out.paint.green("The service answers again."));
      away = false;
      return found;
    } catch (error) {
      if (!signal.aborted && !isMalipoError(error, "network_error", "unexpected_answer")) throw error;
      if (!signal.aborted && !away) out.warn(out.paint.yellow("The service does not answer; trying until it does."));
      away = true;
      return [];
    }
  };
}

function greet(out: Output, url: string, client: string, to: string | undefined, secret: string): void {
  const { bold, dim } = out.paint;
  console.log(`${bold("Listening")} to ${url} as ${client}. ${dim("Ctrl+C ends it.")}`);
  if (to === undefined) return;
  console.log(`Each event goes to ${bold(to)}, signed with ${bold(secret)}\n`);
}

function show(out: Output, event: Event, result: Forwarded | null, to: string | undefined): void {
  const { green, red, yellow, dim } = out.paint;
  const line = eventLine(event, out.paint);
  if (result === null) return out.record(event, line);
  const { status, ms, problem } = result;
  const record = { ...event, forwarded: { to, ...result } };
  if (status === null) {
    const advice = dim(`start it, then: deno task malipo listen --to ${to} --from ${event.id}`);
    return out.record(record, `${line}  ${red(`-> ${problem}`)}\n          ${advice}`);
  }
  const colour = status < 300 ? green : status < 500 ? yellow : red;
  out.record(record, `${line}  ${colour(`-> ${status}`)} ${dim(`${ms} ms`)}`);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
