import type { Visit } from "../kit/visit.ts";

/** Whether the visitor made it: then somebody else decides about it (c35). */
export const isOwn = ({ created_by }: { readonly created_by: string }, { viewer }: Pick<Visit, "viewer">): boolean =>
  created_by === viewer.person.id;
