import { z } from "zod";
import { timestamp } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { pageQuery, pageSchema } from "../../http/pagination.ts";
import { failures } from "./attempt.ts";
import * as examples from "./examples.ts";

const status = z.enum(["pending", "succeeded", "failed", "cancelled"]);

export const delivery = z.object({
  id: z.string().meta({ examples: ["dlv_01kamcvdf2ej5s2k8sxw9ggk6b"] }),
  endpoint: z.string(),
  event: z.string(),
  event_type: z.string().meta({ examples: ["checkout.succeeded"] }),
  cause: z.enum(["event", "redelivery", "test"]),
  attempt: z.int().meta({ description: "The how manieth at telling this endpoint of this event." }),
  status: status.meta({ description: "`cancelled`: the endpoint was disabled or removed before." }),
  request: z.object({
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().meta({ description: "As it was sent, byte for byte." }),
  }).nullable().meta({ description: "Without its signature; null until it is sent." }),
  response: z.object({
    status: z.int(),
    body: z.string().nullable().meta({ description: "Its beginning, if it is text; secrets and phones taken out." }),
  }).nullable(),
  failure: z.object({
    code: z.string().meta({ examples: Object.keys(failures) }),
    message: z.string(),
  }).nullable(),
  created_at: timestamp,
  due_at: timestamp.nullable().meta({ description: "When a pending one is to be sent." }),
  started_at: timestamp.nullable(),
  duration_ms: z.int().nullable(),
  next_attempt_at: timestamp.nullable().meta({ description: "When it is tried again, after a failure." }),
}).meta({ id: "Delivery", description: "One attempt to tell one endpoint of one event." });
export type DeliveryView = z.infer<typeof delivery>;

const tag = "Webhooks";

export const testEndpoint = operation({
  id: "testWebhookEndpoint",
  method: "POST",
  path: "/v1/webhook-endpoints/{id}/test",
  tag,
  summary: "Send a test event now",
  description:
    "Sends one event of type `webhook_endpoint.test`, once, also to a disabled endpoint, and answers what came of it.",
  scope: "webhooks:write",
  params: idParam,
  status: 200,
  response: delivery,
  problems: ["not_found"],
  idempotency: "accepted",
  examples: examples.tested,
});

export const listDeliveries = operation({
  id: "listWebhookDeliveries",
  method: "GET",
  path: "/v1/webhook-endpoints/{id}/deliveries",
  tag,
  summary: "List attempts to tell an endpoint, newest first",
  scope: "webhooks:read",
  params: idParam,
  query: z.strictObject({ ...pageQuery, status: status.optional(), event: z.string().max(64).optional() }),
  status: 200,
  response: pageSchema(delivery),
  problems: ["not_found", "invalid_query"],
  examples: examples.log,
});

export const redeliverEvent = operation({
  id: "redeliverEvent",
  method: "POST",
  path: "/v1/events/{id}/redeliver",
  tag: "Events",
  summary: "Send an event again",
  description:
    "To every enabled endpoint that takes its type, whether it had it or not, with the retries of a new one.",
  scope: "webhooks:write",
  params: idParam,
  status: 202,
  response: z.object({ data: z.array(delivery) }),
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
  examples: examples.redelivered,
});

const moment = timestamp.transform((text) => Date.parse(text));

export const redeliverSince = operation({
  id: "redeliverWebhookEndpoint",
  method: "POST",
  path: "/v1/webhook-endpoints/{id}/redeliver",
  tag,
  summary: "Send an endpoint all events since a time",
  description:
    "Oldest first, all whose type it takes. At most 5,000 in one call: name `until` to go through a longer time in parts.",
  scope: "webhooks:write",
  params: idParam,
  body: z.strictObject({
    since: moment,
    until: moment.optional().meta({ description: "Now, without it." }),
    undelivered_only: z.boolean({ error: "must be true or false" }).default(false).meta({
      description: "Leave out what it has answered with 2xx before.",
    }),
  }),
  status: 202,
  response: z.object({
    endpoint: z.string(),
    events: z.int().meta({ description: "How many will be sent." }),
  }).meta({ id: "Redelivery" }),
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
  examples: examples.replayed,
});
