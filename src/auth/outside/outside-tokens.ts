import { decodeJwt, errors, type JWTPayload, jwtVerify } from "jose";
import type { OutsideIssuer } from "../../config/issuers.ts";
import { sha256 } from "../../crypto/hash.ts";
import { createLru } from "../../lib/lru.ts";
import type { Clock } from "../../platform/ports.ts";
import { errorText, type Log } from "../../telemetry/log.ts";
import { Problem } from "../../problems/problem.ts";
import { isScope, type Scope } from "../scopes.ts";
import { type Principal, thumbprintOf, TokenError } from "../tokens.ts";
import { IssuerKeys, IssuerUnavailable } from "./issuer-keys.ts";
import type { OutsideSubjects } from "./outside-subjects.ts";

const MAX_TOKEN_LENGTH = 8_192;
const MAX_SUBJECT_LENGTH = 255;
const TOLERANCE_SECONDS = 5;
const CACHE_SIZE = 2_000;
/** So long a verified token is believed without its signature: a key that the issuer has removed counts no longer. */
const BELIEVED_MS = 5 * 60_000;

export interface OutsideTokenParts {
  readonly issuers: readonly OutsideIssuer[];
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly log: Log;
  readonly subjects: Pick<OutsideSubjects, "idOf">;
}

/** What a verified token says, before its subject is looked up. */
interface Claims {
  readonly subject: string;
  readonly merchantId: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly tokenId: string;
  readonly keyThumbprint: string | null;
  readonly expiresAt: number;
}

interface Source {
  readonly settings: OutsideIssuer;
  readonly keys: IssuerKeys;
}

/** Verifies access tokens of the issuers of `AUTH_ISSUERS`, by the rules of RFC 8725 and RFC 9068 (ADR 0038). */
export class OutsideTokens {
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #verified = createLru<string, { readonly claims: Claims; readonly until: number }>(CACHE_SIZE);
  constructor(readonly parts: OutsideTokenParts) {
    const { issuers, fetch: send, clock, log } = parts;
    this.#sources = new Map(issuers.map((settings) => {
      const failed = (error: unknown) =>
        log.write("warn", "issuer_unavailable", { issuer: settings.issuer, error: errorText(error) });
      return [settings.issuer, { settings, keys: new IssuerKeys(settings.jwksUrl, send, clock, failed) }];
    }));
  }

  /** Whether a token says that it is from one of the issuers. Nothing is proven by it. */
  isFrom(token: string): boolean {
    return this.#sources.size > 0 && this.#sourceOf(token) !== null;
  }

  /** Errors: {@link TokenError}; the problem `issuer_unavailable` where the issuer's keys can't be read. */
  async verify(token: string): Promise<Principal> {
    const source = this.#sourceOf(token);
    if (source === null) throw new TokenError("token_invalid");
    const name = sha256(token).toBase64();
    const now = this.parts.clock.now();
    const known = this.#verified.get(name);
    const isBelieved = known !== undefined && now < known.until && known.until <= now + BELIEVED_MS;
    const claims = isBelieved ? known.claims : await this.#check(token, source);
    if (!isBelieved) this.#verified.set(name, { claims, until: now + BELIEVED_MS });
    if (now >= claims.expiresAt + TOLERANCE_SECONDS * 1000) throw new TokenError("token_expired");
    const { subject, merchantId, ...rest } = claims;
    const clientId = await this.parts.subjects.idOf({ issuer: source.settings.issuer, subject, merchantId });
    return { ...rest, clientId, merchantId, epoch: 0, isOutside: true };
  }

  #sourceOf(token: string): Source | null {
    if (token.length > MAX_TOKEN_LENGTH) return null;
    try {
      return this.#sources.get(decodeJwt(token).iss ?? "") ?? null;
    } catch {
      return null;
    }
  }

  async #check(token: string, { settings, keys }: Source): Promise<Claims> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, (header) => keys.find(header), {
        algorithms: [...settings.algorithms],
        issuer: settings.issuer,
        audience: settings.audience,
        requiredClaims: ["sub", "iat", "exp"],
        maxTokenAge: settings.maxAgeSeconds,
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(this.parts.clock.now()),
      });
      const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, "") ?? "";
      const isAccessToken = settings.types.some((one) => one.toLowerCase() === type);
      if (!isAccessToken || protectedHeader.kid === undefined) throw new TokenError("token_invalid");
      return claimsOf(payload, settings);
    } catch (error) {
      if (error instanceof IssuerUnavailable) throw issuerUnavailable(settings.issuer);
      if (error instanceof TokenError) throw error;
      throw new TokenError(error instanceof errors.JWTExpired ? "token_expired" : "token_invalid");
    }
  }
}

const issuerUnavailable = (issuer: string): Problem =>
  new Problem(
    "issuer_unavailable",
    `The keys of ${issuer} can't be read at the moment, so its tokens can't be checked. Retry in a few seconds.`,
    { retryAfterSeconds: 5 },
  );

/** What a token may do here: never more than the settings allow. Errors: {@link TokenError} `token_invalid`. */
function claimsOf(payload: JWTPayload, settings: OutsideIssuer): Claims {
  const { sub, exp = 0, iat = 0, jti } = payload;
  const merchantId = merchantOf(payload, settings.merchant);
  const isReadable = typeof sub === "string" && sub !== "" && sub.length <= MAX_SUBJECT_LENGTH;
  if (!isReadable || merchantId === null) throw new TokenError("token_invalid");
  return {
    subject: sub,
    merchantId,
    scopes: scopesOf(payload, settings.scopes),
    tokenId: typeof jti === "string" ? jti : "",
    keyThumbprint: thumbprintOf(payload["cnf"]),
    expiresAt: Math.min(exp, iat + settings.maxAgeSeconds) * 1000,
  };
}

function at(payload: JWTPayload, path: readonly string[]): unknown {
  let value: unknown = payload;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name]; // an object, as checked
  }
  return value;
}

function merchantOf(payload: JWTPayload, merchant: OutsideIssuer["merchant"]): string | null {
  if (typeof merchant === "string") return merchant;
  const value = at(payload, merchant.claim);
  return typeof value === "string" ? merchant.values.get(value) ?? null : null;
}

function scopesOf(payload: JWTPayload, { claim, allow, names }: OutsideIssuer["scopes"]): ReadonlySet<Scope> {
  const value = at(payload, claim);
  const told = typeof value === "string" ? value.split(" ") : Array.isArray(value) ? value : [];
  const ours = told.filter((one): one is string => typeof one === "string")
    .flatMap((one) => names === null ? [one] : names.get(one) ?? []);
  return new Set(ours.filter((one) => allow.includes(one)).filter(isScope));
}
