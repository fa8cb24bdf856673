import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import { type DeliveryFailure, failureMessages } from "./failures.ts";
import type { DeliveryView } from "./contract.ts";
import type { DeliveryRow } from "./store.ts";
import type { EventRow } from "../events/store.ts";
import { messageBody, unsignedHeaders } from "./message.ts";

/** A delivery as the API shows it to its merchant. The request is shown as it was sent, without its signature. */
export function deliveryView(row: DeliveryRow, event: EventRow): DeliveryView {
  const { started_at, url, failure, response_status } = row;
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
      headers: unsignedHeaders(row.event_id, Math.floor(started_at / 1000)),
      body: messageBody(event),
    },
    response: response_status === null ? null : { status: response_status, body: row.response_body },
    failure: failure === null ? null : { code: failure, message: failureMessage(failure) },
    created_at: formatTime(row.created_at),
    due_at: row.status === "pending" ? formatTime(row.run_at) : null,
    started_at: formatTimeOrNull(started_at),
    duration_ms: row.duration_ms,
    next_attempt_at: formatTimeOrNull(row.next_at),
    version: row.version,
  };
}

/** The message of a stored failure code. An older version of the service may have stored a code that is gone today. */
const failureMessage = (code: string): string =>
  Object.hasOwn(failureMessages, code) ? failureMessages[code as DeliveryFailure] : "It failed."; // the check narrows it
