/** 32 random bytes have fewer different values than this once in 10^12 keys or less. */
const LEAST_DIFFERENT_BYTES = 16;

/** Why a key is no random one: null when it may be. It finds typed and counted keys, not those of a bad generator. */
export function weakness(bytes: Uint8Array): string | null {
  if (new Set(bytes).size < LEAST_DIFFERENT_BYTES) return "repeats few bytes";
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return "is text that somebody typed";
  const steps = new Set(bytes.subarray(1).map((byte, i) => byte - (bytes[i] ?? 0)));
  return steps.size === 1 ? "counts" : null;
}
