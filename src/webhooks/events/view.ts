import { formatTime } from "../../http/fields.ts";
import type { EventView } from "./contract.ts";
import type { EventRow } from "./store.ts";

/** An event as the API shows it to its merchant. */
export const eventView = (row: EventRow): EventView => ({
  id: row.id,
  type: row.type,
  subject: row.subject_id,
  data: row.data,
  created_at: formatTime(row.created_at),
});
