/**
 * One token per app for all isolates, because Daraja invalidates the previous token when it issues a new one (daraja.md
 * section 1). A process makes one token request at a time. Among isolates only the holder of the lease asks Daraja; the
 * others wait for its token in the shared store.
 */

import { fetchToken, type TokenResult } from "./oauth.ts";
import { createTokenStore, type Lease, LEASE_MS, type StoredToken, type TokenStore } from "./token-store.ts";
import type { DarajaApp, DarajaDeps } from "./types.ts";

export interface TokenSource {
  /** The app's token. `rejected`: a token that Daraja has just refused; it is dropped if it is still the current one. */
  get(app: DarajaApp, rejected?: string): Promise<TokenResult>;
  close(): void;
}

interface AppState {
  readonly id: string;
  readonly app: DarajaApp;
  cached: StoredToken | null;
  rejected: string | null;
  pending: Promise<TokenResult> | null;
}

const POLL_MS = 100;

/** Tokens for every app of this process. */
export function createTokenSource(deps: DarajaDeps): TokenSource {
  const store = createTokenStore(deps.kv, deps.cipher, deps.clock);
  const states = new Map<string, Promise<AppState>>();
  const closing = new AbortController();

  function stateOf(app: DarajaApp): Promise<AppState> {
    const key = `${app.consumerKey}\n${app.consumerSecret}`;
    const state = states.get(key) ?? appIdOf(deps.baseUrl, app).then((id) => (
      { id, app, cached: null, rejected: null, pending: null }
    ));
    states.set(key, state);
    return state;
  }

  return {
    async get(app, rejected) {
      const state = await stateOf(app);
      if (rejected !== undefined) dropRejected(state, rejected);
      if (state.cached !== null && deps.clock.now() < state.cached.expiresAt) return tokenResult(state.cached);
      state.pending ??= getSharedOrNew(deps, store, state, closing.signal).finally(() => state.pending = null);
      return await state.pending;
    },
    close: () => closing.abort(),
  };
}

function dropRejected(state: AppState, rejected: string): void {
  if (state.cached !== null && state.cached.token !== rejected) return; // it was replaced meanwhile
  state.cached = null;
  state.rejected = rejected;
}

/** The shared token, or a new one under the lease. If the store is down, this process asks Daraja without a lease. */
async function getSharedOrNew(
  deps: DarajaDeps,
  store: TokenStore,
  state: AppState,
  closed: AbortSignal,
): Promise<TokenResult> {
  try {
    for (let waitedMs = 0; waitedMs < LEASE_MS + 5_000; waitedMs += POLL_MS) {
      const shared = await readSharedToken(deps, store, state);
      if (shared !== null) return cacheToken(state, shared);
      const lease = await store.takeLease(state.id);
      if (lease !== null) return await refreshUnderLease(deps, store, state, lease);
      if (closed.aborted) return { kind: "unavailable", reason: "closed" };
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return { kind: "unavailable", reason: "lease_held" };
  } catch (error) {
    deps.log("daraja_token_store_failed", { error: error instanceof Error ? error.name : "unknown" });
    return await fetchAndCacheToken(deps, state);
  }
}

async function readSharedToken(deps: DarajaDeps, store: TokenStore, state: AppState): Promise<StoredToken | null> {
  const stored = await store.read(state.id);
  const good = stored !== null && stored.token !== state.rejected && deps.clock.now() < stored.expiresAt;
  return good ? stored : null;
}

/** Reads the store once more, because the last holder of the lease may have just stored a token; then asks Daraja. */
async function refreshUnderLease(
  deps: DarajaDeps,
  store: TokenStore,
  state: AppState,
  lease: Lease,
): Promise<TokenResult> {
  try {
    const shared = await readSharedToken(deps, store, state);
    if (shared !== null) return cacheToken(state, shared);
    const answer = await fetchAndCacheToken(deps, state);
    if (answer.kind === "token") await ignoreStoreFailure(deps, () => store.write(state.id, answer));
    return answer;
  } finally {
    await ignoreStoreFailure(deps, () => lease.releaseLease());
  }
}

async function fetchAndCacheToken(deps: DarajaDeps, state: AppState): Promise<TokenResult> {
  const answer = await fetchToken(deps, state.app);
  deps.log("daraja_token", { outcome: answer.kind, ...("reason" in answer ? { reason: answer.reason } : {}) });
  return answer.kind === "token" ? cacheToken(state, answer) : answer;
}

/** A fetched token is valid even if the store can't keep it or release the lease, so the failure is only logged. */
async function ignoreStoreFailure(deps: DarajaDeps, effect: () => Promise<void>): Promise<void> {
  try {
    await effect();
  } catch (error) {
    deps.log("daraja_token_store_failed", { error: error instanceof Error ? error.name : "unknown" });
  }
}

function cacheToken(state: AppState, token: StoredToken): TokenResult {
  state.cached = { token: token.token, expiresAt: token.expiresAt };
  state.rejected = null;
  return tokenResult(token);
}

function tokenResult(token: StoredToken): TokenResult {
  return { kind: "token", token: token.token, expiresAt: token.expiresAt };
}

/** The digest includes the secret, so that an app with a wrong secret never gets the token of the right one. */
async function appIdOf(baseUrl: string, app: DarajaApp): Promise<string> {
  const credentials = JSON.stringify([baseUrl, app.consumerKey, app.consumerSecret]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(credentials));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);
}
