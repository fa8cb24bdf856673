import { createLocalJWKSet, errors, type JSONWebKeySet, type JWSHeaderParameters } from "jose";
import { readLimited } from "../../lib/read-limited.ts";
import type { Clock } from "../../platform/ports.ts";

/** So old are keys that are read again, and so old may they get while the issuer does not answer. */
const FRESH_MS = 10 * 60_000;
const KEPT_MS = 60 * 60_000;
/** Whoever sends unknown key ids makes us ask the issuer only so often. */
const ASK_EVERY_MS = 30_000;
/** The same while there are no keys: every caller waits for them. */
const ASK_AGAIN_MS = 2_000;
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 128 * 1024;
const MAX_KEYS = 100;

/** The issuer's keys can't be read, so that nothing can be said about its token. */
export class IssuerUnavailable extends Error {
  override readonly name = "IssuerUnavailable";
}

type FindKey = ReturnType<typeof createLocalJWKSet>;

/** The public keys of one outside issuer: read when a token needs them, and kept. */
export class IssuerKeys {
  #known: { readonly find: FindKey; readonly readAt: number } | null = null;
  #askedAt = -Infinity;
  #asking: Promise<void> | null = null;
  constructor(
    readonly url: string,
    readonly send: typeof fetch,
    readonly clock: Clock,
    readonly failed: (error: unknown) => void,
  ) {}

  /** The key that a token names. Errors: {@link IssuerUnavailable}; those of jose where the issuer has no such key. */
  async find(header: JWSHeaderParameters): Promise<CryptoKey> {
    if (this.#age() > FRESH_MS) await this.#ask(this.#age() > KEPT_MS ? ASK_AGAIN_MS : ASK_EVERY_MS);
    if (this.#known === null || this.#age() > KEPT_MS) throw new IssuerUnavailable("no keys");
    try {
      return await this.#known.find(header);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const before = this.#known;
      await this.#ask(ASK_EVERY_MS);
      if (this.#known === before) throw this.#askedAt > before.readAt ? new IssuerUnavailable("no new keys") : error;
      return await this.#known.find(header);
    }
  }

  #age(): number {
    return this.#known === null ? Infinity : Math.abs(this.clock.now() - this.#known.readAt);
  }

  /** Asks the issuer, unless it was asked less than `everyMs` ago. What fails leaves the known keys as they are. */
  async #ask(everyMs: number): Promise<void> {
    if (this.#asking === null && this.clock.now() - this.#askedAt < everyMs) return;
    this.#asking ??= this.#read().catch(this.failed).finally(() => this.#asking = null);
    await this.#asking;
  }

  async #read(): Promise<void> {
    this.#askedAt = this.clock.now();
    const response = await this.send(this.url, {
      headers: { accept: "application/jwk-set+json, application/json" },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await readLimited(response, MAX_BYTES);
    if (response.status !== 200 || text === null) throw new Error(`status ${response.status}, or too large`);
    const keys: JSONWebKeySet = JSON.parse(text); // createLocalJWKSet checks its form
    if (keys.keys.length > MAX_KEYS) throw new Error("too many keys");
    this.#known = { find: createLocalJWKSet(keys), readAt: this.#askedAt };
  }
}
