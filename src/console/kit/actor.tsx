import type { Context } from "../../context/context.ts";
import type { Markup } from "../../pages/markup.ts";
import { namesOf } from "./names.ts";
import { Unknown } from "./values.tsx";
import type { Visit } from "./visit.ts";

/** The names that a page has looked up. */
const known = new WeakMap<Context, Map<string, Promise<string>>>();

/** The name of whoever acts, looked up once for each page. */
export function nameOf({ ctx }: Pick<Visit, "ctx">, id: string): Promise<string> {
  const names = known.get(ctx) ?? new Map<string, Promise<string>>();
  known.set(ctx, names);
  const name = names.get(id) ?? namesOf(ctx, [id]).then((found) => found.get(id) ?? id);
  names.set(id, name);
  return name;
}

interface ActorProps {
  /** A person or a client. Null: nobody, or not known. */
  readonly id: string | null;
  readonly visit: Visit;
}

/** Who did something, by name. */
export async function Actor({ id, visit }: ActorProps): Promise<Markup> {
  if (id === null) return <Unknown text={visit.text} />;
  return <span class="cut" title={id}>{await nameOf(visit, id)}</span>;
}
