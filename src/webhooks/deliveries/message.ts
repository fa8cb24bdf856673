import { formatTime } from "../../http/fields.ts";
import { version } from "../../lib/version.ts";
import type { Sign } from "../endpoints/signature.ts";
import type { EventRow } from "../events/store.ts";

/** What is sent, the same at every try: the event as GET /v1/events/{id} shows it, and `timestamp` for the standard. */
export const messageOf = (event: EventRow): string =>
  JSON.stringify({
    id: event.id,
    type: event.type,
    timestamp: formatTime(event.created_at),
    subject: event.subject_id,
    data: event.data,
    created_at: formatTime(event.created_at),
  });

/** The headers that tell what a message is; the signature comes besides. */
export const plainHeaders = (eventId: string, seconds: number): Record<string, string> => ({
  "content-type": "application/json",
  "user-agent": `Malipo-Webhooks/${version}`,
  "webhook-id": eventId,
  "webhook-timestamp": String(seconds),
});

/** Headers of one try; `now` in ms. */
export function headersOf(
  eventId: string,
  body: string,
  now: number,
  sign: Sign,
): Record<string, string> {
  const seconds = Math.floor(now / 1000);
  return { ...plainHeaders(eventId, seconds), "webhook-signature": sign(eventId, seconds, body) };
}
