import { errorOf, readAnswer } from "./answer.ts";
import { MalipoError } from "./error.ts";
import { assertionFields, type ClientKey, type Dpop } from "./proof.ts";
import type { Settings } from "./settings.ts";
import { abortable } from "./time.ts";

/** A token is not used in its last 30 s, because it could expire while the request is on its way. */
const EXPIRY_MARGIN_MS = 30_000;

/** Keeps one access token. If several calls need a new one, it is fetched once. */
export class TokenSource {
  #current: { readonly token: string; readonly until: number } | undefined;
  #fetching: Promise<string> | undefined;
  constructor(readonly issue: () => Promise<{ token: string; expiresInSeconds: number }>) {}

  /** A valid token. Errors: the errors of the token endpoint. */
  get(signal?: AbortSignal): Promise<string> {
    const current = this.#current;
    if (current !== undefined && Date.now() < current.until) return Promise.resolve(current.token);
    this.#fetching ??= this.#fetch().finally(() => this.#fetching = undefined);
    return abortable(this.#fetching, signal); // an abort by one caller does not stop the fetch for the others
  }

  /** Discards a token that was refused, unless it was replaced in the meantime. */
  discard(token: string): void {
    if (this.#current?.token === token) this.#current = undefined;
  }

  async #fetch(): Promise<string> {
    const { token, expiresInSeconds } = await this.issue();
    const lives = expiresInSeconds * 1000;
    this.#current = { token, until: Date.now() + Math.max(lives / 2, lives - EXPIRY_MARGIN_MS) };
    return token;
  }
}

/** How a client proves itself when it asks for a token. */
export interface TokenAsk {
  readonly scope: string | undefined;
  readonly clientKey: ClientKey | undefined;
  readonly dpop: Dpop | undefined;
}

/**
 * A request for a token (RFC 6749 client credentials), with a secret or with an assertion. A secret is form-encoded within
 * Basic (RFC 6749, section 2.3.1). With DPoP the token is bound to the key of the proof.
 */
export async function tokenRequest(
  { baseUrl, clientId, clientSecret }: Settings,
  { scope, clientKey, dpop }: TokenAsk,
): Promise<Request> {
  const url = `${baseUrl}/oauth/token`;
  const encode = (text: string) => encodeURIComponent(text).replaceAll("%20", "+");
  const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" });
  if (clientKey === undefined) {
    headers.set("authorization", `Basic ${btoa(`${encode(clientId)}:${encode(clientSecret)}`)}`);
  }
  if (dpop !== undefined) headers.set("dpop", await dpop.proof("POST", url));
  const fields = {
    grant_type: "client_credentials",
    ...(scope === undefined ? {} : { scope }),
    ...(clientKey === undefined ? {} : await assertionFields(clientKey, clientId, url)),
  };
  return new Request(url, { method: "POST", headers, body: new URLSearchParams(fields).toString() });
}

/** Reads the answer of the token endpoint. */
export async function readToken(response: Response): Promise<{ token: string; expiresInSeconds: number }> {
  const answer = await readAnswer(response);
  if (answer.status !== 200) throw errorOf(answer, undefined);
  const { access_token: token, expires_in: expires } = (answer.body ?? {}) as Record<string, unknown>; // checked below
  if (typeof token === "string" && typeof expires === "number") return { token, expiresInSeconds: expires };
  throw new MalipoError("The token endpoint answered without a token.", {
    code: "unexpected_answer",
    status: answer.status,
  });
}
