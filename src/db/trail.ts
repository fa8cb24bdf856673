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
export const auditEntry = (ctx: Author, action: AuditAction, subjectId: string, data: Fields): Statement =>
  insertAudit({
    merchant_id: ctx.merchantId,
    actor: ctx.actor,
    action,
    subject_id: subjectId,
    request_id: ctx.requestId,
    data,
    at: ctx.clock.now(),
  });
