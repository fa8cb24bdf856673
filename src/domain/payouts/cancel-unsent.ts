import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { rows, select } from "../../db/query.ts";
import { payouts } from "../../db/schema.ts";
import { asStored } from "../settlement/next-version.ts";
import { decisionStatements } from "./decision-statements.ts";
import { applyFact } from "./machine.ts";

/** As many as a batch may have: more would hold the one writer for too long. */
const MOST_AT_ONCE = 5_000;

const selectUnsent = select(
  payouts,
  "WHERE merchant_id = ? AND status IN ('awaiting_approval', 'queued') " +
    `AND created_by IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ${MOST_AT_ONCE}`,
);

/**
 * Statements: cancel what these clients have created and nobody has sent, at most 5,000. Their batch fails with
 * `conflict` if one of the payouts was changed since it was read.
 */
export async function cancelUnsent(
  ctx: Context,
  merchantId: string,
  clientIds: readonly string[],
): Promise<{ readonly ids: readonly string[]; readonly statements: readonly Statement[] }> {
  const [found] = await rows(ctx.db, selectUnsent(merchantId, JSON.stringify(clientIds)));
  const now = ctx.clock.now();
  const changes = found.map((before) => ({
    before,
    after: asStored(before, applyFact(before, { kind: "cancelled" }, now), now),
  }));
  const statements = await decisionStatements({ ...ctx, merchantId }, changes);
  return { ids: found.map(({ id }) => id), statements };
}
