import { LRUCache } from "lru-cache";
import type { Vault } from "../../crypto/vault.ts";
import { type EndpointRow, openSecrets } from "./store.ts";
import { type Sign, signer } from "./signature.ts";

/** How an endpoint is signed to, and the secrets that this takes. */
export interface Signing {
  readonly sign: Sign;
  readonly secrets: readonly string[];
}

/** Signing keys of endpoints, opened once for each version of an endpoint. */
export class Signers {
  readonly #known = new LRUCache<string, Signing>({ max: 1_000 });
  constructor(readonly vault: Vault) {}

  /** The signing of an endpoint at `now` (ms). */
  async of(endpoint: EndpointRow, now: number): Promise<Signing> {
    const rotating = (endpoint.previous_secret_until ?? 0) > now;
    const name = `${endpoint.id}/${endpoint.version}/${rotating}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const secrets = await openSecrets(this.vault, endpoint, now);
    const made = { secrets, sign: signer(secrets) };
    this.#known.set(name, made);
    return made;
  }
}
