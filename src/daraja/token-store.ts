/**
 * The app's token where every isolate finds it, and the lease that lets one of them refresh it (design.md section 8).
 */

import type { Clock, KeyValue } from "../platform/ports.ts";
import type { TokenCipher } from "./types.ts";
import { isObject, readJson, textAt } from "./json.ts";

export interface StoredToken {
  readonly token: string;
  /** ms; already short of Daraja's own expiry by the margin. */
  readonly expiresAt: number;
}

/** The store speaks of an app by a digest of its key and address, never by the key. */
export interface TokenStore {
  /** The stored token, fresh or not; null where there is none or it can't be opened. Throws if the store is down. */
  read(appId: string): Promise<StoredToken | null>;
  write(appId: string, token: StoredToken): Promise<void>;
  /** Takes the lease; null while another holds it. Throws if the store is down. */
  lease(appId: string): Promise<Lease | null>;
}

export interface Lease {
  /** Gives the lease back, if it is still ours. */
  release(): Promise<void>;
}

/** Longer than a token request and its one retry may take. */
export const LEASE_MS = 15_000;

/** A {@link TokenStore} in the shared key-value store. */
export function createTokenStore(kv: KeyValue, cipher: TokenCipher, clock: Clock): TokenStore {
  return {
    async read(appId) {
      const { value } = await kv.get(tokenKey(appId));
      return value === null ? null : await open(cipher, appId, value);
    },
    async write(appId, token) {
      const sealed = await cipher.seal(encode({ token: token.token, expiresAt: token.expiresAt }), context(appId));
      await kv.set(tokenKey(appId), sealed, { expiresInMs: Math.max(1, token.expiresAt - clock.now()) });
    },
    async lease(appId) {
      const key = ["daraja", "lease", appId];
      const held = await kv.get(key);
      // Own expiry besides the store's, which may remove late.
      if (held.value !== null && clock.now() < numberIn(held.value, "until")) return null;
      const mine = encode({ holder: crypto.randomUUID(), until: clock.now() + LEASE_MS });
      const won = await kv.set(key, mine, { expiresInMs: LEASE_MS, ifVersion: held.version });
      return won ? { release: () => release(kv, key, mine) } : null;
    },
  };
}

async function release(kv: KeyValue, key: readonly string[], mine: Uint8Array): Promise<void> {
  const held = await kv.get(key);
  if (held.value === null || !same(held.value, mine)) return;
  await kv.set(key, encode({ until: 0 }), { expiresInMs: 1_000, ifVersion: held.version });
}

async function open(cipher: TokenCipher, appId: string, sealed: Uint8Array): Promise<StoredToken | null> {
  try {
    const json = readJson(await cipher.open(sealed, context(appId)));
    const token = isObject(json) ? textAt(json, "token") : null;
    const expiresAt = isObject(json) ? Number(textAt(json, "expiresAt")) : NaN;
    return token !== null && Number.isFinite(expiresAt) ? { token, expiresAt } : null;
  } catch {
    return null; // sealed under a key that is gone: as good as none
  }
}

function tokenKey(appId: string): readonly string[] {
  return ["daraja", "token", appId];
}

function context(appId: string): string {
  return `daraja-token:${appId}`;
}

function encode(value: Record<string, unknown>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function numberIn(bytes: Uint8Array, name: string): number {
  const json = readJson(bytes);
  return isObject(json) ? Number(textAt(json, name) ?? 0) : 0;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
