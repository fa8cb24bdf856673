import { undocumentedStatus, validateAgainstDocument } from "./document.ts";

/** A call's extras. `raw` replaces the JSON of the body; `client` picks whose token is sent, null sends none. */
export interface CallOptions {
  readonly client?: Client | null;
  readonly token?: string;
  /** The Idempotency-Key; POSTs get a fresh one when it is absent, none when it is null. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly raw?: string | Uint8Array<ArrayBuffer>;
}

/** An answer; `body` is the parsed JSON, the text where it is none. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A problem+json body. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly request_id: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The clients of the development seed. */
export const seededSecrets = {
  cli_demo: "demo-secret",
  cli_approver: "approver-secret",
  cli_treasurer: "treasurer-secret",
  cli_operator: "operator-secret",
  cli_other: "other-secret",
  cli_platform: "platform-secret",
} as const;
export type Client = keyof typeof seededSecrets;

export type Send = (request: Request) => Promise<Response>;

const TOKEN_KEPT_MS = 9 * 60_000;

/** Calls the API: over the network or straight into the app, as `send` does. */
export class ApiClient {
  readonly #tokens = new Map<string, { token: Promise<string>; at: number }>();
  constructor(readonly base: () => string, readonly send: Send, readonly now: () => number) {}

  /** One call, as `cli_demo` unless told. `T` is what the test expects of the body. */
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    options: CallOptions = {},
  ): Promise<Answer<T>> {
    const headers = new Headers();
    const client = options.client === undefined ? "cli_demo" : options.client;
    const token = options.token ?? (client === null ? null : await this.token(client));
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    const key = options.key === undefined && method === "POST" ? crypto.randomUUID() : options.key ?? null;
    if (key !== null) headers.set("idempotency-key", key);
    const text = options.raw ?? (body === undefined ? null : JSON.stringify(body));
    if (text !== null) headers.set("content-type", "application/json");
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      if (value === "") headers.delete(name);
      else headers.set(name, value);
    }
    const bytes = text === null ? null : typeof text === "string" ? new TextEncoder().encode(text) : text; // as bytes, fetch adds no type of its own
    return await this.request<T>(new Request(this.base() + path, { method, headers, body: bytes }));
  }

  /** Any request. */
  async request<T>(request: Request): Promise<Answer<T>> {
    const response = await this.send(request);
    const text = await response.text();
    const json = /^application\/(\w+\+)?json/.test(response.headers.get("content-type") ?? "");
    const undocumented = undocumentedStatus(request.method, new URL(request.url).pathname, response.status);
    if (undocumented !== null) throw new Error(undocumented);
    if (json) {
      validateAgainstDocument(request.method, new URL(request.url).pathname, response.status, JSON.parse(text));
    }
    // what a test expects is checked by its assertions
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
  }

  /** An access token, kept while it lives. `scope` asks for less than all. */
  token(client: Client = "cli_demo", scope = ""): Promise<string> {
    const name = `${client} ${scope}`;
    const known = this.#tokens.get(name);
    if (known !== undefined && this.now() - known.at < TOKEN_KEPT_MS) return known.token;
    const token = this.#newToken(client, scope);
    this.#tokens.set(name, { token, at: this.now() });
    return token;
  }

  async #newToken(client: Client, scope: string): Promise<string> {
    const form = new URLSearchParams({ grant_type: "client_credentials", ...(scope === "" ? {} : { scope }) });
    const { status, body } = await this.request<{ access_token: string }>(
      new Request(`${this.base()}/oauth/token`, {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${client}:${seededSecrets[client]}`)}` },
        body: form,
      }),
    );
    if (status !== 200) throw new Error(`no token for ${client}: ${status} ${JSON.stringify(body)}`);
    return body.access_token;
  }
}
