/**
 * Keeps each app's token in the shared key-value store, with the lease that lets one isolate refresh it (design.md
 * section 8).
 */

import type { Clock, KeyValue } from "../platform/ports.ts";
import type { TokenCipher } from "./types.ts";
import { isObject, readJson, textAt } from "./json.ts";

export interface StoredToken {
  readonly token: string;
  /** ms since the epoch; earlier than Daraja's own expiry by a margin. */
  readonly expiresAt: number;
}

/** `appId` is a digest of the app's credentials and Daraja's address, so that the store never holds the credentials. */
export interface TokenStore {
  /** The stored token, also when it has expired; null if there is none or it can't be decrypted. Throws if the store is down. */
  read(appId: string): Promise<StoredToken | null>;
  write(appId: string, token: StoredToken): Promise<void>;
  /** Takes the lease; null while another isolate holds it. Throws if the store is down. */
  takeLease(appId: string): Promise<Lease | null>;
}

export interface Lease {
  /** Releases the lease if it is still ours. */
  releaseLease(): Promise<void>;
}

/** Longer than a token request and its one retry take. */
export const LEASE_MS = 15_000;

/** A {@link TokenStore} in the shared key-value store. */
export function createTokenStore(kv: KeyValue, cipher: TokenCipher, clock: Clock): TokenStore {
  return {
    async read(appId) {
      const { value } = await kv.get(tokenKey(appId));
      return value === null ? null : await openToken(cipher, appId, value);
    },
    async write(appId, token) {
      const sealed = await cipher.seal(
        encodeJson({ token: token.token, expiresAt: token.expiresAt }),
        cipherContext(appId),
      );
      await kv.set(tokenKey(appId), sealed, { expiresInMs: Math.max(1, token.expiresAt - clock.now()) });
    },
    async takeLease(appId) {
      const key = ["daraja", "lease", appId];
      const current = await kv.get(key);
      // The value has its own expiry, because the store may remove it late.
      if (current.value !== null && clock.now() < readNumber(current.value, "until")) return null;
      const ownLease = encodeJson({ holder: crypto.randomUUID(), until: clock.now() + LEASE_MS });
      const isTaken = await kv.set(key, ownLease, { expiresInMs: LEASE_MS, ifVersion: current.version });
      return isTaken ? { releaseLease: () => release(kv, key, ownLease) } : null;
    },
  };
}

async function release(kv: KeyValue, key: readonly string[], ownLease: Uint8Array): Promise<void> {
  const current = await kv.get(key);
  if (current.value === null || !equalBytes(current.value, ownLease)) return;
  await kv.set(key, encodeJson({ until: 0 }), { expiresInMs: 1_000, ifVersion: current.version });
}

async function openToken(cipher: TokenCipher, appId: string, sealed: Uint8Array): Promise<StoredToken | null> {
  try {
    const json = readJson(await cipher.open(sealed, cipherContext(appId)));
    const token = isObject(json) ? textAt(json, "token") : null;
    const expiresAt = isObject(json) ? Number(textAt(json, "expiresAt")) : NaN;
    return token !== null && Number.isFinite(expiresAt) ? { token, expiresAt } : null;
  } catch {
    return null; // encrypted with a key that was removed: the same as no token
  }
}

function tokenKey(appId: string): readonly string[] {
  return ["daraja", "token", appId];
}

function cipherContext(appId: string): string {
  return `daraja-token:${appId}`;
}

function encodeJson(value: Record<string, unknown>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function readNumber(bytes: Uint8Array, name: string): number {
  const json = readJson(bytes);
  return isObject(json) ? Number(textAt(json, name) ?? 0) : 0;
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
