import type { Role } from "../../auth/roles.ts";
import { commit, type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { auditEntry, type Author, changeOf } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import type { PersonView, updatePerson as contract } from "./contract.ts";
import { keepAnAdmin, loadOwn, requireHeld, requireNotRemoved } from "./load.ts";
import { openIdentity, type PersonRow, rolesOf, sealIdentity, storePerson } from "./store.ts";
import { personView } from "./view.ts";

/** Changes a person's name or roles. Errors: `not_found`, `scope_not_held`, `wrong_state`, `last_admin`. */
export async function updatePerson(ctx: Context, { id, name, roles }: Input<typeof contract>): Promise<PersonView> {
  requireScope(ctx, "operator");
  return await retryOnConflict(async () => {
    const before = await loadOwn(ctx, id);
    requireNotRemoved(before);
    const added = (roles ?? []).filter((role) => !rolesOf(before).includes(role));
    requireHeld(ctx, added);
    const { after, statements } = await changedPerson(ctx, before, { name, roles });
    const view = await personView(ctx, after);
    await commit(ctx, id, statements, { status: 200, body: view });
    return view;
  });
}

/** A person with another name or other roles, and the statements that store it. Errors: `last_admin`. */
export async function changedPerson(
  author: Omit<Author, "merchantId"> & Pick<Context, "db" | "vault">,
  before: PersonRow,
  { name, roles }: { readonly name?: string | undefined; readonly roles?: readonly Role[] | undefined },
): Promise<{ readonly after: PersonRow; readonly statements: readonly Statement[] }> {
  const { vault } = author;
  const identity = name === undefined
    ? before.identity
    : await sealIdentity(vault, before.id, { ...await openIdentity(vault, before), name });
  const after: PersonRow = {
    ...before,
    identity,
    roles: roles === undefined ? before.roles : [...new Set(roles)],
    updated_at: author.clock.now(),
    version: before.version + 1,
  };
  const entry = auditEntry(
    { ...author, merchantId: before.merchant_id },
    "person.updated",
    before.id,
    name === undefined ? {} : { name: "changed" },
    changeOf({ roles: before.roles }, { roles: after.roles }),
  );
  const guards = await keepAnAdmin(author, before, after);
  return { after, statements: [...guards, storePerson(after, before.id, before.version), abortIfUnchanged, entry] };
}
