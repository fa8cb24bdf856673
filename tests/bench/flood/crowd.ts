/** How one buyer fared. */
export interface Bought {
  readonly status: number;
  readonly id: string | null;
  /** How often it was turned away before. */
  readonly refused: number;
}

const TRIES = 60;
const TICK_MS = 100;
/** Storefronts that speak HTTP/2: a connection carries many calls, as behind a load balancer. */
const STOREFRONTS = 100;

/** Many buyers at one API, whose storefronts come again, with the same key, when they are told to. */
export class Crowd {
  readonly #clients = Array.from(
    { length: STOREFRONTS },
    () => Deno.createHttpClient({ http1: false, http2: true }),
  );
  #bought = 0;
  #turnedAway = 0;
  constructor(readonly url: string, readonly token: string) {}

  /** So many buyers, as fast as they are let in: more and more a second, fewer once some are turned away. */
  async buy(count: number): Promise<readonly Bought[]> {
    const buyers: Promise<Bought>[] = [];
    for (let aSecond = 300; buyers.length < count;) {
      const before = this.#turnedAway;
      const come = Math.min(count - buyers.length, Math.ceil(aSecond * TICK_MS / 1000));
      for (let i = 0; i < come; i++) buyers.push(this.#buy());
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      aSecond = this.#turnedAway > before ? Math.max(100, aSecond * 0.7) : Math.min(2_000, aSecond * 1.05);
    }
    return await Promise.all(buyers);
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  async #buy(): Promise<Bought> {
    const n = this.#bought++;
    const phone = `2547${String(n % 10_000).padStart(4, "0")}5678`;
    const body = JSON.stringify({ amount: 1_000, currency: "KES", reference: `flood-${n}`, phone_number: phone });
    const headers = {
      authorization: `Bearer ${this.token}`,
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
    };
    const client = this.#clients[n % STOREFRONTS];
    const init = { method: "POST", headers, body, ...(client === undefined ? {} : { client }) };
    for (let refused = 0;; refused++) {
      const { status, text, waitS } = await this.#post(init);
      if (waitS === 0 || refused === TRIES) {
        return { status, id: /^\{"id":"(chk_\w+)"/.exec(text)?.[1] ?? null, refused };
      }
      this.#turnedAway++;
      await new Promise((resolve) => setTimeout(resolve, waitS * 1000 * (1 + Math.random())));
    }
  }

  /** One try; `waitS` above 0 asks to come again after so long. Status 0: the connection was cut. */
  async #post(init: RequestInit): Promise<{ status: number; text: string; waitS: number }> {
    try {
      const response = await fetch(`${this.url}/v1/checkouts`, init);
      const waitS = response.status < 400 ? 0 : Number(response.headers.get("retry-after") ?? 0);
      return { status: response.status, text: await response.text(), waitS };
    } catch {
      return { status: 0, text: "", waitS: 0 };
    }
  }
}
