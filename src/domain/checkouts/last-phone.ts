import type { Context } from "../../context/context.ts";
import type { Attempt } from "./machine.ts";
import { loadOwn } from "./read.ts";

/** The phone of the last prompt (12 digits), for another prompt to it. Null: none was sent. Errors: `not_found`. */
export async function lastPromptedPhone(ctx: Context, id: string): Promise<string | null> {
  return await phoneOfLast(ctx, (await loadOwn(ctx, id)).attempts);
}

/** The same of attempts that were read before. */
export async function phoneOfLast(
  { vault }: Pick<Context, "vault">,
  attempts: readonly Attempt[],
): Promise<string | null> {
  const last = attempts.at(-1);
  if (last === undefined) return null;
  return await vault.openText(last.phone, { table: "attempts", column: "phone", row: last.id });
}
