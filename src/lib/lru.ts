import { LRUCache } from "lru-cache";

/**
 * A cache of at most `most` entries that grows with what it holds. The `max` of lru-cache itself makes all its places at
 * once: for 20,000 that takes longer than a millisecond, for each cache at each start.
 */
// deno-lint-ignore ban-types -- the bound that lru-cache itself sets
export const createLru = <K extends {}, V extends {}>(most: number): LRUCache<K, V> =>
  new LRUCache<K, V>({ maxSize: most, sizeCalculation: () => 1 });
