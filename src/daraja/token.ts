/**
 * One token per app for all isolates: Daraja voids the previous one when it issues another (daraja.md section 1). In
 * the process one flight at a time; between isolates one holder of the lease asks while the others wait for its token.
 */

import { fetchToken, type TokenAnswer } from "./oauth.ts";
import { createTokenStore, type Lease, LEASE_MS, type StoredToken, type TokenStore } from "./token-store.ts";
import type { DarajaApp, DarajaDeps } from "./types.ts";

export interface Tokens {
  /** The app's token. `rejected` names one that Daraja has just refused: it is dropped, unless another has replaced it. */
  get(app: DarajaApp, rejected?: string): Promise<TokenAnswer>;
  close(): void;
}

interface AppState {
  readonly id: string;
  readonly app: DarajaApp;
  cached: StoredToken | null;
  rejected: string | null;
  flight: Promise<TokenAnswer> | null;
}

const POLL_MS = 100;

/** Tokens for every app of this process. */
export function createTokens(deps: DarajaDeps): Tokens {
  const store = createTokenStore(deps.kv, deps.cipher, deps.clock);
  const states = new Map<string, Promise<AppState>>();
  const closing = new AbortController();

  function stateOf(app: DarajaApp): Promise<AppState> {
    const key = `${app.consumerKey}\n${app.consumerSecret}`;
    const known = states.get(key) ?? appIdOf(deps.baseUrl, app).then((id) => (
      { id, app, cached: null, rejected: null, flight: null }
    ));
    states.set(key, known);
    return known;
  }

  return {
    async get(app, rejected) {
      const state = await stateOf(app);
      if (rejected !== undefined) drop(state, rejected);
      if (state.cached !== null && deps.clock.now() < state.cached.expiresAt) return held(state.cached);
      state.flight ??= acquire(deps, store, state, closing.signal).finally(() => state.flight = null);
      return await state.flight;
    },
    close: () => closing.abort(),
  };
}

function drop(state: AppState, rejected: string): void {
  if (state.cached !== null && state.cached.token !== rejected) return; // replaced meanwhile
  state.cached = null;
  state.rejected = rejected;
}

/** The shared token, or a new one under the lease. If the store is down, this process serves itself. */
async function acquire(
  deps: DarajaDeps,
  store: TokenStore,
  state: AppState,
  closed: AbortSignal,
): Promise<TokenAnswer> {
  try {
    for (let waitedMs = 0; waitedMs < LEASE_MS + 5_000; waitedMs += POLL_MS) {
      const shared = await sharedToken(deps, store, state);
      if (shared !== null) return keep(state, shared);
      const lease = await store.lease(state.id);
      if (lease !== null) return await refresh(deps, store, state, lease);
      if (closed.aborted) return { kind: "unavailable", reason: "closed" };
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return { kind: "unavailable", reason: "lease_held" };
  } catch (error) {
    deps.log("daraja_token_store_failed", { error: error instanceof Error ? error.name : "unknown" });
    return await ownToken(deps, state);
  }
}

async function sharedToken(deps: DarajaDeps, store: TokenStore, state: AppState): Promise<StoredToken | null> {
  const stored = await store.read(state.id);
  const good = stored !== null && stored.token !== state.rejected && deps.clock.now() < stored.expiresAt;
  return good ? stored : null;
}

/** With the lease: looks once more, for the last holder may have just stored a token, then asks. */
async function refresh(deps: DarajaDeps, store: TokenStore, state: AppState, lease: Lease): Promise<TokenAnswer> {
  try {
    const shared = await sharedToken(deps, store, state);
    if (shared !== null) return keep(state, shared);
    const answer = await ownToken(deps, state);
    if (answer.kind === "token") await attempt(deps, () => store.write(state.id, answer));
    return answer;
  } finally {
    await attempt(deps, () => lease.release());
  }
}

async function ownToken(deps: DarajaDeps, state: AppState): Promise<TokenAnswer> {
  const answer = await fetchToken(deps, state.app);
  deps.log("daraja_token", { outcome: answer.kind, ...("reason" in answer ? { reason: answer.reason } : {}) });
  return answer.kind === "token" ? keep(state, answer) : answer;
}

/** A token in hand is good even if the store can't take it or give the lease back. */
async function attempt(deps: DarajaDeps, effect: () => Promise<void>): Promise<void> {
  try {
    await effect();
  } catch (error) {
    deps.log("daraja_token_store_failed", { error: error instanceof Error ? error.name : "unknown" });
  }
}

function keep(state: AppState, token: StoredToken): TokenAnswer {
  state.cached = { token: token.token, expiresAt: token.expiresAt };
  state.rejected = null;
  return held(token);
}

function held(token: StoredToken): TokenAnswer {
  return { kind: "token", token: token.token, expiresAt: token.expiresAt };
}

/** With the secret in it, so that a wrong secret never borrows the token of the right one. */
async function appIdOf(baseUrl: string, app: DarajaApp): Promise<string> {
  const credentials = JSON.stringify([baseUrl, app.consumerKey, app.consumerSecret]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(credentials));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 32);
}
