import type { Context } from "../../context/context.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { Problem } from "../../problems/problem.ts";
import type { NamedNumber } from "./statement/named-numbers.ts";

/** The shortcode of a statement, and what to tell about the choice. */
export interface ChosenShortcode {
  readonly shortcode: Shortcode;
  readonly notes: readonly string[];
}

/**
 * The shortcode that a statement is imported for. The number in the file decides; a number in the request must be the
 * same. Only a file that names none goes to the number in the request, or to the default shortcode. Errors:
 * `statement_shortcode_mismatch`, `validation_failed` at `/shortcode`.
 */
export async function chooseShortcode(
  ctx: Context,
  asked: string | undefined,
  named: readonly NamedNumber[],
): Promise<ChosenShortcode> {
  const requested = asked === undefined ? null : await ctx.shortcodes.pick(ctx.merchantId, asked);
  const own = (await ctx.shortcodes.ofMerchant(ctx.merchantId)).filter(({ row }) => row.proven_at !== null);
  let chosen: Shortcode | null = null;
  for (const { line, text, number } of named) {
    if (number === null) {
      throw mismatch(line, text, "which is not a whole number of a shortcode. Export the statement again");
    }
    const found = own.find((shortcode) => shortcode.number === number || shortcode.storeNumber === number);
    // nobody's and another merchant's have one answer, so that nobody can find out which numbers are connected
    if (found === undefined) {
      throw mismatch(line, number, "which is not a shortcode of yours. GET /v1/shortcodes lists yours");
    }
    if (requested !== null && found.id !== requested.id) {
      throw mismatch(
        line,
        number,
        `and the request names ${requested.number}. Send the file of that shortcode, or leave shortcode out`,
      );
    }
    if (chosen !== null && found.id !== chosen.id) {
      throw mismatch(line, number, `and an earlier line ${chosen.number}. Send one file for each shortcode`);
    }
    chosen = found;
  }
  if (chosen !== null) return { shortcode: chosen, notes: [] };
  const shortcode = requested ?? await ctx.shortcodes.pick(ctx.merchantId, undefined);
  return {
    shortcode,
    notes: [`The file names no shortcode, so it was taken as the statement of ${shortcode.number}.`],
  };
}

const mismatch = (line: number, text: string, rest: string): Problem =>
  new Problem(
    "statement_shortcode_mismatch",
    `Line ${line} of the statement names ${text}, ${rest}. Nothing was imported.`,
  );
