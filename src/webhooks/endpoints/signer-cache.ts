import { LRUCache } from "lru-cache";
import type { Vault } from "../../crypto/vault.ts";
import { type EndpointRow, openSecrets } from "./store.ts";
import { createSigner, type Sign } from "./signature.ts";

/** The signer of an endpoint, and the secrets that it signs with. */
export interface Signing {
  readonly sign: Sign;
  readonly secrets: readonly string[];
}

/** Keeps the signers of endpoints, so that the secrets of an endpoint version are decrypted once. */
export class SignerCache {
  readonly #signings = new LRUCache<string, Signing>({ max: 1_000 });
  constructor(readonly vault: Vault) {}

  /** The signer of an endpoint at `now` (ms). */
  async get(endpoint: EndpointRow, now: number): Promise<Signing> {
    const isRotating = (endpoint.previous_secret_until ?? 0) > now;
    const key = `${endpoint.id}/${endpoint.version}/${isRotating}`;
    const known = this.#signings.get(key);
    if (known !== undefined) return known;
    const secrets = await openSecrets(this.vault, endpoint, now);
    const signing = { secrets, sign: createSigner(secrets) };
    this.#signings.set(key, signing);
    return signing;
  }
}
