import { z } from "zod";
import { accessChange, clientAccess } from "./access-contract.ts";
import { timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";
import { MERCHANT_SCOPES, SCOPES } from "../../auth/scopes.ts";

const scope = z.enum(SCOPES);
/** No API grants `platform`. */
const grantable = z.enum(MERCHANT_SCOPES, { error: "must be a scope that a merchant's client can have" });

export const client = z.object({
  id: z.string().meta({ examples: ["cli_01kamcvdf2ej5s2k8sxw9ggk6s"] }),
  name: z.string().meta({ examples: ["Webshop"] }),
  scopes: z.array(scope).meta({ examples: [["checkouts:read", "checkouts:write"]] }),
  status: z.enum(["active", "revoked"]),
  created_at: timestamp,
  revoked_at: timestamp.nullable(),
  parent: z.string().nullable().meta({
    examples: [null],
    description: "The client that made it. Null: the command line did.",
  }),
  owner: z.string().meta({
    examples: ["cli_01kamcvdf2ej5s2k8sxw9ggk6s"],
    description:
      "The client at the root of its lineage. Nobody approves or resolves what a client of the same owner has created.",
  }),
  version,
  previous_secret_until: timestamp.nullable().meta({
    description: "Until then the secret before the last rotation is valid too.",
    examples: [null],
  }),
  last_used_at: timestamp.nullable().meta({ description: "When it last got a token, to the hour." }),
  access: clientAccess,
}).meta({ id: "Client" });
export type ClientView = z.infer<typeof client>;

const clientWithSecret = client.extend({
  secret: z.string().meta({
    description:
      "256 random bits. It is shown only in this answer, so store it. Empty where the answer is repeated for an Idempotency-Key.",
    examples: ["mls_2JcW0mHq9Y4vXo7ZtB1nEr5sKfLdGa8uPiQyTxCbVhM"],
  }),
})
  .meta({ id: "ClientWithSecret" });
export type ClientWithSecret = z.infer<typeof clientWithSecret>;

const TAG = "Clients";

const name = z.string().trim().min(1, { error: "must not be empty" }).max(100, {
  error: "must be at most 100 characters",
}).meta({ examples: ["Webshop"] });

const revokedClient = client.extend({
  descendants: z.array(z.string()).meta({
    examples: [["cli_01kamcvdf2ej5s2k8sxw9ggk6t"]],
    description: "The active clients that it has made, and those that they have made.",
  }),
  unsent_payouts: z.array(z.string()).meta({
    examples: [["pyt_01kamcvdf2ej5s2k8sxw9ggk6r"]],
    description: "Payouts of all of them that have not been sent; at most 100.",
  }),
  cancelled_payouts: z.int().meta({
    description: "How many payouts `?payouts=cancel` has cancelled. At most 5,000; repeat the call for more.",
    examples: [0],
  }),
}).meta({ id: "RevokedClient" });
export type RevokedClient = z.infer<typeof revokedClient>;

export const createClient = operation({
  id: "createClient",
  method: "POST",
  path: "/v1/clients",
  tag: TAG,
  summary: "Create API credentials for your own merchant",
  description:
    "Only this answer contains the `secret`: store it at once. A client grants only scopes that it has itself. One that may move money or administer may have to be confirmed by a second person first; then the answer is 202.",
  scope: "operator",
  reach: "own",
  body: z.strictObject({
    name,
    scopes: z.array(grantable).min(1, { error: "must name at least one scope" }).max(SCOPES.length)
      .meta({ examples: [["checkouts:read", "checkouts:write"]] }),
    access: accessChange.optional(),
  }),
  status: 201,
  response: clientWithSecret,
  problems: ["scope_not_held"],
  idempotency: "accepted",
});

export const getClient = operation({
  id: "getClient",
  method: "GET",
  path: "/v1/clients/{id}",
  tag: TAG,
  summary: "Read a client",
  description: "One client with its scopes and access rules, without its secret.",
  scope: "operator",
  reach: "platform",
  params: idParam,
  status: 200,
  response: client,
  problems: ["not_found"],
});

export const listClients = operation({
  id: "listClients",
  method: "GET",
  path: "/v1/clients",
  tag: TAG,
  summary: "List clients, newest first",
  description: "The API credentials of your merchant, without their secrets.",
  scope: "operator",
  reach: "platform",
  query: z.strictObject({ ...listQuery("the name, and the id"), ...merchantQuery }),
  status: 200,
  response: pageSchema(client),
  problems: ["invalid_query"],
});

export const revokeClient = operation({
  id: "revokeClient",
  method: "POST",
  path: "/v1/clients/{id}/revoke",
  tag: TAG,
  summary: "Revoke a client",
  description:
    "The client gets no new tokens, and those that it has end: for money and administration at once, for the rest within 5 seconds. The answer lists the clients that it has made, and payouts of theirs that have not been sent; `?payouts=cancel` cancels them in the same step.",
  scope: "operator",
  reach: "platform",
  params: idParam,
  query: z.strictObject({
    descendants: z.literal("true", { error: "must be true, or left out" }).optional().meta({
      description: "Also revoke the clients that it has made, and those that they have made.",
    }),
    payouts: z.literal("cancel", { error: "must be cancel, or left out" }).optional().meta({
      description:
        "Also cancel the payouts of the revoked clients that have not been sent. It may be sent for a client that is revoked already.",
    }),
  }),
  status: 200,
  response: revokedClient,
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
});

export const updateClient = operation({
  id: "updateClient",
  method: "PATCH",
  path: "/v1/clients/{id}",
  tag: TAG,
  summary: "Change a client's name, or how it proves who it is",
  description:
    "What is left out of `access` stays as it is. A change of `access` ends the tokens that the client has. Whoever puts in a key may do what the client may, so the caller then needs all scopes of the client.",
  scope: "operator",
  reach: "own",
  params: idParam,
  body: z.strictObject({ name: name.optional(), access: accessChange.optional() }),
  status: 200,
  response: client,
  problems: ["not_found", "wrong_state", "scope_not_held", "other_lineage"],
});

export const rotateClientSecret = operation({
  id: "rotateClientSecret",
  method: "POST",
  path: "/v1/clients/{id}/rotate-secret",
  tag: TAG,
  summary: "Give a client a second secret",
  description:
    "The secret that it had stays valid for `previous_hours`, so that programs change over one by one. Whoever learns a secret may do what its client may, so the caller needs all scopes of the client.",
  scope: "operator",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    previous_hours: z.int({ error: "must be a whole number of hours" }).min(0, { error: "must be 0 or more" })
      .max(168, { error: "must be at most 168 (a week)" }).default(24)
      .meta({ description: "0 ends the secret that it had at once.", examples: [24] }),
  }),
  status: 200,
  response: clientWithSecret,
  problems: ["not_found", "wrong_state", "scope_not_held", "other_lineage"],
  idempotency: "accepted",
});
