import type { InferSelectModel } from "drizzle-orm";
import type { Services } from "../../context/context.ts";
import { hashSecret, newSecret } from "../../crypto/secrets.ts";
import type { Statement } from "../../db/database.ts";
import { ConstraintError } from "../../db/database.ts";
import { abortIfUnchanged, insert, type Query, rows, select, statement } from "../../db/query.ts";
import { people, signInLinks } from "../../db/schema.ts";
import { newSession, type Visit } from "./sessions.ts";
import { type PersonRow, storePerson } from "./store.ts";

type LinkRow = InferSelectModel<typeof signInLinks>;

/** A link for somebody who lost their passkey: they wait for it. */
export const RECOVERY_MS = 30 * 60_000;
/** An invitation goes by e-mail or chat, and may be read the day after. */
export const INVITATION_MS = 48 * 3_600_000;

const insertLink = insert(signInLinks);
const selectLink: (hash: Uint8Array) => Query<LinkRow> = select(signInLinks, "WHERE token_hash = ?");
const selectPersonOfLink: (hash: Uint8Array) => Query<PersonRow> = select(
  people,
  "WHERE id = (SELECT person_id FROM sign_in_links WHERE token_hash = ?)",
);

/** A link with which a person signs in once. The database holds only the hash of its token. */
export function newLink(
  { clock, actor }: Pick<Services, "clock"> & { readonly actor: string },
  personId: string,
  lifetimeMs: number,
): { readonly path: string; readonly statement: Statement } {
  const token = newSecret();
  const now = clock.now();
  const row: LinkRow = {
    token_hash: hashSecret(token),
    person_id: personId,
    created_by: actor,
    created_at: now,
    expires_at: now + lifetimeMs,
    used_at: null,
  };
  return { path: `/console/sign-in/${token}`, statement: insertLink(row) };
}

/** Whom a link signs in; null if it was used, has ended, or was never made. It changes nothing. */
export async function personOfLink({ db, clock }: Services, token: string): Promise<PersonRow | null> {
  const hash = hashSecret(token);
  const [[link], [person]] = await rows(db, selectLink(hash), selectPersonOfLink(hash));
  if (link === undefined || person === undefined || person.status === "removed") return null;
  return link.used_at === null && clock.now() < link.expires_at ? person : null;
}

const useLink = (hash: Uint8Array, now: number): Statement =>
  statement(
    "UPDATE sign_in_links SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?",
    now,
    hash,
    now,
  );

/** Uses a link: the person becomes active, and a session begins. Null if the link does not work, or no longer. */
export async function redeemLink(services: Services, token: string, visit: Visit): Promise<{ token: string } | null> {
  const person = await personOfLink(services, token);
  if (person === null) return null;
  const now = services.clock.now();
  const active: PersonRow = { ...person, status: "active", updated_at: now, version: person.version + 1 };
  const joining = person.status === "active" ? [] : [storePerson(active, person.id, person.version), abortIfUnchanged];
  const session = newSession(services, person, "link", visit);
  try {
    await services.db.write([useLink(hashSecret(token), now), abortIfUnchanged, ...joining, ...session.statements]);
  } catch (error) {
    if (error instanceof ConstraintError && error.rule === "conflict") return null; // somebody else was faster
    throw error;
  }
  return { token: session.token };
}

/** Statement: the links of a person end. */
export const endLinks = (personId: string, now: number): Statement =>
  statement("UPDATE sign_in_links SET used_at = ? WHERE person_id = ? AND used_at IS NULL", now, personId);
