import { z } from "zod";
import { timestamp, version } from "../http/fields.ts";
import { operation } from "../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../http/pagination.ts";

const status = z.enum(["stored", "applied", "quarantined", "unreadable"]);

const notice = z.object({
  id: z.string().meta({ examples: ["ntc_01kamcvdf2ej5s2k8sxw9ggk6x"] }),
  kind: z.string().meta({ examples: ["stk"] }),
  subject: z.string().meta({ examples: ["att_01kamcvdf2ej5s2k8sxw9ggk6q"] }),
  status: status.meta({
    description: "`quarantined`: it contradicts the request, or its money could not be read, so it settled nothing.",
  }),
  problem: z.string().nullable().meta({
    description: "Why it was not applied; for an applied notice, the fields that could not be read.",
  }),
  copies: z.int().meta({ description: "How often the same message arrived." }),
  received_at: timestamp,
  processed_at: timestamp.nullable(),
  version,
}).meta({ id: "Notice", description: "One raw message from Daraja. Its text stays encrypted and is not shown." });
export type NoticeView = z.infer<typeof notice>;

export const listNotices = operation({
  id: "listNotices",
  method: "GET",
  path: "/v1/notices",
  tag: "Operations",
  summary: "List notices from Daraja, newest first",
  description: "What Daraja has sent to this service, with what became of it. `subject` lists those of one row.",
  scope: "operator",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the ids of the notice, of its subject and of the payment that it told of"),
    ...merchantQuery,
    status: status.optional(),
    subject: z.string().max(64).optional(),
  }),
  status: 200,
  response: pageSchema(notice),
  problems: ["invalid_query"],
});

const driftEntry = z.object({
  kind: z.string().meta({
    description: "What it is, such as `stk_result_code`, `result_field` or `error_code`.",
    examples: ["stk_result_code"],
  }),
  name: z.string().meta({ description: "The code or the name of the field.", examples: ["1099"] }),
  count: z.int().meta({ description: "How often it came, over all merchants." }),
  first_at: timestamp,
  last_at: timestamp,
}).meta({ id: "Drift", description: "A code or field of Daraja that no table of this service knows." });
export type DriftView = z.infer<typeof driftEntry>;

export const listDrift = operation({
  id: "listDrift",
  method: "GET",
  path: "/v1/drift",
  tag: "Operations",
  summary: "List the codes and fields of Daraja that no table knows, the latest first",
  description: "It names no merchant and no person, so each operator reads all of it. At most 500 names are kept.",
  scope: "operator",
  reach: "platform",
  status: 200,
  response: z.object({ data: z.array(driftEntry) }),
  problems: [],
});
