import type { InferSelectModel } from "drizzle-orm";
import { insert, select } from "../../db/query.ts";
import { events } from "../../db/schema.ts";

export type EventRow = InferSelectModel<typeof events>;

export const insertEvent = insert(events);
export const selectEvent = select(events, "WHERE id = ?");
export const selectOwnEvent = select(events, "WHERE id = ? AND merchant_id = ?");
/** Events by their ids, which come as one JSON array. */
export const selectEvents = select(events, "WHERE id IN (SELECT value FROM json_each(?))");
