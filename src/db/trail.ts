import { newId } from "../crypto/ids.ts";
import type { Fields } from "../telemetry/log.ts";
import type { Clock } from "../platform/ports.ts";
import type { Result, Statement } from "./database.ts";
import type { AuditAction } from "./audit-actions.ts";
import type { EventType } from "./event-types.ts";
import { insert } from "./query.ts";
import { audit, events } from "./schema.ts";

/** Who changes something, and when: every context is one. */
export interface Author {
  readonly merchantId: string;
  readonly actor: string;
  readonly requestId: string;
  readonly clock: Clock;
  /** The merchant of the actor, if it is a client. `merchantId` is the subject's. */
  readonly actorMerchantId?: string;
  /** Where the client's request came from. */
  readonly address?: string;
}

/** What a change of settings replaces, and by what. Neither holds personal data or a secret. */
export interface Change {
  readonly before: Fields;
  readonly after: Fields;
}

const HAS_ENDPOINT =
  "EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.merchant_id = events.merchant_id AND e.status = 'enabled')";
/** Returns 1 if the merchant has an enabled endpoint. Then a trigger has made the event's job, in the same batch. */
const insertEvent = insert(events, `RETURNING ${HAS_ENDPOINT}`);
const insertAudit = insert(audit);

/** A statement of {@link event}; it returns whether a webhook endpoint waits for the event. */
interface EventStatement extends Statement {
  readonly eventId: string;
}

/** Statement: stores the event of a change, in the batch of the change. `data` contains no whole phone number. */
export function event(ctx: Author, type: EventType, subjectId: string, data: Fields): EventStatement {
  const eventId = newId("evt");
  const { sql, args } = insertEvent({
    id: eventId,
    merchant_id: ctx.merchantId,
    type,
    subject_id: subjectId,
    data,
    created_at: ctx.clock.now(),
  });
  return { sql, args, eventId };
}

/** The ids of the events in a stored batch that webhook endpoints wait for. */
export function eventsToDeliver(statements: readonly Statement[], results: readonly Result[]): string[] {
  const ids: string[] = [];
  for (const [i, statement] of statements.entries()) {
    if (isEvent(statement) && results[i]?.rows[0]?.[0] === 1) ids.push(statement.eventId);
  }
  return ids;
}

const isEvent = (statement: Statement): statement is EventStatement => "eventId" in statement;

/** Statement: who did what, in the batch of the change. The table is append-only. */
export const auditEntry = (
  ctx: Author,
  action: AuditAction,
  subjectId: string,
  data: Fields,
  change?: Change,
): Statement =>
  insertAudit({
    merchant_id: ctx.merchantId,
    actor: ctx.actor,
    action,
    subject_id: subjectId,
    request_id: ctx.requestId,
    data,
    at: ctx.clock.now(),
    actor_merchant_id: ctx.actorMerchantId ?? null,
    address: ctx.address ?? null,
    before: change?.before ?? null,
    after: change?.after ?? null,
  });

/** The fields that differ, before and after. */
export function changeOf(before: Fields, after: Fields): Change {
  const names = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  const only = (fields: Fields): Fields => Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
  return { before: only(before), after: only(after) };
}
