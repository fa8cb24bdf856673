import type { SigningKeys } from "../../crypto/signing.ts";
import type { Database } from "../../db/database.ts";
import { first, rows } from "../../db/query.ts";
import type { ChainProblem } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import {
  type Anchor,
  createNotary,
  dropAnchor,
  keepAnchor,
  keptAnchors,
  parseAnchor,
} from "../../domain/audit/anchor.ts";
import { anchorOf, selectHead } from "../../domain/audit/seal.ts";
import { chainNames, type ChainReport, checkTriggers, verifyChain } from "../../domain/audit/verify.ts";
import type { Clock, KeyValue } from "../../platform/ports.ts";

/** What `malipo audit` works on. */
export interface Trail {
  readonly db: Database;
  readonly kv: KeyValue;
  readonly keys: SigningKeys;
  readonly clock: Clock;
}

export interface TrailReport {
  readonly chains: readonly ChainReport[];
  readonly triggers: readonly ChainProblem[];
  /** How many entries no seal covers yet. The job seals them within a minute. */
  readonly unsealed: number;
  readonly isWhole: boolean;
}

/** `audit verify`: follows every chain to its end. `log` has lines of the service's log, whose anchors are compared too. */
export async function verifyTrail({ db, kv, keys }: Trail, log: readonly string[] = []): Promise<TrailReport> {
  const notary = await createNotary(keys);
  const anchors = [...await keptAnchors(kv), ...log.flatMap((line) => parseAnchor(line) ?? [])];
  const chains: ChainReport[] = [];
  for (const name of await chainNames(db, anchors)) chains.push(await verifyChain(db, name, notary, anchors));
  const triggers = await checkTriggers(db);
  const [[unsealed = 0]] = await rows(db, {
    sql: "SELECT count(*) FROM audit WHERE seq > (SELECT last_seq FROM audit_sealing)",
    args: [],
    map: ([count]) => Number(count),
  });
  const isWhole = triggers.length === 0 && chains.every(({ problems }) => problems.length === 0);
  return { chains, triggers, unsealed, isWhole };
}

/** A report for people: one line for each chain, and one for each problem. */
export function reportLines({ chains, triggers, unsealed, isWhole }: TrailReport): string[] {
  const told = (merchant: string) => merchant === "" ? "of no merchant" : merchant;
  return [
    ...chains.filter(({ entries, problems }) => entries > 0 || problems.length > 0).flatMap((chain) => [
      `${chain.problems.length === 0 ? "ok  " : "FAIL"} ${told(chain.merchant)}: ${chain.entries} entries, ` +
      `${chain.anchors} anchors compared`,
      ...chain.problems.map(({ kind, seq }) => `     ${kind}${seq === null ? "" : ` at entry ${seq}`}`),
    ]),
    ...triggers.map(() => "FAIL a trigger that keeps the trail append-only is gone or changed"),
    `${unsealed} entries are not sealed yet.`,
    isWhole ? "The audit trail is whole." : "The audit trail was changed. See docs/operations.md#audit_chain.",
  ];
}

/**
 * `audit accept`: a person accepts that the database is behind its anchors, as after a restore. Each chain is anchored as it
 * is now, and the trail says who did it and why. Returns the chains that this was about.
 */
export async function acceptTrail(trail: Trail, by: string, reason: string): Promise<readonly string[]> {
  const { db, kv, keys, clock } = trail;
  const notary = await createNotary(keys);
  const accepted: string[] = [];
  for (const anchor of await keptAnchors(kv)) {
    const { problems } = await verifyChain(db, anchor.merchant, notary, [anchor]);
    if (problems.length === 0) continue;
    await replaceAnchor(db, kv, anchor);
    const author = { merchantId: anchor.merchant, actor: by, requestId: "cli", clock };
    const found = [...new Set(problems.map(({ kind }) => kind))];
    await db.write([auditEntry(author, "audit.accepted", anchor.merchant, { reason, found, entries: anchor.entries })]);
    accepted.push(anchor.merchant);
  }
  return accepted;
}

async function replaceAnchor(db: Database, kv: KeyValue, { merchant }: Anchor): Promise<void> {
  const head = await first(db, selectHead(merchant));
  if (head === null) await dropAnchor(kv, merchant);
  else await keepAnchor(kv, anchorOf(head));
}
