import { LRUCache } from "lru-cache";
import type { Services } from "../../context/context.ts";
import type { Database } from "../../db/database.ts";

/** How long a process believes what it has read: a change is noticed within this time everywhere. */
const BELIEVED_MS = 5_000;
const MAX_KNOWN = 1_000;

type Reading = Pick<Services, "db" | "clock">;

/** What is read of a merchant for almost every request: of the last 5 s, so that most requests need no round trip for it. */
export class Recent<T extends object> {
  readonly #known = new WeakMap<Database, LRUCache<string, { readonly value: T; readonly until: number }>>();
  constructor(readonly load: (services: Reading, merchantId: string) => Promise<T>) {}

  /** What was read of the merchant in the last 5 s, or is read now. */
  async of(services: Reading, merchantId: string): Promise<T> {
    const cache = this.#known.get(services.db) ?? new LRUCache({ max: MAX_KNOWN });
    this.#known.set(services.db, cache);
    const now = services.clock.now();
    const found = cache.get(merchantId);
    if (found !== undefined && now < found.until && found.until <= now + BELIEVED_MS) return found.value;
    const value = await this.load(services, merchantId);
    cache.set(merchantId, { value, until: now + BELIEVED_MS });
    return value;
  }

  /** This process has changed it. */
  forget({ db }: Pick<Services, "db">, merchantId: string): void {
    this.#known.get(db)?.delete(merchantId);
  }
}
