import type { Context } from "../../context/context.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { insert, rows, select, statement, update } from "../../db/query.ts";
import { shortcodes } from "../../db/schema.ts";
import { Problem } from "../../problems/problem.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { openShortcode } from "./lookup.ts";

const MAX_TRIES = 4;
const selectOwn = select(shortcodes, "WHERE merchant_id = ? ORDER BY id");

export const insertShortcode = insert(shortcodes);

/** Updates a row if nobody has changed it since it was read. Put `abortIfUnchanged` after it. */
export const updateRow = update(
  shortcodes,
  [
    "store_number",
    "name",
    "is_default",
    "credentials",
    "validation",
    "known_accounts",
    "validation_when_down",
    "urls_version",
    "urls_response_type",
    "urls_registered_at",
    "pull_phone",
    "pull_registered_at",
    "proven_at",
    "url_number",
    "urls_revoked",
    "name_check",
    "store",
    "tariff",
    "updated_at",
    "version",
  ],
  "WHERE id = ? AND version = ?",
);

/** Clears the merchant's default shortcode. Put it before the statement that sets another one. */
export const clearDefault = (merchantId: string, now: number): Statement =>
  statement(
    "UPDATE shortcodes SET is_default = 0, version = version + 1, updated_at = max(updated_at + 1, ?) " +
      "WHERE merchant_id = ? AND is_default = 1",
    now,
    merchantId,
  );

/** The merchant's shortcodes, read from the database. */
export async function loadOwnShortcodes(ctx: Context): Promise<readonly Shortcode[]> {
  const [found] = await rows(ctx.db, selectOwn(ctx.merchantId));
  return await Promise.all(found.map((row) => openShortcode(ctx.vault, row)));
}

/**
 * Runs a step that reads, decides and writes. It runs again if another change of the merchant's shortcodes came between.
 * Afterwards the cached shortcodes are removed. Errors: `shortcode_taken`, without saying which merchant has it.
 */
export async function changeShortcode<T>(ctx: Context, number: string, step: () => Promise<T>): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      const result = await step();
      ctx.shortcodes.forget(ctx.merchantId);
      return result;
    } catch (error) {
      if (!(error instanceof ConstraintError)) throw error;
      if (error.rule === "shortcodes.number") throw shortcodeTaken(number);
      const lost = error.rule === "conflict" || error.rule === "shortcodes.merchant_id";
      if (!lost || tries === MAX_TRIES) throw error;
    }
  }
}

export const shortcodeTaken = (number: string): Problem =>
  new Problem(
    "shortcode_taken",
    `${number} is connected already. If it is yours and GET /v1/shortcodes does not list it, write to us.`,
  );
