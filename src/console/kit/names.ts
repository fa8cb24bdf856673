import type { Context } from "../../context/context.ts";
import { rows } from "../../db/query.ts";
import { openIdentity, selectPeople } from "../../domain/people/store.ts";

/** The names of the people among some actors, by id. A client stands for itself, so its id is its name. */
export async function namesOf(ctx: Context, actors: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(actors.filter((actor) => actor?.startsWith("per_")))];
  if (ids.length === 0) return new Map();
  const [found] = await rows(ctx.db, selectPeople(JSON.stringify(ids)));
  const named = found.map(async (row) => [row.id, (await openIdentity(ctx.vault, row)).name] as const);
  return new Map(await Promise.all(named));
}
