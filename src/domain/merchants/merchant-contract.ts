import { z } from "zod";
import { MERCHANT_SCOPES } from "../../auth/scopes.ts";
import { timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, pageSchema } from "../../http/pagination.ts";

/** Merchants, for the people who run the service. */

const name = z.string({ error: "must be a string" }).trim().min(1, { error: "must not be empty" }).max(100, {
  error: "must be at most 100 characters",
}).meta({ examples: ["Duka la Mama"] });

const status = z.enum(["active", "disabled"], { error: "must be active or disabled" }).meta({
  description: "`disabled`: its clients are refused (403 `merchant_disabled`), and no money of it leaves.",
});

export const merchant = z.object({
  id: z.string().meta({ examples: ["mer_01kamcvd000000000000000001"] }),
  name: z.string().meta({ examples: ["Duka la Mama"] }),
  status,
  created_at: timestamp,
  disabled_at: timestamp.nullable(),
  version,
}).meta({ id: "ManagedMerchant" });
export type MerchantView = z.infer<typeof merchant>;

const merchantWithClient = merchant.extend({
  client: z.object({
    id: z.string().meta({ examples: ["cli_01kamcvdf2ej5s2k8sxw9ggk6s"] }),
    secret: z.string().meta({
      description:
        "It is shown only in this answer, so store it. Empty where the answer is repeated for an Idempotency-Key.",
      examples: ["mls_2JcW0mHq9Y4vXo7ZtB1nEr5sKfLdGa8uPiQyTxCbVhM"],
    }),
    scopes: z.array(z.enum(MERCHANT_SCOPES)),
  }).meta({ description: "The merchant's first client. It has every scope that a merchant's client can have." }),
}).meta({ id: "MerchantWithClient" });
export type MerchantWithClient = z.infer<typeof merchantWithClient>;

const TAG = "Merchants";

export const createMerchant = operation({
  id: "createMerchant",
  method: "POST",
  path: "/v1/merchants",
  tag: TAG,
  summary: "Create a merchant with its first client",
  description: "Only this answer contains the secret of the merchant's first client: store it at once.",
  scope: "platform",
  reach: "platform",
  body: z.strictObject({ name }),
  status: 201,
  response: merchantWithClient,
  problems: [],
  idempotency: "accepted",
});

export const listMerchants = operation({
  id: "listMerchants",
  method: "GET",
  path: "/v1/merchants",
  tag: TAG,
  summary: "List merchants, newest first",
  description: "All merchants of the service. Needs `platform`.",
  scope: "platform",
  reach: "platform",
  query: z.strictObject(listQuery("the name, and the id")),
  status: 200,
  response: pageSchema(merchant),
  problems: ["invalid_query"],
});

export const changeMerchant = operation({
  id: "changeMerchant",
  method: "PATCH",
  path: "/v1/merchants/{id}",
  tag: TAG,
  summary: "Rename, disable or enable a merchant",
  description:
    "A disabled merchant's clients are refused, within 5 seconds everywhere and for money at once. What waits to be sent waits until the merchant is enabled again. Money that customers send is still recorded.",
  scope: "platform",
  reach: "platform",
  params: idParam,
  body: z.strictObject({ name: name.optional(), status: status.optional() }),
  status: 200,
  response: merchant,
  problems: ["not_found"],
});
