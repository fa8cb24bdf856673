import { formatTime } from "../../http/fields.ts";
import { VERSION } from "../../lib/version.ts";
import type { Sign } from "../endpoints/signature.ts";
import type { EventRow } from "../events/store.ts";

/**
 * The body of a message, the same at every attempt: the event as GET /v1/events/{id} shows it, and the field `timestamp`
 * that Standard Webhooks 1.0 asks for.
 */
export const messageBody = (event: EventRow): string =>
  JSON.stringify({
    id: event.id,
    type: event.type,
    timestamp: formatTime(event.created_at),
    subject: event.subject_id,
    data: event.data,
    created_at: formatTime(event.created_at),
  });

/** The headers of a message without its signature. `seconds` since the epoch. */
export const unsignedHeaders = (eventId: string, seconds: number): Record<string, string> => ({
  "content-type": "application/json",
  "user-agent": `Malipo-Webhooks/${VERSION}`,
  "webhook-id": eventId,
  "webhook-timestamp": String(seconds),
});

/** The headers of one attempt; `now` in ms. */
export function signedHeaders(
  eventId: string,
  body: string,
  now: number,
  sign: Sign,
): Record<string, string> {
  const seconds = Math.floor(now / 1000);
  return { ...unsignedHeaders(eventId, seconds), "webhook-signature": sign(eventId, seconds, body) };
}
