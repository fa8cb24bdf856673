import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
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
  disabled_at: formatTimeOrNull(row.disabled_at),
  failing_since: formatTimeOrNull(row.failing_since),
  previous_secret_expires_at: formatTimeOrNull(
    (row.previous_secret_until ?? 0) > now ? row.previous_secret_until : null,
  ),
  created_at: formatTime(row.created_at),
  updated_at: formatTime(row.updated_at),
  version: row.version,
});
