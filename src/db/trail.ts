import { newId } from "../crypto/ids.ts";
import type { Fields } from "../telemetry/log.ts";
import type { Clock } from "../platform/ports.ts";
import type { Result, Statement } from "./database.ts";
import { insert } from "./query.ts";
import { audit, events } from "./schema.ts";

/** Who changes something, and when: every context is one. */
export interface Author {
  readonly merchantId: string;
  readonly actor: string;
  readonly requestId: string;
  readonly clock: Clock;
}

const TAKEN =
  "EXISTS (SELECT 1 FROM webhook_endpoints e WHERE e.merchant_id = events.merchant_id AND e.status = 'enabled')";
/** Says whether a webhook endpoint waits for it; then a trigger has made the job that tells it, in the same batch. */
const insertEvent = insert(events, `RETURNING ${TAKEN}`);
const insertAudit = insert(audit);

/** What merchants are told, in the batch of the change. `data` carries no whole phone number. */
export const event = (ctx: Author, type: string, subjectId: string, data: Fields): Statement =>
  insertEvent({
    id: newId("evt"),
    merchant_id: ctx.merchantId,
    type,
    subject_id: subjectId,
    data,
    created_at: ctx.clock.now(),
  });

const { sql: EVENT } = insertEvent({ id: "", merchant_id: "", type: "", subject_id: "", data: {}, created_at: 1 });

/** The events of a stored batch that webhook endpoints wait for, by id. */
export const untoldEvents = (statements: readonly Statement[], results: readonly Result[]): string[] =>
  statements.flatMap(({ sql, args }, i) => sql === EVENT && results[i]?.rows[0]?.[0] === 1 ? [String(args[0])] : []);

/** Who did what, in the batch of the change; append-only. */
export const auditEntry = (ctx: Author, action: string, subjectId: string, data: Fields): Statement =>
  insertAudit({
    merchant_id: ctx.merchantId,
    actor: ctx.actor,
    action,
    subject_id: subjectId,
    request_id: ctx.requestId,
    data,
    at: ctx.clock.now(),
  });
