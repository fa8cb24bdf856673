import { adoption } from "../../auth/client-seals.ts";
import type { Services } from "../../context/context.ts";
import { rows, select } from "../../db/query.ts";
import { clients } from "../../db/schema.ts";
import type { ClientRow } from "./client-rows.ts";

const AT_ONCE = 200;
const selectPage = select(clients, "WHERE id > ? ORDER BY id LIMIT ?");

/**
 * The sweep calls this. Clients that an earlier version has made or changed get a seal, where `CLIENT_SEALS` says so. That
 * version keeps the old seal when it changes a client, so one that does not fit is made anew too.
 */
export async function adoptClients({ config, db, vault, clock, clientSeals }: Services): Promise<void> {
  if (config.auth.clientSeals !== "adopt") return;
  for (let last: string | undefined = ""; last !== undefined;) {
    const [found]: readonly [ClientRow[]] = await rows(db, { ...selectPage(last, AT_ONCE), scan: true });
    const statements = await Promise.all(
      found.map(async (row) => await clientSeals.isWhole(row) ? [] : await adoption({ vault, clock }, row)),
    );
    if (statements.some(({ length }) => length > 0)) await db.write(statements.flat());
    last = found.length < AT_ONCE ? undefined : found.at(-1)?.id;
  }
}
