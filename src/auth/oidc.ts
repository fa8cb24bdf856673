import type * as oauth from "oauth4webapi";
import type { OidcSettings } from "../config/oidc.ts";
import type { Clock } from "../platform/ports.ts";
import type { Log } from "../telemetry/log.ts";
import { errorText } from "../telemetry/log.ts";

/** The issuer's addresses are read again after this time. */
const FRESH_MS = 10 * 60_000;
const TIMEOUT_MS = 5_000;

/** What the browser keeps between the two halves of signing in. */
export interface OidcAttempt {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface OidcDeps {
  readonly settings: OidcSettings;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly log: Log;
}

/** Signs people in at an issuer: authorization code with PKCE and nonce. The library is loaded at the first use. */
export class Oidc {
  #known: { readonly server: oauth.AuthorizationServer; readonly readAt: number } | null = null;
  constructor(readonly deps: OidcDeps) {}

  get name(): string {
    return this.deps.settings.name;
  }

  /** Where to send the browser, and what it has to bring back. Null: the issuer does not answer. */
  async begin(redirectUri: string): Promise<{ readonly url: string; readonly attempt: OidcAttempt } | null> {
    try {
      const lib = await import("oauth4webapi");
      const server = await this.#server(lib);
      const attempt = {
        state: lib.generateRandomState(),
        nonce: lib.generateRandomNonce(),
        verifier: lib.generateRandomCodeVerifier(),
      };
      const url = new URL(server.authorization_endpoint ?? "");
      const parameters = {
        client_id: this.deps.settings.clientId,
        redirect_uri: redirectUri,
        response_type: "code",
        scope: "openid email",
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await lib.calculatePKCECodeChallenge(attempt.verifier),
        code_challenge_method: "S256",
      };
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
      return { url: url.href, attempt };
    } catch (error) {
      return this.#failed("oidc_unavailable", error);
    }
  }

  /** The e-mail address that the issuer has verified. Null: what came back does not hold. */
  async finish(cameBack: URL, redirectUri: string, attempt: OidcAttempt): Promise<string | null> {
    try {
      const lib = await import("oauth4webapi");
      const server = await this.#server(lib);
      const client = this.#client(lib);
      const { clientSecret } = this.deps.settings;
      const parameters = lib.validateAuthResponse(server, client, cameBack, attempt.state);
      const response = await lib.authorizationCodeGrantRequest(
        server,
        client,
        lib.ClientSecretBasic(clientSecret),
        parameters,
        redirectUri,
        attempt.verifier,
        this.#options(lib),
      );
      const tokens = await lib.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: attempt.nonce,
        requireIdToken: true,
      });
      await lib.validateApplicationLevelSignature(server, response, this.#options(lib));
      const claims = lib.getValidatedIdTokenClaims(tokens);
      return typeof claims?.email === "string" && claims.email_verified === true ? claims.email : null;
    } catch (error) {
      return this.#failed("oidc_refused", error);
    }
  }

  #failed(event: string, error: unknown): null {
    this.deps.log.write("warn", event, { error: errorText(error) });
    return null;
  }

  #client(lib: typeof oauth): oauth.Client {
    const skew = Math.round((this.deps.clock.now() - Date.now()) / 1_000); // the library reads the system's clock
    return { client_id: this.deps.settings.clientId, [lib.clockSkew]: skew };
  }

  #options(lib: typeof oauth) {
    const { settings, fetch } = this.deps;
    return {
      [lib.customFetch]: (url: string, init: object) => fetch(url, init),
      [lib.allowInsecureRequests]: settings.issuer.startsWith("http:"), // the settings allow it in development only
      signal: AbortSignal.timeout(TIMEOUT_MS),
    };
  }

  async #server(lib: typeof oauth): Promise<oauth.AuthorizationServer> {
    const now = this.deps.clock.now();
    if (this.#known !== null && Math.abs(now - this.#known.readAt) < FRESH_MS) return this.#known.server;
    const issuer = new URL(this.deps.settings.issuer);
    const response = await lib.discoveryRequest(issuer, this.#options(lib));
    const server = await lib.processDiscoveryResponse(issuer, response);
    this.#known = { server, readAt: now };
    return server;
  }
}
