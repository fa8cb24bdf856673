import { time, timeOrNull } from "../../http/fields.ts";
import type { EndpointView } from "./contract.ts";
import type { EndpointRow } from "./store.ts";

/** An endpoint as the API shows it to its merchant at `now` (ms), without its secrets. */
export const endpointView = (row: EndpointRow, now: number): EndpointView => ({
  id: row.id,
  url: row.url,
  events: row.events,
  description: row.description,
  status: row.status === "enabled" ? "enabled" : "disabled",
  disabled_reason: row.disabled_reason,
  disabled_at: timeOrNull(row.disabled_at),
  failing_since: timeOrNull(row.failing_since),
  previous_secret_expires_at: timeOrNull((row.previous_secret_until ?? 0) > now ? row.previous_secret_until : null),
  created_at: time(row.created_at),
  updated_at: time(row.updated_at),
});
