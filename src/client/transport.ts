import { type Answer, errorOf, readAnswer } from "./answer.ts";
import { isMalipoError, MalipoError } from "./error.ts";
import { type RetryPlan, withRetries } from "./retry.ts";
import { decodeJwtPart } from "./jwt.ts";
import { withTimeout } from "./time.ts";
import { readToken, tokenRequest, TokenSource } from "./token.ts";

/** What a {@link Malipo} is made with. */
export interface MalipoOptions {
  readonly clientId: string;
  /** Keep it on your server: who has it can act as you. */
  readonly clientSecret: string;
  /** The service's address, such as `https://pay.shop.example`. */
  readonly baseUrl: string | URL;
  /** Scopes to ask for, with spaces between; all that the client has without it. */
  readonly scope?: string;
  /** How long one try may take, in ms; 30,000 without it. */
  readonly timeoutMs?: number;
  /** How often a call is repeated at most when its failure may pass; 4 without it. */
  readonly retries?: number;
  /** The wait before the first repetition at most, in ms; 500 without it. Doubled each time, up to 20 s. */
  readonly backoffMs?: number;
  /** The platform's `fetch` without it. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** What any call can be given. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** What a call that changes something can be given. */
export interface ChangeOptions extends CallOptions {
  /**
   * One for each intent. Without it the call makes one and keeps it through its own retries; give one that you have
   * stored, such as one made of the order number, and a crash of yours between two tries does no harm either.
   */
  readonly idempotencyKey?: string;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** What a success holds. */
function bodyOf<T>(answer: Answer, key: string | undefined): T {
  if (answer.status < 200 || answer.status > 299) throw errorOf(answer, key);
  if (answer.body === undefined && answer.status !== 204) throw errorOf(answer, key);
  return answer.body as T; // by the document
}

/** Sends calls: with a token, a key, a time limit, and again where that may help. */
export class Transport {
  readonly #base: string;
  readonly #fetch: (request: Request) => Promise<Response>;
  readonly #timeoutMs: number;
  readonly #plan: RetryPlan;
  readonly #tokens: TokenSource;

  constructor(options: MalipoOptions) {
    this.#base = String(options.baseUrl).replace(/\/+$/, "");
    this.#fetch = options.fetch ?? ((request) => fetch(request));
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#plan = { retries: options.retries ?? 4, firstMs: options.backoffMs ?? 500, longestMs: 20_000 };
    const { clientId, clientSecret, scope } = options;
    this.#tokens = new TokenSource(() =>
      this.#exchange(() => tokenRequest(this.#base, clientId, clientSecret, scope), undefined, readToken)
    );
  }

  /** Reads. */
  get<T>(path: string, query: Query = {}, { signal }: CallOptions = {}): Promise<T> {
    const asked = Object.entries(query).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
    const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)])).toString();
    return this.#call<T>("GET", search === "" ? path : `${path}?${search}`, undefined, undefined, signal);
  }

  /** Reads what needs no token. */
  getPublic<T>(path: string, { signal }: CallOptions = {}): Promise<T> {
    return withRetries(this.#plan, signal, async () => {
      const request = () => new Request(this.#base + path, { headers: { accept: "application/json" } });
      return bodyOf<T>(await this.#exchange(request, signal, readAnswer), undefined);
    });
  }

  /** Who this client is, by its own access token: the service that issued it, and the merchant. */
  async identity({ signal }: CallOptions = {}): Promise<{ issuer: string; merchant: string }> {
    const token = await withRetries(this.#plan, signal, () => this.#tokens.get(signal));
    const { iss, merchant } = decodeJwtPart(token.split(".")[1] ?? "");
    return { issuer: String(iss), merchant: String(merchant) };
  }

  /** Changes, under a key. */
  post<T>(path: string, body?: unknown, { signal, idempotencyKey }: ChangeOptions = {}): Promise<T> {
    return this.#call<T>("POST", path, body, idempotencyKey ?? crypto.randomUUID(), signal);
  }

  /** Sets fields to values: doing so twice is doing so once. */
  patch<T>(path: string, body: unknown, { signal }: CallOptions = {}): Promise<T> {
    return this.#call<T>("PATCH", path, body, undefined, signal);
  }

  /** Removes. */
  delete<T>(path: string, { signal }: CallOptions = {}): Promise<T> {
    return this.#call<T>("DELETE", path, undefined, undefined, signal);
  }

  async #call<T>(
    method: string,
    path: string,
    body: unknown,
    key: string | undefined,
    signal?: AbortSignal,
  ): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const attempt = async (renewing: boolean): Promise<Answer> => {
      const token = await this.#tokens.get(signal);
      const answer = await this.#exchange(
        () => this.#request(method, path, text, token, key),
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

  #request(method: string, path: string, body: string | undefined, token: string, key: string | undefined): Request {
    const headers = new Headers({ "authorization": `Bearer ${token}`, "accept": "application/json" });
    if (body !== undefined) headers.set("content-type", "application/json");
    if (key !== undefined) headers.set("idempotency-key", key);
    return new Request(this.#base + path, { method, headers, ...(body === undefined ? {} : { body }) });
  }

  /** One try. A body that breaks off is no answer either. */
  async #exchange<T>(
    make: () => Request,
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<T>,
    key?: string,
  ): Promise<T> {
    const request = make(); // what is wrong with the options shows here, and is not tried again
    try {
      return await withTimeout(this.#timeoutMs, signal, async (limit) => {
        return await read(await this.#fetch(new Request(request, { signal: limit })));
      });
    } catch (cause) {
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
