import { publicUrl } from "../support/in-process.ts";
import type { World } from "./world.ts";

/** An answer of the API; `body` is the parsed JSON. */
export interface Answer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- outside data; each reader names the fields that it reads
  readonly body: any;
}

/** The secret that the model's clients share with the seeded one whose row they copy. */
const SECRET = "demo-secret";
const TOKEN_KEPT_MS = 8 * 60_000;

/** Calls the service as the model's own clients do. An answer of 5xx is an error of the service. */
export class Api {
  readonly #tokens = new Map<string, { readonly token: string; readonly at: number }>();
  readonly failures: string[] = [];
  constructor(readonly world: World) {}

  async call(client: string, method: string, path: string, body?: unknown): Promise<Answer> {
    return await this.#send(client, method, path, body === undefined ? null : JSON.stringify(body), "application/json");
  }

  /** Uploads a statement. */
  async upload(client: string, path: string, csv: string): Promise<Answer> {
    return await this.#send(client, "POST", path, csv, "text/csv");
  }

  async #send(client: string, method: string, path: string, body: string | null, type: string): Promise<Answer> {
    const headers: Record<string, string> = { authorization: `Bearer ${await this.#token(client)}` };
    if (body !== null) headers["content-type"] = type;
    if (method === "POST") headers["idempotency-key"] = crypto.randomUUID();
    const response = await this.world.send(new Request(publicUrl + path, { method, headers, body }));
    const text = await response.text();
    if (response.status >= 500) this.failures.push(`${method} ${path.replaceAll(/[a-z]{3}_\w{26}/g, "…")}: ${text}`);
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  }

  async #token(client: string): Promise<string> {
    const now = this.world.now();
    const known = this.#tokens.get(client);
    if (known !== undefined && now - known.at < TOKEN_KEPT_MS) return known.token;
    const response = await this.world.send(
      new Request(`${publicUrl}/oauth/token`, {
        method: "POST",
        headers: {
          authorization: `Basic ${btoa(`${client}:${SECRET}`)}`,
          "content-type": "application/x-www-form-urlencoded",
        },
        body: "grant_type=client_credentials",
      }),
    );
    if (response.status !== 200) throw new Error(`no token: ${response.status} ${await response.text()}`);
    const { access_token: token } = await response.json();
    this.#tokens.set(client, { token, at: now });
    return token;
  }
}
