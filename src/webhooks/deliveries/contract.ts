import { z } from "zod";
import { timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, pageSchema } from "../../http/pagination.ts";
import { failureMessages } from "./failures.ts";
import * as examples from "./examples.ts";

const status = z.enum(["pending", "succeeded", "failed", "cancelled"]);

export const delivery = z.object({
  id: z.string().meta({ examples: ["dlv_01kamcvdf2ej5s2k8sxw9ggk6b"] }),
  endpoint: z.string(),
  event: z.string(),
  event_type: z.string().meta({ examples: ["checkout.succeeded"] }),
  cause: z.enum(["event", "redelivery", "test"]),
  attempt: z.int().meta({ description: "The number of this attempt to send this event to this endpoint, from 1." }),
  status: status.meta({ description: "`cancelled`: the endpoint was disabled or removed before the event was sent." }),
  request: z.object({
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().meta({ description: "Exactly as it was sent." }),
  }).nullable().meta({ description: "The request without its signature; null until it is sent." }),
  response: z.object({
    status: z.int(),
    body: z.string().nullable().meta({
      description: "The beginning of the answer, if it is text. Secrets and phone numbers are removed.",
    }),
  }).nullable(),
  failure: z.object({
    code: z.string().meta({ examples: Object.keys(failureMessages) }),
    message: z.string(),
  }).nullable(),
  created_at: timestamp,
  due_at: timestamp.nullable().meta({ description: "When a pending delivery will be sent; else null." }),
  started_at: timestamp.nullable(),
  duration_ms: z.int().nullable(),
  next_attempt_at: timestamp.nullable().meta({
    description: "When the next attempt after this failed one is due; null if there is none.",
  }),
  version,
}).meta({ id: "Delivery", description: "One attempt to send one event to one endpoint." });
export type DeliveryView = z.infer<typeof delivery>;

const TAG = "Webhooks";

export const testEndpoint = operation({
  id: "testWebhookEndpoint",
  method: "POST",
  path: "/v1/webhook-endpoints/{id}/test",
  tag: TAG,
  summary: "Send a test event now",
  description:
    "Sends one event of type `webhook_endpoint.test`, also to a disabled endpoint, and answers the result. It is not repeated.",
  scope: "webhooks:write",
  reach: "own",
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
  tag: TAG,
  summary: "List the deliveries of an endpoint, newest first",
  description:
    "Each attempt to send an event to this endpoint, with what your server answered. Filter by `status` or by `event`.",
  scope: "webhooks:read",
  reach: "own",
  params: idParam,
  query: z.strictObject({
    ...listQuery("the ids of the delivery and of its event"),
    status: status.optional(),
    event: z.string().max(64).optional(),
  }),
  status: 200,
  response: pageSchema(delivery),
  problems: ["not_found", "invalid_query"],
  examples: examples.deliveryList,
});

export const redeliverEvent = operation({
  id: "redeliverEvent",
  method: "POST",
  path: "/v1/events/{id}/redeliver",
  tag: "Events",
  summary: "Send an event again",
  description:
    "Sends it to every enabled endpoint that subscribes to its type, also to those that have received it. Failed attempts are repeated as for a new event.",
  scope: "webhooks:write",
  reach: "own",
  params: idParam,
  status: 202,
  response: z.object({ data: z.array(delivery) }),
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
  examples: examples.redelivered,
});

const timeAsMs = timestamp.transform((text) => Date.parse(text));

export const redeliverSince = operation({
  id: "redeliverWebhookEndpoint",
  method: "POST",
  path: "/v1/webhook-endpoints/{id}/redeliver",
  tag: TAG,
  summary: "Send all events since a time to an endpoint",
  description:
    "Sends all events whose type it subscribes to, oldest first. At most 5,000 in one call: for more, call several times, each with `since` and `until`.",
  scope: "webhooks:write",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    since: timeAsMs,
    until: timeAsMs.optional().meta({ description: "Default: now." }),
    undelivered_only: z.boolean({ error: "must be true or false" }).default(false).meta({
      description: "Leaves out events that this endpoint has already answered with 2xx.",
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
