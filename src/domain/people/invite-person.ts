import { commit, type Context, requireScope } from "../../context/context.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { first } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import type { Role } from "../../auth/roles.ts";
import type { InvitedPerson, invitePerson as contract } from "./contract.ts";
import { INVITATION_MS, newLink } from "./links.ts";
import { requireHeld } from "./load.ts";
import { type Identity, insertPerson, newPerson, type PersonRow, selectByEmail } from "./store.ts";
import { personView } from "./view.ts";

/**
 * Invites a person to the caller's merchant. The link that signs them in is only in this answer. Errors: `scope_not_held`,
 * `email_taken`.
 */
export async function invitePerson(ctx: Context, input: Input<typeof contract>): Promise<InvitedPerson> {
  requireScope(ctx, "operator");
  requireHeld(ctx, input.roles);
  const { row, path, statements } = await invitation(ctx, input, input.roles);
  const view = await personView(ctx, row);
  await commit(ctx, row.id, statements, { status: 201, body: { ...view, sign_in_url: "" } }) // shown once, so not kept
    .catch(refuseTaken);
  return { ...view, sign_in_url: ctx.config.server.publicUrl + path };
}

/** A new person with their link, for the API and for the command line. Errors: `email_taken`. */
export async function invitation(
  author: Pick<
    Context,
    "db" | "vault" | "clock" | "merchantId" | "actor" | "requestId" | "actorMerchantId" | "address"
  >,
  identity: Identity,
  roles: readonly Role[],
): Promise<{ readonly row: PersonRow; readonly path: string; readonly statements: readonly Statement[] }> {
  if (await first(author.db, selectByEmail(author.vault, author.merchantId, identity.email)) !== null) throw taken();
  const row = await newPerson(author, identity, roles);
  const { path, statement } = newLink(author, row.id, INVITATION_MS);
  const entry = auditEntry(author, "person.invited", row.id, { roles: row.roles });
  return { row, path, statements: [insertPerson(row), statement, entry] };
}

const taken = (): Problem =>
  new Problem(
    "email_taken",
    "Somebody of this merchant has this e-mail address already. GET /v1/people?q= finds them.",
  );

/** Two invitations at once: the index refuses the second. */
export function refuseTaken(error: unknown): never {
  if (error instanceof ConstraintError && error.kind === "unique" && error.rule.startsWith("people.")) throw taken();
  throw error;
}
