import { type Answer, errorOf, readAnswer } from "./answer.ts";
import { isMalipoError, MalipoError } from "./error.ts";
import { type RetryPlan, withRetries } from "./retry.ts";
import { decodeJwtPart } from "./jwt.ts";
import { type Credentials, readSettings } from "./settings.ts";
import { Dpop } from "./proof.ts";
import { withTimeout } from "./time.ts";
import { readToken, tokenRequest, TokenSource } from "./token.ts";

/** One try of a request. It holds no secret, no body and no query. */
export interface CallLog {
  readonly method: string;
  readonly path: string;
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;
  readonly ms: number;
  /** Of the service; quote it when you ask for help. */
  readonly requestId: string | undefined;
}

/** The options of {@link Malipo}. */
export interface MalipoOptions extends Credentials {
  /** The secrets of your webhook endpoint, for {@link Malipo.webhooks}. Or `MALIPO_WEBHOOK_SECRETS`, separated by commas. */
  readonly webhookSecrets?: string | readonly string[];
  /** Is called after each try of a request, such as `(call) => console.log(JSON.stringify(call))`. */
  readonly logger?: (call: CallLog) => void;
  /**
   * Binds the tokens to a key, and sends a proof of it with each request (DPoP, RFC 9449): `true` makes a key, or give your
   * own. `baseUrl` must be the public address of the service.
   */
  readonly dpop?: boolean | CryptoKeyPair;
  /** The scopes to ask for, separated by spaces. Default: all scopes of the client. */
  readonly scope?: string;
  /** The time limit of one try, in ms. Default: 30,000. */
  readonly timeoutMs?: number;
  /** The most retries of a call after a transient error. Default: 4. */
  readonly retries?: number;
  /** The longest wait before the first retry, in ms. Default: 500. It doubles each time, up to 20 s. */
  readonly backoffMs?: number;
  /** Default: the platform's `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** Options of every call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** Options of a call that changes something. */
export interface ChangeOptions extends CallOptions {
  /**
   * One key for each thing that you want done. Default: the call makes a key and keeps it for its retries. If you give a
   * key that you have stored, for example one made from the order number, you can also retry after a crash of your own.
   */
  readonly idempotencyKey?: string;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The body of a request, and its media type. */
interface Content {
  readonly bytes: string | Uint8Array<ArrayBuffer>;
  readonly type: string;
}

const jsonOf = (body: unknown): Content | undefined =>
  body === undefined ? undefined : { bytes: JSON.stringify(body), type: "application/json" };

function withQuery(path: string, query: Query): string {
  const asked = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
  return search === "" ? path : `${path}?${search}`;
}

/** The body of a successful answer. Any other answer is thrown as an error. */
function bodyOf<T>(answer: Answer, key: string | undefined): T {
  if (answer.status < 200 || answer.status > 299) throw errorOf(answer, key);
  if (answer.body === undefined && answer.status !== 204) throw errorOf(answer, key);
  const waiting = answer.status === 202 ? changeRequestIn(answer.body) : undefined;
  if (waiting !== undefined) {
    throw new MalipoError(`change_proposed: ${waiting} waits until a second person confirms it`, {
      code: "change_proposed",
      status: answer.status,
      idempotencyKey: key,
      changeRequest: waiting,
    });
  }
  return answer.body as T; // by the document
}

/** The id of a change request that stands in the place of the answer. */
function changeRequestIn(body: unknown): string | undefined {
  const { id } = Object(body) as { readonly id?: unknown };
  return typeof id === "string" && id.startsWith("chg_") ? id : undefined;
}

/** Sends requests with an access token, an idempotency key, a time limit and retries. */
export class Transport {
  readonly #base: string;
  readonly #fetch: (request: Request) => Promise<Response>;
  readonly #timeoutMs: number;
  readonly #plan: RetryPlan;
  readonly #tokens: TokenSource;
  readonly #log: (call: CallLog) => void;
  readonly #dpop: Dpop | undefined;

  constructor(options: MalipoOptions) {
    const settings = readSettings(options);
    const { dpop: bound = false, clientKey, scope } = options;
    this.#base = settings.baseUrl;
    this.#dpop = bound === false ? undefined : new Dpop(bound === true ? undefined : bound);
    this.#log = options.logger ?? (() => {});
    this.#fetch = options.fetch ?? ((request) => fetch(request));
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#plan = { retries: options.retries ?? 4, firstMs: options.backoffMs ?? 500, longestMs: 20_000 };
    this.#tokens = new TokenSource(() =>
      this.#exchange(() => tokenRequest(settings, { scope, clientKey, dpop: this.#dpop }), undefined, readToken)
    );
  }

  /** GET. */
  get<T>(path: string, query: Query = {}, { signal }: CallOptions = {}): Promise<T> {
    return this.#call<T>("GET", withQuery(path, query), undefined, undefined, signal);
  }

  /** GET without an access token. */
  getPublic<T>(path: string, { signal }: CallOptions = {}): Promise<T> {
    return withRetries(this.#plan, signal, async () => {
      const request = () => new Request(this.#base + path, { headers: { accept: "application/json" } });
      return bodyOf<T>(await this.#exchange(request, signal, readAnswer), undefined);
    });
  }

  /** The issuer and the merchant in the access token of this client. */
  async identity({ signal }: CallOptions = {}): Promise<{ issuer: string; merchant: string }> {
    const token = await withRetries(this.#plan, signal, () => this.#tokens.get(signal));
    const { iss, merchant } = decodeJwtPart(token.split(".")[1] ?? "");
    return { issuer: String(iss), merchant: String(merchant) };
  }

  /** POST, with an idempotency key. */
  post<T>(path: string, body?: unknown, { signal, idempotencyKey }: ChangeOptions = {}): Promise<T> {
    return this.#call<T>("POST", path, jsonOf(body), idempotencyKey ?? crypto.randomUUID(), signal);
  }

  /** POST of a file, with an idempotency key. `type` is its media type. */
  postFile<T>(
    path: string,
    query: Query,
    { bytes, type }: Content,
    { signal, idempotencyKey }: ChangeOptions = {},
  ): Promise<T> {
    return this.#call<T>(
      "POST",
      withQuery(path, query),
      { bytes, type },
      idempotencyKey ?? crypto.randomUUID(),
      signal,
    );
  }

  /** PATCH. It needs no key, because repeating it has the same result. */
  patch<T>(path: string, body: unknown, { signal }: CallOptions = {}): Promise<T> {
    return this.#call<T>("PATCH", path, jsonOf(body), undefined, signal);
  }

  /** DELETE. */
  delete<T>(path: string, { signal }: CallOptions = {}): Promise<T> {
    return this.#call<T>("DELETE", path, undefined, undefined, signal);
  }

  async #call<T>(
    method: string,
    path: string,
    content: Content | undefined,
    key: string | undefined,
    signal?: AbortSignal,
  ): Promise<T> {
    const attempt = async (renewing: boolean): Promise<Answer> => {
      const token = await this.#tokens.get(signal);
      const answer = await this.#exchange(
        () => this.#request(method, path, content, token, key),
        signal,
        readAnswer,
        key,
      );
      if (answer.status !== 401 || !renewing) return answer;
      this.#tokens.discard(token);
      return await attempt(false);
    };
    return await withRetries(this.#plan, signal, async () => bodyOf<T>(await attempt(true), key));
  }

  async #request(
    method: string,
    path: string,
    content: Content | undefined,
    token: string,
    key: string | undefined,
  ): Promise<Request> {
    const scheme = this.#dpop === undefined ? "Bearer" : "DPoP";
    const headers = new Headers({ "authorization": `${scheme} ${token}`, "accept": "application/json" });
    if (this.#dpop !== undefined) headers.set("dpop", await this.#dpop.proof(method, this.#base + path, token));
    if (content !== undefined) headers.set("content-type", content.type);
    if (key !== undefined) headers.set("idempotency-key", key);
    return new Request(this.#base + path, {
      method,
      headers,
      ...(content === undefined ? {} : { body: content.bytes }),
    });
  }

  /** One try, with the body read to its end: an interrupted body is also a `network_error`. */
  async #exchange<T>(
    make: () => Request | Promise<Request>,
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<T>,
    key?: string,
  ): Promise<T> {
    const request = await make(); // wrong options throw here, and are not retried
    const startedAt = Date.now();
    const log = (status: number, requestId?: string) => {
      const { method, url } = request;
      this.#log({ method, path: new URL(url).pathname, status, ms: Date.now() - startedAt, requestId });
    };
    try {
      return await withTimeout(this.#timeoutMs, signal, async (limit) => {
        const response = await this.#fetch(new Request(request, { signal: limit }));
        log(response.status, response.headers.get("request-id") ?? undefined);
        return await read(response);
      });
    } catch (cause) {
      if (!isMalipoError(cause)) log(0);
      if (signal?.aborted) throw signal.reason;
      if (isMalipoError(cause)) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new MalipoError(`network_error: ${request.method} ${new URL(request.url).pathname}: ${why}`, {
        code: "network_error",
        idempotencyKey: key,
        cause,
      });
    }
  }
}
