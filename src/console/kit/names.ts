import type { Context } from "../../context/context.ts";
import type { Value } from "../../db/database.ts";
import { type Query, rows } from "../../db/query.ts";
import { openIdentity, selectPeople } from "../../domain/people/store.ts";

const selectClients = (merchantId: string, ids: string): Query<readonly [string, string]> => ({
  sql: "SELECT id, name FROM clients WHERE merchant_id = ? AND id IN (SELECT value FROM json_each(?))",
  args: [merchantId, ids],
  map: ([id, name]: readonly Value[]) => [String(id), String(name)],
});

/** The names of the people and of the merchant's clients among some actors, by id. Others have only their id. */
export async function namesOf(ctx: Context, actors: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> {
  const idsOf = (prefix: string) => [...new Set(actors.filter((actor) => actor?.startsWith(prefix)))];
  const [people, clients] = [idsOf("per_"), idsOf("cli_")];
  if (people.length + clients.length === 0) return new Map();
  const [persons, programs] = await rows(
    ctx.db,
    selectPeople(JSON.stringify(people)),
    selectClients(ctx.merchantId, JSON.stringify(clients)),
  );
  const named = persons.map(async (row) => [row.id, (await openIdentity(ctx.vault, row)).name] as const);
  return new Map([...await Promise.all(named), ...programs]);
}
