import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { shortcodes } from "../../db/schema.ts";

/** The rows of the shortcode with this number. The list that it is a filter of adds whose rows the caller may read. */
export const ofNumber = (shortcodeId: SQLiteColumn, number: string): SQL =>
  sql`${shortcodeId} = (select s.id from ${shortcodes} s where s.number = ${number})`;
