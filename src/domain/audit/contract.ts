import { z } from "zod";
import { timestamp } from "../../http/fields.ts";
import { operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";

const entry = z.object({
  id: z.string().meta({ examples: ["aud_0000000000000042"] }),
  who: z.string().meta({
    description: "The client or the person. `daraja` and `system` stand for M-Pesa's messages and for our own work.",
    examples: ["cli_01kamcvdf2ej5s2k8sxw9ggk6p"],
  }),
  act: z.string().meta({ examples: ["payout.approved"] }),
  subject: z.string().meta({ description: "What it was done to.", examples: ["pyt_01kamcvdf2ej5s2k8sxw9ggk6r"] }),
  request_id: z.string().nullable(),
  who_merchant: z.string().nullable().meta({
    description: "The merchant of who acted, if it is a client.",
    examples: ["mer_01kamcvd000000000000000001"],
  }),
  address: z.string().nullable().meta({
    description: "Where a client's request came from: an IPv4 address, or the /64 of an IPv6 address.",
    examples: ["192.0.2.7"],
  }),
  before: z.record(z.string(), z.unknown()).nullable().meta({
    description: "The settings that a change replaced.",
    examples: [{ max_amount: 7000000 }],
  }),
  after: z.record(z.string(), z.unknown()).nullable().meta({ examples: [{ max_amount: 15000000 }] }),
  data: z.record(z.string(), z.unknown()).meta({ description: "What is known of it.", examples: [{ amount: 150000 }] }),
  created_at: timestamp,
}).meta({ id: "AuditEntry", description: "Who did what, and when. It is never changed or removed." });
export type AuditEntryView = z.infer<typeof entry>;

export const listAudit = operation({
  id: "listAudit",
  method: "GET",
  path: "/v1/audit",
  tag: "Operations",
  summary: "List the audit trail, newest first",
  description: "Needs `audit:read` or `operator`.",
  scope: "audit:read",
  orScope: "operator",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the id of the subject"),
    ...merchantQuery,
    who: z.string().max(128).optional(),
    act: z.string().max(64).optional().meta({ examples: ["payout.approved"] }),
    subject: z.string().max(64).optional(),
  }),
  status: 200,
  response: pageSchema(entry),
  problems: ["invalid_query"],
});
