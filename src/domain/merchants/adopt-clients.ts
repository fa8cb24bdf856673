import { adoption } from "../../auth/client-seals.ts";
import type { Services } from "../../context/context.ts";
import { rows, select } from "../../db/query.ts";
import { clients } from "../../db/schema.ts";

const AT_ONCE = 200;
const selectWithoutSeal = select(clients, "WHERE row_seal IS NULL ORDER BY id LIMIT ?");

/** The sweep calls this. Clients that an earlier version has made get a seal, where `CLIENT_SEALS` says so. */
export async function adoptClients({ config, db, vault, clock }: Services): Promise<void> {
  if (config.auth.clientSeals !== "adopt") return;
  const [found] = await rows(db, { ...selectWithoutSeal(AT_ONCE), scan: true });
  if (found.length === 0) return;
  const statements = await Promise.all(found.map((row) => adoption({ vault, clock }, row)));
  await db.write(statements.flat());
}
