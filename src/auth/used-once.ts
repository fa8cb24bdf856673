import { sha256 } from "../crypto/hash.ts";
import { createLru } from "../lib/lru.ts";
import type { Clock, KeyValue } from "../platform/ports.ts";
import { errorText, type Log } from "../telemetry/log.ts";

const MAX_KNOWN = 50_000;
const NOTHING = new Uint8Array();

/**
 * Notes what counts once, for as long as it could be used again: in this process, and in the key-value store that the
 * processes share. Where that store fails, only this process remembers.
 */
export class UsedOnce {
  readonly #here = createLru<string, number>(MAX_KNOWN);
  constructor(readonly kv: KeyValue, readonly clock: Clock, readonly log: Log) {}

  /** True the first time. `parts` name what is used; `forMs` is how long it is remembered. */
  async take(parts: readonly string[], forMs: number): Promise<boolean> {
    const key = sha256(JSON.stringify(parts)).toBase64({ alphabet: "base64url", omitPadding: true });
    const now = this.clock.now();
    if ((this.#here.get(key) ?? 0) > now) return false;
    this.#here.set(key, now + forMs);
    try {
      return await this.kv.set(["used", key], NOTHING, { expiresInMs: forMs, ifVersion: null });
    } catch (error) {
      this.log.write("warn", "used_once_not_shared", { error: errorText(error) });
      return true;
    }
  }
}
