import { type ClientAccess, OPEN_ACCESS, storedAccess } from "../../auth/client-access.ts";
import { isScope } from "../../auth/scopes.ts";
import { commit, type Context, requireScope } from "../../context/context.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import { changedAccess } from "./client-access.ts";
import { type ClientRow, storeChange } from "./client-rows.ts";
import { clientView, loadOwn, requireGenuine, requireHeld, requireOwnLineage } from "./clients.ts";
import type { ClientView, updateClient as contract } from "./contract.ts";

/**
 * Changes a client's name and access. A change of access ends the tokens that it has. Errors: `not_found`, `wrong_state`,
 * `validation_failed`, `scope_not_held` and `other_lineage` where it gets a key, `conflict`.
 */
export async function updateClient(ctx: Context, input: Input<typeof contract>): Promise<ClientView> {
  requireScope(ctx, "operator");
  const before = await loadOwn(ctx, input.id);
  if (before.status === "revoked") throw new Problem("wrong_state", "The client is revoked; create another one.");
  await requireGenuine(ctx, before);
  if (input.access?.assertion_keys !== undefined || input.access?.signature_keys !== undefined) {
    await requireOwnLineage(ctx, before);
    requireHeld(ctx, before.scopes.filter(isScope)); // whoever has a key may do what the client may
  }
  const access = input.access && changedAccess(before.access ?? OPEN_ACCESS, input.access);
  const after: ClientRow = {
    ...before,
    name: input.name ?? before.name,
    ...(access && { ...await storedAccess(ctx.vault, before.id, access), epoch: before.epoch + 1 }),
    version: before.version + 1,
  };
  const view = clientView(after);
  const change = { before: told(before), after: told(after) };
  await commit(ctx, after.id, [
    ...await storeChange(ctx.vault, after, before),
    auditEntry({ ...ctx, merchantId: after.merchant_id }, "client.updated", after.id, {}, change),
  ], { status: 200, body: view });
  ctx.standings.forget(after.id);
  return view;
}

const idsOf = (keys: ClientAccess["assertion_keys"]): string[] => keys.map(({ kid }) => kid);

/** What the audit trail says of a client: keys by their ids. */
function told({ name, access }: ClientRow) {
  const { assertion_keys, signature_keys, ...uses } = access ?? OPEN_ACCESS;
  return { name, ...uses, assertion_keys: idsOf(assertion_keys), signature_keys: idsOf(signature_keys) };
}
