import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

const keys = await generateKeyPair("ES256", { extractable: true });
const stranger = await generateKeyPair("ES256", { extractable: true });

interface Grant {
  readonly nonce: string;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly claims: JWTPayload;
}

/** A small OpenID Connect issuer in this process: discovery, keys, the token endpoint, and the person's consent. */
export class Issuer {
  readonly url = "http://issuer.test";
  readonly clientId = "malipo";
  readonly clientSecret = "issuersecret";
  readonly #codes = new Map<string, Grant>();
  /** Signs with a key that is not published. */
  isForged = false;
  isDown = false;
  constructor(readonly now: () => number) {}

  /** The setting `CONSOLE_OIDC` for it. */
  static readonly setting = JSON.stringify({
    issuer: "http://issuer.test",
    client_id: "malipo",
    client_secret: "issuersecret",
    name: "Example",
  });

  /** What a person does there: signs in and agrees. Answers the address to which the browser is sent back. */
  consent(authorizeUrl: string, claims: JWTPayload): string {
    const asked = new URL(authorizeUrl).searchParams;
    const code = crypto.randomUUID();
    const redirectUri = asked.get("redirect_uri") ?? "";
    this.#codes.set(code, {
      nonce: asked.get("nonce") ?? "",
      challenge: asked.get("code_challenge") ?? "",
      redirectUri,
      claims,
    });
    return `${redirectUri}?${new URLSearchParams({ code, state: asked.get("state") ?? "", iss: this.url })}`;
  }

  /** Answers what the service asks of the issuer; null for anything else. */
  async answer(request: Request): Promise<Response | null> {
    const { origin, pathname } = new URL(request.url);
    if (origin !== this.url) return null;
    if (this.isDown) return new Response("down", { status: 503 });
    switch (pathname) {
      case "/.well-known/openid-configuration":
        return Response.json({
          issuer: this.url,
          authorization_endpoint: `${this.url}/authorize`,
          token_endpoint: `${this.url}/token`,
          jwks_uri: `${this.url}/jwks`,
          authorization_response_iss_parameter_supported: true,
          id_token_signing_alg_values_supported: ["ES256"],
        });
      case "/jwks":
        return Response.json({ keys: [{ ...await exportJWK(keys.publicKey), kid: "k1", alg: "ES256", use: "sig" }] });
      case "/token":
        return await this.#token(request);
      default:
        return new Response("not found", { status: 404 });
    }
  }

  async #token(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const grant = this.#codes.get(form.get("code") ?? "");
    this.#codes.delete(form.get("code") ?? "");
    const verifier = new TextEncoder().encode(form.get("code_verifier") ?? "");
    const challenge = new Uint8Array(await crypto.subtle.digest("SHA-256", verifier))
      .toBase64({ alphabet: "base64url", omitPadding: true });
    const isClient = request.headers.get("authorization") === `Basic ${btoa(`${this.clientId}:${this.clientSecret}`)}`;
    const fits = grant !== undefined && isClient && grant.challenge === challenge &&
      grant.redirectUri === form.get("redirect_uri");
    if (!fits) return Response.json({ error: "invalid_grant" }, { status: 400 });
    const seconds = Math.floor(this.now() / 1000);
    const token = await new SignJWT({ nonce: grant.nonce, ...grant.claims })
      .setProtectedHeader({ alg: "ES256", kid: "k1" })
      .setIssuer(this.url).setAudience(this.clientId).setSubject("s1").setIssuedAt(seconds).setExpirationTime(
        seconds + 300,
      )
      .sign(this.isForged ? stranger.privateKey : keys.privateKey);
    return Response.json({ access_token: "x", token_type: "Bearer", id_token: token });
  }
}
