import type { Services } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, type Query, rows, select, statement } from "../../db/query.ts";
import { auditChecks, auditHeads, type ChainProblem } from "../../db/schema.ts";
import { event } from "../../db/trail.ts";
import { type Anchor, keepAnchor, keptAnchors, type Notary } from "./anchor.ts";
import { atBeginning, type Walked } from "./chain.ts";
import { anchorOf, type Head } from "./seal.ts";
import { chainNames, checkEnd, checkTriggers, followChain, MOST_PROBLEMS, validAnchors } from "./verify.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type Check = typeof auditChecks.$inferSelect;

const selectCheck = select(auditChecks, "WHERE merchant_id = ?");
const storeCheck = insert(
  auditChecks,
  "ON CONFLICT (merchant_id) DO UPDATE SET entries = excluded.entries, seq = excluded.seq, hash = excluded.hash, " +
    "found = excluded.found, problems = excluded.problems, started_at = excluded.started_at, " +
    "ended_at = excluded.ended_at, whole_at = excluded.whole_at",
);
const selectUnanchored = select(
  auditHeads,
  "WHERE anchored_entries < entries AND anchored_at <= ? ORDER BY merchant_id LIMIT 200",
);

/**
 * Once an hour for each chain that grew: its end goes to the log, to the KV store, and as a signed event to the merchant.
 * Whoever rewrites the database can't reach all three.
 */
export async function anchorChains({ db, kv, clock, log }: Services, jobId: string): Promise<number> {
  const [heads] = await rows(db, selectUnanchored(clock.now() - HOUR_MS));
  for (const head of heads) {
    const anchor = anchorOf(head);
    await keepAnchor(kv, anchor);
    await db.write([markAnchored(head, clock.now()), ...checkpoint(anchor, jobId, clock)]);
    log.write("info", "audit_anchor", { anchor });
  }
  return heads.length;
}

const markAnchored = ({ merchant_id, entries }: Head, now: number): Statement =>
  statement(
    "UPDATE audit_heads SET anchored_entries = ?, anchored_at = ? WHERE merchant_id = ? AND entries >= ?",
    entries,
    now,
    merchant_id,
    entries,
  );

function checkpoint(anchor: Anchor, jobId: string, clock: Services["clock"]): Statement[] {
  if (anchor.merchant === "") return []; // it belongs to no merchant, so no merchant is told
  const author = { merchantId: anchor.merchant, actor: "system", requestId: jobId, clock };
  return [event(author, "audit.checkpoint", anchor.merchant, { ...anchor })];
}

const selectRecent = (since: number): Query<string> => ({
  ...statement("SELECT merchant_id FROM audit_checks WHERE ended_at > ?", since),
  map: ([id]) => String(id),
});

/**
 * Checks the chains whose last check is an hour old, up to `until` (ms); each goes on from where the last one ended, and
 * once a day, or after something was found, from the beginning. Returns whether more is left.
 */
export async function checkChains(services: Services, notary: Notary, until: number): Promise<boolean> {
  const { db, kv, clock } = services;
  const [recent] = await rows(db, selectRecent(clock.now() - HOUR_MS));
  const checked = new Set(recent);
  if ((await chainNames(db, [])).every((name) => checked.has(name))) return false;
  const anchors = await validAnchors(notary, await keptAnchors(kv));
  const triggers = await checkTriggers(db);
  for (const merchantId of await chainNames(db, anchors)) {
    if (checked.has(merchantId)) continue;
    const own = anchors.filter(({ merchant }) => merchant === merchantId);
    if (!await checkOne(services, merchantId, notary, { anchors: own, triggers }, until)) return true;
  }
  return false;
}

/** Checks one chain. Returns whether it came to the end before `until`. */
async function checkOne(
  services: Services,
  merchantId: string,
  notary: Notary,
  known: { readonly anchors: readonly Anchor[]; readonly triggers: readonly ChainProblem[] },
  until: number,
): Promise<boolean> {
  const { db, clock, log } = services;
  const before = await first(db, selectCheck(merchantId));
  const { check, isEnd } = await goOn(services, begin(merchantId, before, clock.now()), until);
  const ending = isEnd ? await checkEnd(db, merchantId, check, notary, known.anchors) : null;
  if (ending === null) {
    await db.write([storeCheck(check)]);
    return false;
  }
  const problems = [...check.found, ...known.triggers, ...ending].slice(0, MOST_PROBLEMS);
  const now = clock.now();
  await db.write([storeCheck({ ...check, found: [], problems, ended_at: now, whole_at: check.whole_at ?? now })]);
  if (problems.length > 0) log.write("alert", "audit_chain_broken", { merchant: merchantId, problems: told(problems) });
  return now < until;
}

/** How many of each kind: a log line is no list. */
const told = (problems: readonly ChainProblem[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(problems, ({ kind }) => kind)].map(([kind, all]) => [kind, all.length]));

function begin(merchantId: string, before: Check | null, now: number): Check {
  if (before !== null && before.ended_at === null) return before; // it did not end in one run
  const isWhole = before === null || before.whole_at === null || now - before.whole_at >= DAY_MS ||
    before.problems.length > 0;
  const start: Walked = isWhole ? atBeginning(merchantId) : before;
  return {
    merchant_id: merchantId,
    ...{ entries: start.entries, seq: start.seq, hash: start.hash },
    found: [],
    problems: before?.problems ?? [],
    started_at: now,
    ended_at: null,
    whole_at: isWhole ? null : before.whole_at,
  };
}

async function goOn(
  { db, clock }: Services,
  from: Check,
  until: number,
): Promise<{ readonly check: Check; readonly isEnd: boolean }> {
  let check = from;
  for (;;) {
    const { walked, problems, isEnd } = await followChain(db, from.merchant_id, check);
    check = { ...check, ...walked, found: [...check.found, ...problems].slice(0, MOST_PROBLEMS) };
    if (isEnd || clock.now() >= until) return { check, isEnd };
  }
}
