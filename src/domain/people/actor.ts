import { scopesOf } from "../../auth/roles.ts";
import { isScope, type Scope } from "../../auth/scopes.ts";
import type { Context } from "../../context/context.ts";
import { rows } from "../../db/query.ts";
import { selectClient } from "../merchants/client-rows.ts";
import { rolesOf, selectPerson } from "./store.ts";

/** Who acts: a client or a person. */
export interface Actor {
  readonly id: string;
  readonly merchantId: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** The client or person with this id, with the scopes that they have now; null if they may no longer act. */
export async function findActor({ db }: Pick<Context, "db">, id: string): Promise<Actor | null> {
  const [[client], [person]] = await rows(db, selectClient(id), selectPerson(id));
  if (client?.status === "active") {
    return { id, merchantId: client.merchant_id, scopes: new Set(client.scopes.filter(isScope)) };
  }
  if (person?.status === "active") {
    return { id, merchantId: person.merchant_id, scopes: scopesOf(rolesOf(person)) };
  }
  return null;
}
