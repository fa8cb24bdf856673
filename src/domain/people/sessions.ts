import type { InferSelectModel } from "drizzle-orm";
import type { Services } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { hashSecret, newSecret } from "../../crypto/secrets.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, type Query, rows, select, statement } from "../../db/query.ts";
import { merchants, people, sessions } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import type { PersonRow } from "./store.ts";

export type SessionRow = InferSelectModel<typeof sessions>;

/** A session that nobody uses ends after this time. */
export const IDLE_MS = 30 * 60_000;
/** However much it is used, it ends after a working day. */
export const LONGEST_MS = 12 * 3_600_000;
/** `last_seen_at` is written this often at most, so that reading a page seldom writes. */
const SEEN_STEP_MS = 60_000;
const MAX_AGENT = 200;

/** Where a request to sign in comes from. */
export interface Visit {
  readonly address: string;
  readonly agent: string;
  readonly requestId: string;
}

const insertSession = insert(sessions);
const selectSession: (hash: Uint8Array) => Query<SessionRow> = select(sessions, "WHERE token_hash = ?");
const selectPersonOfSession: (hash: Uint8Array) => Query<PersonRow> = select(
  people,
  "WHERE id = (SELECT person_id FROM sessions WHERE token_hash = ?)",
);
const selectMerchantOfSession: (hash: Uint8Array) => Query<InferSelectModel<typeof merchants>> = select(
  merchants,
  "WHERE id = (SELECT p.merchant_id FROM sessions s JOIN people p ON p.id = s.person_id WHERE s.token_hash = ?)",
);

/** A new session: its token, which only the browser keeps, and the statements that store it. */
export function newSession(
  { clock }: Pick<Services, "clock">,
  person: PersonRow,
  method: SessionRow["method"],
  visit: Visit,
): { readonly token: string; readonly statements: readonly Statement[] } {
  const token = newSecret();
  const now = clock.now();
  const row: SessionRow = {
    id: newId("ses"),
    person_id: person.id,
    token_hash: hashSecret(token),
    method,
    address: visit.address,
    agent: visit.agent.slice(0, MAX_AGENT),
    created_at: now,
    last_seen_at: now,
    expires_at: now + LONGEST_MS,
    ended_at: null,
  };
  const author = {
    clock,
    merchantId: person.merchant_id,
    actor: person.id,
    actorMerchantId: person.merchant_id,
    requestId: visit.requestId,
    address: visit.address,
  };
  return { token, statements: [insertSession(row), auditEntry(author, "session.started", row.id, { method })] };
}

/** A session that has not ended, and whose it is. */
export interface OpenSession {
  readonly session: SessionRow;
  readonly person: PersonRow;
  readonly merchant: InferSelectModel<typeof merchants>;
  /** When it ends if nothing more is done (ms). */
  readonly endsAt: number;
}

/**
 * The session of a token; null if it has ended, or its person was removed. It is read from the database each time, so an
 * end counts at once in every process. `isUse`: whether the person does something; what a page asks by itself is none.
 */
export async function findSession(
  { db, clock }: Services,
  token: string,
  { isUse = true }: { readonly isUse?: boolean } = {},
): Promise<OpenSession | null> {
  const hash = hashSecret(token);
  const [[session], [person], [merchant]] = await rows(
    db,
    selectSession(hash),
    selectPersonOfSession(hash),
    selectMerchantOfSession(hash),
  );
  if (session === undefined || person === undefined || merchant === undefined) return null;
  if (person.status !== "active") return null;
  const now = clock.now();
  if (!isOpen(session, now)) return null;
  if (isUse && now - session.last_seen_at >= SEEN_STEP_MS) await db.write([noteSeen(session.id, now)]);
  const usedAt = isUse ? now : session.last_seen_at;
  return { session, person, merchant, endsAt: Math.min(session.expires_at, usedAt + IDLE_MS) };
}

/** The session of a token, also one that has ended. */
export const sessionOfToken = async ({ db }: Pick<Services, "db">, token: string): Promise<SessionRow | null> =>
  await first(db, selectSession(hashSecret(token)));

/** Whether a session has not ended at `now` (ms). */
export const isOpen = (row: SessionRow, now: number): boolean =>
  row.ended_at === null && now < Math.min(row.expires_at, row.last_seen_at + IDLE_MS);

/** The newest sessions of a person; some may have ended for want of use. A person has few. */
export const openSessionsOf: (personId: string, now: number) => Query<SessionRow> = select(
  sessions,
  "WHERE person_id = ? AND ended_at IS NULL AND expires_at > ? ORDER BY id DESC LIMIT 100",
);

/** Statement: all sessions of a person end. */
export const endSessionsOf = (personId: string, now: number): Statement =>
  statement("UPDATE sessions SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL", now, personId);

const noteSeen = (id: string, now: number): Statement =>
  statement("UPDATE sessions SET last_seen_at = max(last_seen_at, ?) WHERE id = ? AND ended_at IS NULL", now, id);

/** Statement: a session ends. */
export const endSession = (id: string, now: number): Statement =>
  statement("UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL", now, id);
