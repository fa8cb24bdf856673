import type { Mpesa } from "../../model/mpesa.ts";
import type { Truth } from "../../model/truth.ts";
import type { Faults } from "../faults.ts";
import { HostedBlob } from "../host/globals.ts";
import type { Owner, Scheduler } from "../scheduler.ts";

/** The service waits no longer (ms) for an answer. */
const PATIENCE_MS = 20_000;

/** The network between the service and Daraja, with Daraja's own moods; what M-Pesa does is the model's. */
export class Daraja {
  /** Set once there is a history. */
  truth: Truth | null = null;
  #token = 0;
  /** Pushes whose answers a process has just got: it may die before it has stored them. */
  readonly #fresh: { readonly owner: Owner; readonly at: number; readonly phone: string }[] = [];

  constructor(
    readonly scheduler: Scheduler,
    readonly mpesa: Mpesa,
    readonly faults: Faults,
    readonly store: { readonly downUntil: number },
  ) {}

  /** `fetch` of one process. */
  fetchOf(owner: Owner): typeof fetch {
    return (input, init) =>
      new Promise<Response>((resolve, reject) => {
        const { scheduler } = this;
        const url = new URL(String(input));
        const body = textOf(init?.body);
        init?.signal?.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
        const fail = (message: string) => reject(new TypeError(message));
        const name = `daraja ${url.pathname}`;
        if (this.faults.now("daraja_refuses")) {
          scheduler.add(2, owner, `${name} is not reached`, () => fail("client error (Connect): connection refused"));
          return;
        }
        const headers = new Headers(init?.headers);
        scheduler.add(this.#latency(), scheduler.world, `${owner.name} ${name} ${body}`, () => {
          if (this.faults.now("daraja_request_lost")) {
            scheduler.add(20, owner, `${name} is cut off`, () => fail("connection reset"));
            return;
          }
          void this.#answer(url, init?.method ?? "GET", headers, body).then((answer) =>
            this.#deliver(owner, name, body, answer, resolve, fail)
          );
        });
      });
  }

  /** Which answer comes back, and when. */
  #deliver(
    owner: Owner,
    name: string,
    body: string,
    answer: Response,
    resolve: (answer: Response) => void,
    fail: (message: string) => void,
  ): void {
    const { scheduler, faults } = this;
    const askedAt = scheduler.time;
    const push = name.endsWith("stkpush/v1/processrequest") ? String(JSON.parse(body)["PhoneNumber"]) : null;
    this.#lose(push, true); // until it has its answer, and the time to store it
    if (faults.now("daraja_answer_lost")) {
      scheduler.add(20, owner, `${name} loses its answer`, () => fail("connection reset"));
      return;
    }
    if (faults.now("daraja_html")) {
      scheduler.add(20, owner, `${name} answers HTML`, () => resolve(new Response("<html>", { status: 503 })));
      return;
    }
    if (faults.now("daraja_unreadable")) {
      scheduler.add(20, owner, `${name} answers half`, () => resolve(new Response('{"MerchantRequestID":"29')));
      return;
    }
    const late = faults.now("daraja_late") ? 1_000 + scheduler.world.random.below(45_000) : this.#latency();
    scheduler.add(late, owner, `${name} answers ${answer.status}`, () => {
      if (push !== null) this.#fresh.push({ owner, at: scheduler.time, phone: push });
      const isInTime = scheduler.time - askedAt < PATIENCE_MS; // the process may have been stopped meanwhile
      if (isInTime && scheduler.time >= this.store.downUntil) this.#lose(push, false);
      resolve(answer);
    });
  }

  /** A process has died, or none can store: what they have just been told is lost. */
  forgetFresh(owner: Owner | null): void {
    const since = this.scheduler.time - 30_000;
    for (const { owner: of, at, phone } of this.#fresh) {
      if (at >= since && (owner === null || owner === of)) this.#lose(phone, true);
    }
  }

  #lose(phone: string | null, isLost: boolean): void {
    for (const prompt of this.truth?.prompts ?? []) if (prompt.phone === phone) prompt.answerLost = isLost;
  }

  async #answer(url: URL, method: string, headers: Headers, body: string): Promise<Response> {
    const { faults } = this;
    if (url.pathname === "/oauth/v1/generate") {
      this.#token++;
      return Response.json({ access_token: `simulated-access-token-of-daraja-${this.#token}`, expires_in: "3599" });
    }
    // Daraja knows only the last token that it gave.
    if (faults.now("token_void")) this.#token++;
    const isKnown = headers.get("authorization") === `Bearer simulated-access-token-of-daraja-${this.#token}`;
    if (!isKnown) return refusal(404, "404.001.03", "Invalid Access Token");
    if (faults.now("daraja_busy")) return refusal(429, "429.001.01", "Too many requests. Spike arrest violation.");
    if (faults.now("daraja_html")) return new Response("<html>", { status: 503 });
    const answer = await this.mpesa.answer(new Request(url, { method, headers, ...(body === "" ? {} : { body }) }));
    return answer ?? refusal(404, "404.001.01", "Resource not found");
  }

  #latency(): number {
    return this.scheduler.world.random.pick([5, 20, 40, 80, 300]);
  }
}

const refusal = (status: number, errorCode: string, errorMessage: string): Response =>
  Response.json({ requestId: "1", errorCode, errorMessage }, { status });

/** The text of a body, read without another thread. */
function textOf(body: BodyInit | null | undefined): string {
  if (body instanceof HostedBlob) return body.parts.join("");
  return typeof body === "string" ? body : "";
}
