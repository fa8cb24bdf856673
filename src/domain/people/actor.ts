import { scopesOf } from "../../auth/roles.ts";
import { isScope, type Scope } from "../../auth/scopes.ts";
import type { Context } from "../../context/context.ts";
import { rows } from "../../db/query.ts";
import { selectOutsideSubject } from "../merchants/outside-subjects.ts";
import { selectClient } from "../merchants/client-rows.ts";
import { rolesOf, selectPerson } from "./store.ts";

/** Who acts: a client, a person or a subject of an outside issuer. */
export interface Actor {
  readonly id: string;
  readonly merchantId: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** The client, person or subject with this id, with the scopes that they have now; null if they may no longer act. */
export async function findActor({ db, config }: Pick<Context, "db" | "config">, id: string): Promise<Actor | null> {
  const [[client], [person], [outside]] = await rows(db, selectClient(id), selectPerson(id), selectOutsideSubject(id));
  if (client?.status === "active") {
    return { id, merchantId: client.merchant_id, scopes: new Set(client.scopes.filter(isScope)) };
  }
  if (person?.status === "active") {
    return { id, merchantId: person.merchant_id, scopes: scopesOf(rolesOf(person)) };
  }
  if (outside?.status === "active") {
    const issuer = config.auth.issuers.find((one) => one.issuer === outside.issuer);
    const most = issuer?.scopes.allow ?? []; // its token had what it needed when it asked
    return { id, merchantId: outside.merchant_id, scopes: new Set(most.filter(isScope)) };
  }
  return null;
}
