import { newId } from "../crypto/ids.ts";
import type { Fields } from "../log.ts";
import type { Clock } from "../platform/ports.ts";
import type { Statement } from "./database.ts";
import { insert } from "./query.ts";
import { audit, events } from "./schema.ts";

/** Who changes something, and when: every context is one. */
export interface Author {
  readonly merchantId: string;
  readonly actor: string;
  readonly requestId: string;
  readonly clock: Clock;
}

const insertEvent = insert(events);
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
