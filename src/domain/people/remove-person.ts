import { commit, type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged, statement } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { auditEntry, type Author } from "../../db/trail.ts";
import { descendantsOf } from "../merchants/lineage.ts";
import type { RemovedPerson } from "./contract.ts";
import { keepAnAdmin, loadOwn, requireNotRemoved } from "./load.ts";
import { endLinks } from "./links.ts";
import { endSessionsOf } from "./sessions.ts";
import { type PersonRow, storePerson } from "./store.ts";
import { personView } from "./view.ts";

/** Removes a person: nothing signs them in any more, from now on. Errors: `not_found`, `wrong_state`, `last_admin`. */
export async function removePerson(ctx: Context, { id }: { id: string }): Promise<RemovedPerson> {
  requireScope(ctx, "operator");
  return await retryOnConflict(async () => {
    const before = await loadOwn(ctx, id);
    requireNotRemoved(before);
    const { after, statements } = await removal(ctx, before);
    const clients = [...await descendantsOf(ctx, id)];
    const view = { ...await personView(ctx, after), passkeys: 0, clients };
    await commit(ctx, id, statements, { status: 200, body: view });
    return view;
  });
}

/** A removed person, and the statements that remove them. Errors: `last_admin`. */
export async function removal(
  author: Omit<Author, "merchantId"> & Pick<Context, "db">,
  before: PersonRow,
): Promise<{ readonly after: PersonRow; readonly statements: readonly Statement[] }> {
  const now = author.clock.now();
  const after: PersonRow = {
    ...before,
    status: "removed",
    removed_at: now,
    updated_at: now,
    version: before.version + 1,
  };
  const entry = auditEntry({ ...author, merchantId: before.merchant_id }, "person.removed", before.id, {}, {
    before: { status: before.status },
    after: { status: after.status },
  });
  const statements = [
    ...await keepAnAdmin(author, before, after),
    storePerson(after, before.id, before.version),
    abortIfUnchanged,
    endSessionsOf(before.id, now),
    endLinks(before.id, now),
    statement("UPDATE passkeys SET removed_at = ? WHERE person_id = ? AND removed_at IS NULL", now, before.id),
    entry,
  ];
  return { after, statements };
}
