import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import { Webhook } from "standardwebhooks";
import { z } from "zod";

/** What the demo shop needs to call Malipo. It uses the public API, as any storefront does. */
export interface ShopOptions {
  /** The origin of the shop. It is also Malipo's, because one process serves both. */
  readonly shopUrl: string;
  readonly simulatorUrl: string;
  readonly credentials: { readonly id: string; readonly secret: string };
  /** Sends a request to Malipo's app. */
  call(request: Request): Promise<Response>;
}

const grant = z.object({ access_token: z.string(), expires_in: z.number() });
const checkout = z.object({ id: z.string(), status: z.string(), hosted_url: z.string() });
const event = z.object({ id: z.string(), type: z.string(), subject: z.string(), created_at: z.string() });
const endpoint = z.object({ id: z.string(), url: z.string() });
const secret = z.object({ secret: z.string() });

export type ShopEvent = z.infer<typeof event> & { readonly delivered: boolean };

/** The signed result in the URL by which a shopper returns to the shop. */
export interface CheckoutResult {
  readonly checkout: string;
  readonly status: string;
  readonly reference: string;
}

const DELIVERIES_KEPT = 200;

/** The demo shop's server side: calls the API and receives webhooks. It keeps its state in memory only. */
export class Shop {
  #token: { readonly text: string; readonly until: number } | null = null;
  #subscribed: Promise<Webhook | null> | null = null;
  readonly #delivered = new Set<string>();
  constructor(readonly options: ShopOptions) {}

  /** Creates a checkout over `amount` cents. Returns the URL of its hosted page. */
  async checkOut(amount: number): Promise<string> {
    const { hosted_url } = checkout.parse(
      await this.#api("POST", "/v1/checkouts", {
        amount,
        currency: "KES",
        reference: `demo-${Date.now().toString(36)}`,
        description: "Demo order",
        return_url: `${this.options.shopUrl}/demo/thanks`,
      }),
    );
    return hosted_url;
  }

  /** Reads a checkout by `GET /v1/checkouts/{id}`. */
  async statusOf(id: string): Promise<z.infer<typeof checkout>> {
    return checkout.parse(await this.#api("GET", `/v1/checkouts/${encodeURIComponent(id)}`));
  }

  /** The result in the query of the return URL. Null if Malipo did not sign it for this shop. */
  async verify(query: URLSearchParams): Promise<CheckoutResult | null> {
    try {
      const keys: JSONWebKeySet = await (await this.options.call(this.#request("/.well-known/jwks.json"))).json();
      const { payload } = await jwtVerify(query.get("signature") ?? "", createLocalJWKSet(keys), {
        algorithms: ["EdDSA"],
        typ: "result+jwt",
        issuer: this.options.shopUrl,
        audience: String(decodeJwt(await this.#accessToken()).merchant),
        subject: query.get("checkout") ?? "",
      });
      return { checkout: String(payload.sub), status: String(payload.status), reference: String(payload.reference) };
    } catch {
      return null;
    }
  }

  /** The latest events, newest first; `delivered` where the webhook of the event has arrived. */
  async events(limit: number): Promise<ShopEvent[]> {
    const page = z.object({ data: z.array(event) }).parse(await this.#api("GET", `/v1/events?limit=${limit}`));
    return page.data.map((e) => ({ ...e, delivered: this.#delivered.has(e.id) }));
  }

  /** Receives a webhook. False if Malipo did not sign it with this shop's secret. */
  async receive(body: string, headers: Headers): Promise<boolean> {
    const webhook = await this.#subscribed;
    try {
      webhook?.verify(body, Object.fromEntries(headers));
    } catch {
      return false;
    }
    const id = headers.get("webhook-id");
    if (!webhook || id === null) return false;
    this.#delivered.add(id);
    for (const old of [...this.#delivered].slice(0, -DELIVERIES_KEPT)) this.#delivered.delete(old);
    return true;
  }

  /** Registers the shop's webhook endpoint, once. False if Malipo refused it. */
  async subscribe(): Promise<boolean> {
    this.#subscribed ??= this.#registerEndpoint().catch(() => null);
    return await this.#subscribed !== null;
  }

  async #registerEndpoint(): Promise<Webhook> {
    const url = `${this.options.shopUrl}/demo/webhook`;
    const known = z.object({ data: z.array(endpoint) }).parse(
      await this.#api("GET", "/v1/webhook-endpoints?limit=100"),
    );
    const mine = known.data.find((e) => e.url === url);
    const answer = mine === undefined
      ? await this.#api("POST", "/v1/webhook-endpoints", { url, events: ["*"], description: "Demo shop" })
      : await this.#api("POST", `/v1/webhook-endpoints/${mine.id}/rotate-secret`); // the old one is lost
    return new Webhook(secret.parse(answer).secret);
  }

  async #api(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.options.call(this.#request(path, {
      method,
      headers: {
        authorization: `Bearer ${await this.#accessToken()}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(method === "POST" ? { "idempotency-key": crypto.randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }));
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async #accessToken(): Promise<string> {
    if (this.#token !== null && Date.now() < this.#token.until) return this.#token.text;
    const { id, secret } = this.options.credentials;
    const response = await this.options.call(this.#request("/oauth/token", {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    }));
    const { access_token, expires_in } = grant.parse(await response.json());
    this.#token = { text: access_token, until: Date.now() + (expires_in - 30) * 1000 };
    return access_token;
  }

  #request(path: string, init: RequestInit = {}): Request {
    return new Request(this.options.shopUrl + path, init);
  }
}
