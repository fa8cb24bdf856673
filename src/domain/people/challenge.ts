import type { Services } from "../../context/services.ts";
import { hashSecret } from "../../crypto/secrets.ts";
import type { Statement } from "../../db/database.ts";
import { first, type Query, statement } from "../../db/query.ts";

/**
 * A challenge says by a keyed digest what it is for and until when, so that none is stored before it is answered: a
 * stranger who asks for many fills no table. Each counts once: {@link useChallenge}.
 */
const CHALLENGE_MS = 5 * 60_000;
const NONCE_BYTES = 16;
const TIME_BYTES = 6;
const MAC_BYTES = 32;

const base64url = { alphabet: "base64url", omitPadding: true } as const;

interface Read {
  readonly nonce: string;
  readonly expiresAt: number;
  readonly mac: string;
}

const partsOf = (purpose: readonly string[], { nonce, expiresAt }: Omit<Read, "mac">): readonly unknown[] => [
  "challenge",
  ...purpose,
  nonce,
  expiresAt,
];

/** A new challenge, in base64url. `purpose` is everything that its answer agrees to. */
export function newChallenge(
  { digests, clock }: Pick<Services, "digests" | "clock">,
  purpose: readonly string[],
): string {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES)).toHex();
  const expiresAt = clock.now() + CHALLENGE_MS;
  const time = expiresAt.toString(16).padStart(TIME_BYTES * 2, "0");
  const mac = digests.make(partsOf(purpose, { nonce, expiresAt }));
  return Uint8Array.fromHex(nonce + time + mac).toBase64(base64url);
}

function read(challenge: string): Read | null {
  const hex = toHex(challenge);
  if (hex?.length !== 2 * (NONCE_BYTES + TIME_BYTES + MAC_BYTES)) return null;
  const [time, mac] = [2 * NONCE_BYTES, 2 * (NONCE_BYTES + TIME_BYTES)];
  return { nonce: hex.slice(0, time), expiresAt: Number.parseInt(hex.slice(time, mac), 16), mac: hex.slice(mac) };
}

function toHex(challenge: string): string | null {
  if (challenge.length > 100) return null;
  try {
    return Uint8Array.fromBase64(challenge, base64url).toHex();
  } catch {
    return null;
  }
}

/** Whether we made a challenge for this purpose, however long ago. */
export function isChallengeFor(
  { digests }: Pick<Services, "digests">,
  challenge: string,
  purpose: readonly string[],
): boolean {
  const known = read(challenge);
  return known !== null && digests.matches(known.mac, partsOf(purpose, known));
}

/** Whether its time is not over. */
export function isInTime({ clock }: Pick<Services, "clock">, challenge: string): boolean {
  const known = read(challenge);
  return known !== null && clock.now() < known.expiresAt;
}

const countUsed = (challenge: string): Query<number> => ({
  sql: "SELECT count(*) FROM used_challenges WHERE hash = ?",
  args: [hashSecret(challenge)],
  map: ([count]) => Number(count),
});

/** Whether a challenge was answered before. */
export const wasAnswered = async ({ db }: Pick<Services, "db">, challenge: string): Promise<boolean> =>
  await first(db, countUsed(challenge)) === 1;

/** Statement: a challenge was answered. A second time it fails: the hash is there already. */
export const useChallenge = (challenge: string): Statement =>
  statement(
    "INSERT INTO used_challenges (hash, expires_at) VALUES (?, ?)",
    hashSecret(challenge),
    read(challenge)?.expiresAt ?? 0,
  );
