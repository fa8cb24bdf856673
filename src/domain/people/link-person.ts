import { commit, type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { auditEntry, type Author } from "../../db/trail.ts";
import { Problem } from "../../problems/problem.ts";
import { lineageOf } from "../merchants/lineage.ts";
import type { InvitedPerson } from "./contract.ts";
import { endLinks, INVITATION_MS, newLink } from "./links.ts";
import { loadOwn, requireHeld } from "./load.ts";
import { type PersonRow, rolesOf } from "./store.ts";
import { personView } from "./view.ts";

/**
 * A new link for somebody who has been invited and has never signed in. Whoever has a link acts as that person, so only the
 * lineage that invited them gets one. Errors: `not_found`, `wrong_state`, `other_lineage`, `scope_not_held`.
 */
export async function linkPerson(ctx: Context, { id }: { id: string }): Promise<InvitedPerson> {
  requireScope(ctx, "operator");
  const row = await loadOwn(ctx, id);
  if (row.status !== "invited") {
    throw new Problem(
      "wrong_state",
      `The person is ${row.status}. Only the command line makes a link for somebody who has signed in before.`,
    );
  }
  if (await lineageOf(ctx, row.invited_by) !== await lineageOf(ctx, ctx.actor)) {
    throw new Problem("other_lineage", `${row.invited_by} has invited this person, and gives them the link.`);
  }
  requireHeld(ctx, rolesOf(row));
  const { path, statements } = freshLink(ctx, row, INVITATION_MS);
  const view = await personView(ctx, row);
  await commit(ctx, id, statements, { status: 200, body: { ...view, sign_in_url: "" } }); // shown once, so not kept
  return { ...view, sign_in_url: ctx.config.server.publicUrl + path };
}

/** A new link in the place of those that a person has. */
export function freshLink(
  author: Omit<Author, "merchantId">,
  row: PersonRow,
  lifetimeMs: number,
): { readonly path: string; readonly statements: readonly Statement[] } {
  const { path, statement } = newLink(author, row.id, lifetimeMs);
  const entry = auditEntry({ ...author, merchantId: row.merchant_id }, "person.linked", row.id, {
    minutes: lifetimeMs / 60_000,
  });
  return { path, statements: [endLinks(row.id, author.clock.now()), statement, entry] };
}
