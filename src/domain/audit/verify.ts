import type { Database } from "../../db/database.ts";
import { first, type Query, rows, select, statement } from "../../db/query.ts";
import { auditSeals, type ChainProblem } from "../../db/schema.ts";
import type { Anchor, Notary } from "./anchor.ts";
import { atBeginning, compare, entriesBetween, type Walked } from "./chain.ts";
import { anchorOf, type Head, sealedUpTo, selectHead } from "./seal.ts";

const SEALS_A_STEP = 4;
/** Of one chain. More would be one cause. */
export const MOST_PROBLEMS = 100;

const selectSeals = select(
  auditSeals,
  `WHERE merchant_id = ? AND entries > ? ORDER BY entries LIMIT ${SEALS_A_STEP}`,
);
const selectSealAt = select(auditSeals, "WHERE merchant_id = ? AND entries = ?");

/** Follows a chain over some seals. `isEnd`: there are no more. */
export async function followChain(
  db: Database,
  merchantId: string,
  from: Walked,
): Promise<{ readonly walked: Walked; readonly problems: readonly ChainProblem[]; readonly isEnd: boolean }> {
  const [seals] = await rows(db, selectSeals(merchantId, from.entries));
  const last = seals.at(-1);
  if (last === undefined) return { walked: from, problems: [], isEnd: true };
  const [entries] = await rows(db, entriesBetween(merchantId, from.seq, last.last_seq));
  const problems: ChainProblem[] = [];
  let walked = from;
  for (const sealed of seals) {
    const begun = walked.seq;
    const own = entries.filter(({ seq }) => seq > begun && seq <= sealed.last_seq);
    const compared = compare(walked, sealed, own);
    walked = compared.walked;
    problems.push(...compared.problems);
  }
  return { walked, problems, isEnd: false };
}

/**
 * What is wrong at the end of a chain: entries that no seal covers, the signed head, and anchors from outside. Null: the
 * chain has grown meanwhile, so this was not its end.
 */
export async function checkEnd(
  db: Database,
  merchantId: string,
  end: Walked,
  notary: Notary,
  anchors: readonly Anchor[],
): Promise<ChainProblem[] | null> {
  const [[upTo = 0], [head], more] = await rows( // in one snapshot
    db,
    sealedUpTo,
    selectHead(merchantId),
    selectSeals(merchantId, end.entries),
  );
  if (more.length > 0) return null;
  const [after, before] = await rows(
    db,
    entriesBetween(merchantId, end.seq, upTo),
    entriesBetween(merchantId, Number.MIN_SAFE_INTEGER, 0), // the first entry is number 1
  );
  const problems = [...before, ...after].map(({ seq }): ChainProblem => ({ kind: "inserted", seq }));
  const odd = await oddHead(head ?? null, end, notary);
  if (odd !== null) problems.push(odd);
  for (const anchor of anchors) {
    const sealed = await first(db, selectSealAt(merchantId, anchor.entries));
    if (anchor.entries > end.entries) problems.push({ kind: "truncated", seq: anchor.seq });
    else if (sealed?.hash.toHex() !== anchor.hash) problems.push({ kind: "seal_changed", seq: anchor.seq });
  }
  return problems;
}

async function oddHead(head: Head | null, end: Walked, notary: Notary): Promise<ChainProblem | null> {
  if (head === null) return end.entries === 0 ? null : { kind: "seal_changed", seq: end.seq };
  if (head.entries > end.entries) return { kind: "truncated", seq: head.seq };
  const fits = head.entries === end.entries && head.seq === end.seq && head.hash.toHex() === end.hash.toHex();
  return fits && await notary.verify(anchorOf(head)) ? null : { kind: "seal_changed", seq: head.seq };
}

/** The triggers that make the trail append-only, by name. */
const TRIGGERS: Readonly<Record<string, string>> = Object.fromEntries(
  ["audit", "audit_seals"].flatMap((table) => {
    const text = (name: string, verb: string) =>
      `CREATE TRIGGER ${name} BEFORE ${verb} ON ${table} BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END`;
    const [kept, final] = table === "audit"
      ? ["audit_is_kept", "audit_is_final"]
      : ["audit_seals_are_kept", "audit_seals_are_final"];
    return [[kept, text(kept ?? "", "DELETE")], [final, text(final ?? "", "UPDATE")]];
  }),
);

/** A trigger is gone, or does something else. */
export async function checkTriggers(db: Database): Promise<ChainProblem[]> {
  const query: Query<readonly [name: string, sql: string]> = {
    sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('audit', 'audit_seals')",
    args: [],
    map: ([name, sql]) => [String(name), String(sql)],
  };
  const [found] = await rows(db, query);
  const now = new Map(found);
  const names = Object.keys(TRIGGERS);
  return names.filter((name) => now.get(name)?.replaceAll(/\s+/g, " ").trim() !== TRIGGERS[name])
    .map(() => ({ kind: "trigger_dropped", seq: null }));
}

/** Every merchant with a chain, entries or an anchor; empty for the entries of no merchant. */
export async function chainNames(db: Database, anchors: readonly Anchor[]): Promise<readonly string[]> {
  const query: Query<string> = {
    ...statement(
      "SELECT id FROM merchants UNION SELECT merchant_id FROM audit_heads UNION SELECT ''",
    ),
    map: ([id]) => String(id),
  };
  const [named] = await rows(db, query);
  return [...new Set([...named, ...anchors.map(({ merchant }) => merchant)])].sort();
}

/** What `malipo audit verify` answers about one chain. */
export interface ChainReport {
  readonly merchant: string;
  readonly entries: number;
  /** How many anchors from outside of the database were compared. */
  readonly anchors: number;
  readonly problems: readonly ChainProblem[];
}

/** Follows a whole chain. Anchors whose signature is not valid say nothing, and are left out. */
export async function verifyChain(
  db: Database,
  merchantId: string,
  notary: Notary,
  anchors: readonly Anchor[],
): Promise<ChainReport> {
  const own = await validAnchors(notary, anchors.filter(({ merchant }) => merchant === merchantId));
  const problems: ChainProblem[] = [];
  let walked = atBeginning(merchantId);
  for (let ending: ChainProblem[] | null = null; ending === null;) {
    const step = await followChain(db, merchantId, walked);
    walked = step.walked;
    problems.push(...step.problems);
    ending = step.isEnd ? await checkEnd(db, merchantId, walked, notary, own) : null;
    problems.push(...ending ?? []);
  }
  return {
    merchant: merchantId,
    entries: walked.entries,
    anchors: own.length,
    problems: problems.slice(0, MOST_PROBLEMS),
  };
}

export async function validAnchors(notary: Notary, anchors: readonly Anchor[]): Promise<readonly Anchor[]> {
  const valid = await Promise.all(anchors.map((anchor) => notary.verify(anchor)));
  return anchors.filter((_, i) => valid[i]);
}
