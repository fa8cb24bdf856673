import type { Services } from "../../context/context.ts";
import type { Database, Statement } from "../../db/database.ts";
import { abortIfUnchanged, first, insert, type Query, rows, select, statement } from "../../db/query.ts";
import { auditHeads, auditSeals } from "../../db/schema.ts";
import type { Anchor, Notary } from "./anchor.ts";
import { atBeginning, entriesAfter, seal, type StoredEntry } from "./chain.ts";

/** Entries in a batch. One batch takes the thread for some milliseconds. */
const BATCH = 500;

export type Head = typeof auditHeads.$inferSelect;

export const selectHead: (merchantId: string) => Query<Head> = select(auditHeads, "WHERE merchant_id = ?");
export const sealedUpTo: Query<number> = {
  sql: "SELECT last_seq FROM audit_sealing WHERE id = 1",
  args: [],
  map: ([seq]) => Number(seq),
};
const insertSeal = insert(auditSeals);
const upsertHead = insert(
  auditHeads,
  "ON CONFLICT (merchant_id) DO UPDATE SET entries = excluded.entries, seq = excluded.seq, hash = excluded.hash, " +
    "at = excluded.at, kid = excluded.kid, signature = excluded.signature",
);

/** The head as it is signed. */
export const anchorOf = (head: Head): Anchor => ({
  merchant: head.merchant_id,
  entries: head.entries,
  seq: head.seq,
  hash: head.hash.toHex(),
  sealed_at: head.at,
  kid: head.kid,
  signature: head.signature,
});

/**
 * Seals what was stored since the last seal, up to `until` (ms). Returns whether more is left. SQLite has one writer at a
 * time, so an entry is never committed after one with a higher number: nothing can come in between later. Two runs at the
 * same time do not fork a chain: the second one meets the first one's mark, and its batch is refused (`conflict`).
 */
export async function sealEntries(
  { db, clock }: Pick<Services, "db" | "clock">,
  notary: Notary,
  until: number,
): Promise<boolean> {
  for (let last = await first(db, sealedUpTo) ?? 0;;) {
    const [entries] = await rows(db, entriesAfter(last, BATCH));
    if (entries.length > 0) {
      const next = entries.at(-1)?.seq ?? last;
      await db.write([
        statement("UPDATE audit_sealing SET last_seq = ? WHERE id = 1 AND last_seq = ?", next, last),
        abortIfUnchanged,
        ...await sealAll(db, entries, notary, clock.now()),
      ]);
      last = next;
    }
    if (entries.length < BATCH) return false;
    if (clock.now() >= until) return true;
  }
}

async function sealAll(
  db: Database,
  entries: readonly StoredEntry[],
  notary: Notary,
  now: number,
): Promise<Statement[]> {
  const chains = [...Map.groupBy(entries, ({ merchantId }) => merchantId)];
  const heads = await rows(db, ...chains.map(([merchantId]) => selectHead(merchantId)));
  const made = chains.map(async ([merchantId, added], i) => {
    const head = heads[i]?.[0];
    const sealed = seal(head ?? atBeginning(merchantId), added, now);
    const end = { entries: sealed.entries, seq: sealed.last_seq, hash: sealed.hash };
    const { kid, signature } = await notary.sign(merchantId, end, now);
    const anchored = { anchored_entries: 0, anchored_at: now }; // of a new chain: the first anchor is due in an hour
    return [
      insertSeal(sealed),
      upsertHead({ ...anchored, ...head, merchant_id: merchantId, ...end, at: now, kid, signature }),
    ];
  });
  return (await Promise.all(made)).flat();
}

const selectHeadsOfOtherKeys = select(auditHeads, "WHERE kid <> ? ORDER BY merchant_id LIMIT 200");

/**
 * Signs the ends of chains again that an older key signed, so that it can be removed. One whose signature is not valid is
 * left as it is, for the check to find. Returns how many are left.
 */
export async function signAgain(
  { db, clock }: Pick<Services, "db" | "clock">,
  notary: Notary,
): Promise<number> {
  const [old] = await rows(db, selectHeadsOfOtherKeys(notary.kid));
  let left = 0;
  for (const head of old) {
    if (!await notary.verify(anchorOf(head))) {
      left++;
      continue;
    }
    const now = clock.now();
    const { kid, signature } = await notary.sign(head.merchant_id, head, now);
    await db.write([
      statement(
        "UPDATE audit_heads SET at = ?, kid = ?, signature = ? WHERE merchant_id = ? AND kid = ? AND signature = ?",
        now,
        kid,
        signature,
        head.merchant_id,
        head.kid,
        head.signature,
      ),
    ]);
  }
  return left;
}
