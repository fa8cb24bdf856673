import { z } from "zod";
import { timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema, phoneQuery } from "../../http/pagination.ts";

const TAG = "Payouts";

const match = z.enum(["match", "mismatch", "unknown", "confirmed"]).meta({
  description:
    "How the two names compare. `mismatch`: they are of different people, so the next payout waits until a person confirms the name. `confirmed`: they differ, and a person has said that they are of one payee. `unknown`: one of them is missing or says nothing.",
  examples: ["match"],
});

export const payee = z.object({
  id: z.string().meta({ examples: ["pye_01kamcvdf2ej5s2k8sxw9ggk6z"] }),
  phone_number: z.string().meta({ description: "Masked.", examples: ["2547•••••678"] }),
  name: z.string().meta({
    description: "As M-Pesa returned it last. Stored encrypted; in events only the first letters are shown.",
    examples: ["WANJIRU GRACE KAMAU"],
  }),
  name_source: z.enum(["payout", "payment", "check"]).meta({
    description:
      "`payout`: the result of a payout. `payment`: a payment that came from this phone. `check`: Safaricom's name check (Hakikisha), which hides most letters.",
    examples: ["payout"],
  }),
  name_at: timestamp,
  given_name: z.string().nullable().meta({
    description: "The last name that you gave for this phone.",
    examples: ["Grace Kamau"],
  }),
  match,
  confirmed: z.object({
    by: z.string().meta({ examples: ["cli_approver"] }),
    at: timestamp,
  }).nullable().meta({ description: "Who said last that two differing names are of this payee." }),
  created_at: timestamp,
  updated_at: timestamp,
  version,
}).meta({ id: "Payee", description: "A phone that you pay, with the name that M-Pesa returned for it." });
export type PayeeView = z.infer<typeof payee>;

/** The names of a payout's payee. */
export const payoutPayee = z.object({
  name: z.string().nullable().meta({
    description: "As M-Pesa returned it; null: it has returned none for this payout. In events: first letters only.",
    examples: ["WANJIRU GRACE KAMAU"],
  }),
  given_name: z.string().nullable().meta({
    description: "As you gave it when you created the payout. In events: first letters only.",
    examples: ["Grace Kamau"],
  }),
  match: match.exclude(["confirmed"]).meta({ description: "How the two names compare.", examples: ["match"] }),
  confirmed_by: z.string().nullable().meta({ description: "The client that confirmed the name of a held payout." }),
  confirmed_at: timestamp.nullable(),
}).meta({ id: "PayoutPayee" });

export const listPayees = operation({
  id: "listPayees",
  method: "GET",
  path: "/v1/payees",
  tag: TAG,
  summary: "List the payee book, newest first",
  description: "The phones that you paid, or were about to pay, with the names that M-Pesa returned for them.",
  scope: "payouts:read",
  reach: "platform",
  query: z.strictObject({ ...listQuery("the id"), ...phoneQuery, ...merchantQuery, match: match.optional() }),
  status: 200,
  response: pageSchema(payee),
  problems: ["invalid_query"],
});

export const getPayee = operation({
  id: "getPayee",
  method: "GET",
  path: "/v1/payees/{id}",
  tag: TAG,
  summary: "Read an entry of the payee book",
  description: "One phone that you paid or were about to pay, with the name that M-Pesa gave for it.",
  scope: "payouts:read",
  reach: "platform",
  params: idParam,
  status: 200,
  response: payee,
  problems: ["not_found"],
});
