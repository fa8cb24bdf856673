import { sha256 } from "../../crypto/hash.ts";
import type { Value } from "../../db/database.ts";
import { type Query, statement } from "../../db/query.ts";
import type { auditSeals, ChainProblem } from "../../db/schema.ts";

/* How entries are chained. ADR 0034 says why. Changing a byte of this ends every chain: add a version instead. */

/** An entry as it is stored: the JSON columns as text, because the text is what is sealed. */
export interface StoredEntry {
  readonly seq: number;
  readonly merchantId: string;
  readonly values: readonly Value[];
}

const FIELDS =
  "merchant_id, actor, action, subject_id, request_id, data, at, actor_merchant_id, address, before, after";

const entryOf = ([seq, ...values]: readonly Value[]): StoredEntry => ({
  seq: Number(seq),
  merchantId: String(values[0] ?? ""), // entries without a merchant have a chain of their own
  values,
});

/** The entries of all merchants after one. */
export const entriesAfter = (seq: number, limit: number): Query<StoredEntry> => ({
  ...statement(`SELECT seq, ${FIELDS} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`, seq, limit),
  map: entryOf,
});

/** The entries of one merchant after one, up to another. */
export const entriesBetween = (merchantId: string, after: number, last: number): Query<StoredEntry> => ({
  ...statement(
    `SELECT seq, ${FIELDS} FROM audit WHERE merchant_id IS ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ${MOST_READ}`,
    merchantId === "" ? null : merchantId,
    after,
    last,
  ),
  map: entryOf,
});

/** More entries than seals cover means that some were inserted; then not all of them need to be named. */
const MOST_READ = 5_000;

export type Seal = typeof auditSeals.$inferSelect;

const DIGEST_BYTES = 16;
const ENTRY_BYTES = 8 + DIGEST_BYTES;

/** The hash from which a merchant's chain begins. */
export const beginning = (merchantId: string): Uint8Array<ArrayBuffer> => sha256(`malipo/audit/v1\n${merchantId}`);

/** The digest of an entry's fields, without its number. */
export const digestOf = ({ values }: StoredEntry): Uint8Array<ArrayBuffer> => sha256(JSON.stringify(values));

/** The hash of the chain after an entry: it covers the hash before it, the entry's number, and its digest. */
export function link(before: Uint8Array, seq: number, digest: Uint8Array): Uint8Array<ArrayBuffer> {
  const covered = new Uint8Array(before.length + 8 + digest.length);
  covered.set(before);
  new DataView(covered.buffer).setBigInt64(before.length, BigInt(seq));
  covered.set(digest, before.length + 8);
  return sha256(covered);
}

/** Seals entries of one merchant, in the order of their numbers, on a chain that ends with `hash` after `entries`. */
export function seal(
  chain: { readonly entries: number; readonly hash: Uint8Array },
  added: readonly StoredEntry[],
  at: number,
): Seal {
  const digests = new Uint8Array(added.length * ENTRY_BYTES);
  const view = new DataView(digests.buffer);
  let hash = chain.hash;
  for (const [i, entry] of added.entries()) {
    const digest = digestOf(entry);
    hash = link(hash, entry.seq, digest);
    view.setBigInt64(i * ENTRY_BYTES, BigInt(entry.seq));
    digests.set(digest.subarray(0, DIGEST_BYTES), i * ENTRY_BYTES + 8);
  }
  const { merchantId, seq } = added.at(-1) ?? fail();
  return { merchant_id: merchantId, entries: chain.entries + added.length, last_seq: seq, digests, hash, at };
}

function fail(): never {
  throw new Error("A seal covers at least one entry.");
}

/** How far a chain was followed. */
export interface Walked {
  readonly entries: number;
  readonly seq: number;
  readonly hash: Uint8Array;
}

export const atBeginning = (merchantId: string): Walked => ({ entries: 0, seq: 0, hash: beginning(merchantId) });

/**
 * Compares a seal with the entries that are stored now, from the one after `walked` to the seal's last. A chain that was
 * broken before goes on from the seal's own hash, so that one fault is told once.
 */
export function compare(
  walked: Walked,
  sealed: Seal,
  stored: readonly StoredEntry[],
): { readonly walked: Walked; readonly problems: ChainProblem[] } {
  const expected = sealedEntries(sealed);
  const problems: ChainProblem[] = [];
  const known = new Map(stored.map((entry) => [entry.seq, digestOf(entry)]));
  const names = new Map(expected.map(({ digest, seq }) => [digest, seq]));
  let hash = walked.hash;
  for (const { seq, digest } of expected) {
    const now = known.get(seq);
    known.delete(seq);
    if (now === undefined) {
      problems.push({ kind: "removed", seq });
      continue;
    }
    hash = link(hash, seq, now);
    const named = now.subarray(0, DIGEST_BYTES).toHex();
    if (named === digest) continue;
    problems.push({ kind: names.has(named) ? "reordered" : "changed", seq });
  }
  for (const seq of known.keys()) problems.push({ kind: "inserted", seq });
  const inOrder = expected.every(({ seq }, i) => seq > (expected[i - 1]?.seq ?? walked.seq));
  const fits = inOrder && expected.at(-1)?.seq === sealed.last_seq &&
    sealed.entries === walked.entries + expected.length && hash.toHex() === sealed.hash.toHex();
  if (!fits && problems.length === 0) problems.push({ kind: "seal_changed", seq: sealed.last_seq });
  return { walked: { entries: sealed.entries, seq: sealed.last_seq, hash: sealed.hash }, problems };
}

function sealedEntries({ digests }: Seal): readonly { readonly seq: number; readonly digest: string }[] {
  const view = new DataView(digests.buffer, digests.byteOffset, digests.byteLength);
  return Array.from({ length: digests.length / ENTRY_BYTES }, (_, i) => {
    const start = i * ENTRY_BYTES;
    return {
      seq: Number(view.getBigInt64(start)),
      digest: digests.subarray(start + 8, start + ENTRY_BYTES).toHex(),
    };
  });
}
