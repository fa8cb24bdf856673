import { type Outbound, type OutboundAnswer, OutboundError, type OutboundRequest } from "../../src/platform/ports.ts";

/** One message, as a receiver gets it. */
export interface Received {
  readonly url: string;
  readonly address: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  // deno-lint-ignore no-explicit-any -- payloads are asserted on field by field
  readonly json: any;
}

type Reply = (received: Received, request: OutboundRequest) => Answer | Promise<Answer>;
export type Answer = { status: number; headers?: Record<string, string>; body?: string };

/** The world outside in this process: names, and what answers at them. */
export class FakeNetwork implements Outbound {
  readonly received: Received[] = [];
  readonly lookups: string[] = [];
  /** What a name resolves to. */
  names: (hostname: string) => readonly string[] = () => ["93.184.215.14"];
  reply: Reply = () => ({ status: 204 });

  resolve(hostname: string): Promise<readonly string[]> {
    this.lookups.push(hostname);
    const found = this.names(hostname);
    if (found.length === 0) return Promise.reject(new OutboundError("name_not_found", "no such name"));
    return Promise.resolve(found);
  }

  async post(request: OutboundRequest): Promise<OutboundAnswer> {
    const { url, address, headers, body } = request;
    const received = { url: url.href, address, headers: { ...headers }, body, json: JSON.parse(body) };
    this.received.push(received);
    const { status, headers: answered = {}, body: text = "" } = await this.reply(received, request);
    return { status, headers: answered, body: new TextEncoder().encode(text).subarray(0, request.answerBytes) };
  }

  /** Event types that have arrived at a URL, in their order. */
  typesAt(url?: string): string[] {
    return this.received.filter((one) => url === undefined || one.url === url).map((one) => one.json.type);
  }
}

/** An answer that does not come before the request is given up. */
export const hangUntilAborted = (request: OutboundRequest): Promise<never> =>
  new Promise((_, reject) => {
    const gone = () => reject(new OutboundError("broken", "given up"));
    if (request.signal.aborted) gone();
    else request.signal.addEventListener("abort", gone, { once: true });
  });
