/** The answer of a receiver; undefined if it could not be reached in time. */
export type Answer = { readonly status: number; readonly text: string } | undefined;

/** Sends callbacks. Each is sent once, whatever the answer is (daraja.md section 2.4). */
export class Outbox {
  readonly #inFlight = new Set<AbortController>();
  readonly #attempts = new Set<Promise<unknown>>();
  #closed = false;

  constructor(
    private readonly send: (request: Request) => Promise<Response>,
    private readonly timeoutMs: number,
  ) {}

  /** Posts `json`; resolves with the receiver's answer and never throws. */
  async post(url: string, shortcode: string, json: string, timeoutMs: number = this.timeoutMs): Promise<Answer> {
    if (this.#closed) return undefined;
    const controller = new AbortController();
    this.#inFlight.add(controller);
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    const attempt = this.#attempt(url, shortcode, json, controller.signal);
    this.#attempts.add(attempt);
    try {
      return await attempt;
    } finally {
      clearTimeout(timer);
      this.#inFlight.delete(controller);
      this.#attempts.delete(attempt);
    }
  }

  /** Aborts the callbacks that are being sent, and resolves when all have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const controller of this.#inFlight) controller.abort();
    while (this.#attempts.size > 0) await Promise.allSettled([...this.#attempts]);
  }

  async #attempt(url: string, shortcode: string, json: string, signal: AbortSignal): Promise<Answer> {
    try {
      const response = await this.send(
        new Request(url, {
          method: "POST",
          headers: { "content-type": "application/json;charset=UTF-8", "businessshortcode": shortcode },
          body: json,
          redirect: "manual",
          signal,
        }),
      );
      return { status: response.status, text: await response.text() };
    } catch {
      return undefined;
    }
  }
}
