import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import { type Failure, failures } from "./attempt.ts";
import type { DeliveryView } from "./contract.ts";
import type { DeliveryRow } from "./store.ts";
import type { EventRow } from "../events/store.ts";
import { messageOf, plainHeaders } from "./message.ts";

/** An attempt to deliver, as its merchant sees it. The request is shown as it was sent, less its signature. */
export function deliveryView(row: DeliveryRow, event: EventRow): DeliveryView {
  const { started_at, url, failure, response_status } = row;
  const known = failure !== null && Object.hasOwn(failures, failure) ? failures[failure as Failure] : null; // looked up first
  return {
    id: row.id,
    endpoint: row.endpoint_id,
    event: row.event_id,
    event_type: event.type,
    cause: row.cause,
    attempt: row.number,
    status: row.status,
    request: started_at === null || url === null ? null : {
      url,
      headers: plainHeaders(row.event_id, Math.floor(started_at / 1000)),
      body: messageOf(event),
    },
    response: response_status === null ? null : { status: response_status, body: row.response_body },
    failure: failure === null ? null : { code: failure, message: known ?? "It failed." },
    created_at: formatTime(row.created_at),
    due_at: row.status === "pending" ? formatTime(row.run_at) : null,
    started_at: formatTimeOrNull(started_at),
    duration_ms: row.duration_ms,
    next_attempt_at: formatTimeOrNull(row.next_at),
  };
}
