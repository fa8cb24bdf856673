import type { ChangeKinds } from "../../domain/change-requests/kind.ts";
import { proposable } from "../../domain/change-requests/propose.ts";
import type { Operation, Route } from "../../http/operation.ts";

/** The route of an operation that is proposed first where it has to be. */
export function proposing(kinds: ChangeKinds, { id }: Pick<Operation, "id">): Route {
  const kind = kinds.get(id);
  if (kind === undefined) throw new Error(`${id} is no change that is proposed`);
  return proposable(kind.route, kind);
}
