import { commit, type Context, requireScope } from "../../context/context.ts";
import { rows } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import { formatTime } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import type { endSessions as contract, SessionView } from "./contract.ts";
import { loadOwn } from "./load.ts";
import { endSession, isOpen, openSessionsOf, type SessionRow } from "./sessions.ts";

const viewOf = (row: SessionRow): SessionView => ({
  id: row.id,
  method: row.method,
  address: row.address,
  agent: row.agent,
  created_at: formatTime(row.created_at),
  last_seen_at: formatTime(row.last_seen_at),
  expires_at: formatTime(row.expires_at),
});

async function openOf(ctx: Context, personId: string): Promise<readonly SessionRow[]> {
  const now = ctx.clock.now();
  const [found] = await rows(ctx.db, openSessionsOf(personId, now));
  return found.filter((row) => isOpen(row, now));
}

/** The sessions of a person that have not ended, newest first. Errors: `not_found`. */
export async function listSessions(ctx: Context, { id }: { id: string }): Promise<{ data: SessionView[] }> {
  requireScope(ctx, "operator");
  const person = await loadOwn(ctx, id);
  return { data: (await openOf(ctx, person.id)).map(viewOf) };
}

/** Ends one session of a person, or all. Errors: `not_found`. */
export async function endSessions(ctx: Context, input: Input<typeof contract>): Promise<{ ended: number }> {
  requireScope(ctx, "operator");
  const person = await loadOwn(ctx, input.id);
  const chosen = (await openOf(ctx, person.id)).filter(({ id }) => input.session === undefined || id === input.session);
  const owner = { ...ctx, merchantId: person.merchant_id };
  const answer = { ended: chosen.length };
  await commit(
    ctx,
    person.id,
    chosen.flatMap(({ id }) => [
      endSession(id, ctx.clock.now()),
      auditEntry(owner, "session.ended", id, { person: person.id }),
    ]),
    { status: 200, body: answer },
  );
  return answer;
}
