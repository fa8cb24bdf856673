import { z } from "zod";
import { freeText, timestamp } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { amountQuery, listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";

export const CASE_KINDS = [
  "review",
  "in_doubt",
  "unmatched",
  "mismatch",
  "approval",
  "endpoint_failing",
  "dead_job",
  "drift",
  "low_balance",
  "change_request",
] as const;
export type CaseKind = typeof CASE_KINDS[number];

const note = z.object({
  text: z.string().meta({ examples: ["Called the customer; she sends the SMS."] }),
  by: z.string().meta({ examples: ["cli_01kamcvdf2ej5s2k8sxw9ggk6p"] }),
  at: timestamp,
}).meta({ id: "AttentionNote" });

const attentionCase = z.object({
  id: z.string().meta({ examples: ["case_chk_01kamcvdf2ej5s2k8sxw9ggk6p"] }),
  kind: z.enum(CASE_KINDS),
  subject: z.string().meta({
    description: "The checkout, payment, payout, batch, refund, notice, reversal, job or other row that it is about.",
    examples: ["chk_01kamcvdf2ej5s2k8sxw9ggk6p"],
  }),
  since: timestamp,
  amount: z.int().nullable().meta({ description: "Cents that may be wrong or wait; null: none.", examples: [150000] }),
  text: z.string().meta({
    description: "What is the matter, in English, or in Swahili by `Accept-Language`.",
    examples: ["KES 1,500 came for account 1O01; no order has it."],
  }),
  actions: z.array(z.string()).meta({
    description: "What a person can do, the usual first.",
    examples: [["match", "refund"]],
  }),
  taken_by: z.string().nullable().meta({ description: "Who looks after it; null: nobody.", examples: [null] }),
  notes: z.array(note).meta({ description: "Oldest first.", examples: [[]] }),
}).meta({ id: "AttentionCase", description: "Something that needs a person." });
export type CaseView = z.infer<typeof attentionCase>;

export const listAttention = operation({
  id: "listAttention",
  method: "GET",
  path: "/v1/attention",
  tag: "Operations",
  summary: "List what needs a person, oldest first",
  description:
    "A case is made from the rows that it is about, so it is here as long as its cause is. Besides `checkouts:read`, each kind needs the read scope of its subject; `operator` sees every kind. The cases of the whole service, such as dead jobs of no merchant, are listed with `merchant=all`.",
  scope: "checkouts:read",
  orScope: "operator",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the id of the subject"),
    ...amountQuery,
    ...merchantQuery,
    kind: z.enum(CASE_KINDS).optional(),
    taken_by: z.string().max(64).optional().meta({ description: "Only cases that this client or person has taken." }),
  }),
  status: 200,
  response: pageSchema(attentionCase),
  problems: ["invalid_query"],
});

const act = {
  method: "POST",
  tag: "Operations",
  scope: "checkouts:read",
  orScope: "operator",
  reach: "platform",
  params: idParam,
  status: 200,
  response: attentionCase,
  idempotency: "accepted",
} as const;
const WHO = "Needs `operator`, or the write scope of the subject (`payouts:approve` for an approval).";

export const noteAttention = operation({
  ...act,
  id: "noteAttention",
  path: "/v1/attention/{id}/note",
  summary: "Write a note to a case",
  description: `The note stays with the subject. It is stored encrypted. ${WHO}`,
  body: z.strictObject({
    text: freeText(1, 500).meta({ examples: ["Called the customer; she sends the SMS."] }),
  }),
  problems: ["not_found"],
});

export const takeAttention = operation({
  ...act,
  id: "takeAttention",
  path: "/v1/attention/{id}/take",
  summary: "Assign a case to yourself",
  description: `Others see who looks after it. Taking it again moves it to you. ${WHO}`,
  problems: ["not_found"],
});

export const sleepAttention = operation({
  ...act,
  id: "sleepAttention",
  path: "/v1/attention/{id}/sleep",
  summary: "Hide a case for some hours",
  description:
    `It comes back by itself while its cause is there. A case about money can't be hidden: it leaves only with its cause. ${WHO}`,
  body: z.strictObject({
    hours: z.int({ error: "must be a whole number of hours" }).min(1, { error: "must be at least 1" })
      .max(24, { error: "must be at most 24" }).meta({ description: "1 to 24.", examples: [4] }),
  }),
  problems: ["not_found", "wrong_state"],
});
