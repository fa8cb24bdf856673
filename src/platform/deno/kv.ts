import type { Clock, Entry, KeyValue } from "../ports.ts";

/** The expiry is stored with the value, because Deno KV deletes an expired value only some time later. */
interface Stored {
  readonly value: Uint8Array;
  readonly expiresAt: number | null;
}

const absent: Entry = { value: null, version: null };

/** Deno KV as {@link KeyValue}. A value is at most 64 KiB. */
export function createDenoKeyValue(kv: Deno.Kv, clock: Clock): KeyValue {
  const isLive = ({ expiresAt }: Stored) => expiresAt === null || expiresAt > clock.now();

  return {
    async get(key) {
      const { value, versionstamp } = await kv.get<Stored>(key);
      return value && isLive(value) ? { value: value.value, version: versionstamp } : absent;
    },
    async set(key, value, { expiresInMs, ifVersion } = {}) {
      const stored: Stored = { value, expiresAt: expiresInMs === undefined ? null : clock.now() + expiresInMs };
      const options = expiresInMs === undefined ? {} : { expireIn: Math.max(1, expiresInMs) };
      if (ifVersion === undefined) {
        await kv.set(key, stored, options);
        return true;
      }
      const current = await kv.get<Stored>(key); // an expired value counts as absent, though it may still be stored
      const version = current.value && isLive(current.value) ? current.versionstamp : null;
      if (version !== ifVersion) return false;
      return (await kv.atomic().check(current).set(key, stored, options).commit()).ok;
    },
    async delete(key) {
      await kv.delete(key);
    },
    async list(prefix, limit) {
      const found: { key: readonly string[]; value: Uint8Array }[] = [];
      if (limit <= 0) return found;
      for await (const { key, value } of kv.list<Stored>({ prefix })) {
        if (isLive(value)) found.push({ key: key.map(String), value: value.value });
        if (found.length === limit) break;
      }
      return found;
    },
  };
}
