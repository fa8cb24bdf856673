import { z } from "zod";
import type { Scope } from "../../auth/scopes.ts";
import { timestamp } from "../../http/fields.ts";
import { idParam, type Operation, operation } from "../../http/operation.ts";

const entry = z.object({
  at: timestamp,
  kind: z.string().meta({
    description:
      "`prompt.sent`, `prompt.accepted`, `prompt.succeeded` and the like; `notice`; `told` (a webhook); `receipt` (its page, in `detail.receipt_url`); `next` (what happens next); or the act of the audit trail.",
    examples: ["prompt.sent"],
  }),
  text: z.string().meta({
    description: "A sentence in English, or in Swahili by `Accept-Language`.",
    examples: ["The phone 2547•••••678 was prompted."],
  }),
  detail: z.record(z.string(), z.unknown()).meta({
    description: "Where it is known from: the id of the attempt, notice or event, who acted, and codes.",
    examples: [{ attempt: "att_01kamcvdf2ej5s2k8sxw9ggk6q" }],
  }),
}).meta({ id: "TimelineEntry" });
export type TimelineEntry = z.infer<typeof entry>;

const response = z.object({ data: z.array(entry) }).meta({ id: "Timeline" });
type Contract = Operation<typeof idParam, undefined, undefined, typeof response>;

const timelineOf = (one: string, many: string, tag: string, scope: Scope): Contract =>
  operation({
    id: `get${one[0]?.toUpperCase()}${one.slice(1)}Timeline`,
    method: "GET",
    path: `/v1/${many}/{id}/timeline`,
    tag,
    summary: `Read what happened to a ${one}, oldest first`,
    description:
      "In plain words: prompts, M-Pesa's messages, what people and programs did, and what your shop was told.",
    scope,
    reach: "platform",
    params: idParam,
    status: 200,
    response,
    problems: ["not_found"],
  });

export const checkoutTimeline = timelineOf("checkout", "checkouts", "Checkouts", "checkouts:read");
export const paymentTimeline = timelineOf("payment", "payments", "Payments", "payments:read");
export const payoutTimeline = timelineOf("payout", "payouts", "Payouts", "payouts:read");
export const refundTimeline = timelineOf("refund", "refunds", "Refunds", "refunds:read");
