/** What a receiver answered; undefined when it could not be reached in time. */
export type Answer = { readonly status: number; readonly text: string } | undefined;

/** Sends callbacks: each once, never again whatever the answer (daraja.md section 2.4). */
export class Outbox {
  readonly #flying = new Set<AbortController>();
  readonly #settled = new Set<Promise<unknown>>();
  #closed = false;

  constructor(
    private readonly send: (request: Request) => Promise<Response>,
    private readonly timeoutMs: number,
  ) {}

  /** Posts `json`; resolves with the receiver's answer and never throws. */
  async post(url: string, shortcode: string, json: string, timeoutMs: number = this.timeoutMs): Promise<Answer> {
    if (this.#closed) return undefined;
    const controller = new AbortController();
    this.#flying.add(controller);
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    const attempt = this.#attempt(url, shortcode, json, controller.signal);
    this.#settled.add(attempt);
    try {
      return await attempt;
    } finally {
      clearTimeout(timer);
      this.#flying.delete(controller);
      this.#settled.delete(attempt);
    }
  }

  /** Aborts what is on its way and resolves when all of it has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const controller of this.#flying) controller.abort();
    while (this.#settled.size > 0) await Promise.allSettled([...this.#settled]);
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
