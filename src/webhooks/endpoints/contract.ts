import { z } from "zod";
import { EVENT_TYPES } from "../../db/event-types.ts";
import { timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";
import * as examples from "./examples.ts";

const KNOWN_TYPES: ReadonlySet<string> = new Set(EVENT_TYPES);
const MAX_TYPES = 64;

const url = z.string({ error: "must be a string" }).trim().max(2048, { error: "must be at most 2048 characters" }).meta(
  {
    description: "https, on the public internet. Redirects are not followed.",
    examples: ["https://shop.example/hooks/malipo"],
  },
);

const events = z.array(
  z.string({ error: "must be a string" }).refine((type) => type === "*" || KNOWN_TYPES.has(type), {
    error: 'must be "*" (all types) or an event type such as "checkout.succeeded"; see /docs for the list',
  }),
  { error: "must be a list of event types" },
).min(1, { error: 'must hold at least one event type, or "*" for all' }).max(MAX_TYPES)
  .transform((types) => [...new Set(types)])
  .meta({
    description: 'Event types, or `"*"` for all types, future ones included.',
    examples: [["checkout.succeeded", "checkout.review"]],
    override: { type: "array", items: { type: "string" }, minItems: 1, maxItems: MAX_TYPES },
  });

// deno-lint-ignore no-control-regex -- control characters are refused here
const NO_CONTROL_CHARACTERS = /^[^\u0000-\u001f\u007f]*$/;
const description = z.string({ error: "must be a string" }).trim().min(1, { error: "must not be empty" })
  .max(200, { error: "must be at most 200 characters" })
  .regex(NO_CONTROL_CHARACTERS, { error: "must not contain control characters" }).meta({ examples: ["Order service"] });

const status = z.enum(["enabled", "disabled"], { error: 'must be "enabled" or "disabled"' });

export const endpoint = z.object({
  id: z.string().meta({ examples: ["whe_01kamcvdf2ej5s2k8sxw9ggk6a"] }),
  url: z.string().meta({ examples: ["https://shop.example/hooks/malipo"] }),
  events: z.array(z.string()).meta({ examples: [["checkout.succeeded"]] }),
  description: z.string().nullable(),
  status,
  disabled_reason: z.enum(["requested", "gone", "failing"]).nullable().meta({
    description: "`requested`: by you. `gone`: it answered 410. `failing`: all deliveries have failed for 5 days.",
  }),
  disabled_at: timestamp.nullable(),
  failing_since: timestamp.nullable().meta({
    description: "When the first failed delivery since the last successful one was.",
  }),
  previous_secret_expires_at: timestamp.nullable().meta({
    description: "After a rotation of the secret: until when messages are signed with the previous secret too.",
  }),
  created_at: timestamp,
  updated_at: timestamp,
  version,
}).meta({ id: "WebhookEndpoint", description: "A URL of yours that receives events." });
export type EndpointView = z.infer<typeof endpoint>;

const withSecret = endpoint.extend({
  secret: z.string().meta({
    description:
      "Signs the messages to this endpoint (Standard Webhooks). It is shown only once: store it. Empty where the answer is repeated for an Idempotency-Key.",
    examples: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="],
  }),
}).meta({ id: "WebhookEndpointWithSecret" });
export type EndpointWithSecret = z.infer<typeof withSecret>;

const TAG = "Webhooks";

export const createEndpoint = operation({
  id: "createWebhookEndpoint",
  method: "POST",
  path: "/v1/webhook-endpoints",
  tag: TAG,
  summary: "Create a webhook endpoint",
  description: "A merchant may have 50 endpoints. The signing secret is in this answer and nowhere else.",
  scope: "webhooks:write",
  reach: "own",
  body: z.strictObject({ url, events, description: description.optional(), status: status.default("enabled") }),
  status: 201,
  response: withSecret,
  problems: ["limit_exceeded"],
  idempotency: "accepted",
  examples: examples.created,
});

export const getEndpoint = operation({
  id: "getWebhookEndpoint",
  method: "GET",
  path: "/v1/webhook-endpoints/{id}",
  tag: TAG,
  summary: "Read a webhook endpoint",
  description: "One endpoint, without its secret.",
  scope: "webhooks:read",
  reach: "platform",
  params: idParam,
  status: 200,
  response: endpoint,
  problems: ["not_found"],
  examples: examples.endpointRead,
});

export const listEndpoints = operation({
  id: "listWebhookEndpoints",
  method: "GET",
  path: "/v1/webhook-endpoints",
  tag: TAG,
  summary: "List webhook endpoints, newest first",
  description: "Your endpoints, without their secrets.",
  scope: "webhooks:read",
  reach: "platform",
  query: z.strictObject({ ...listQuery("the URL, and the id"), ...merchantQuery }),
  status: 200,
  response: pageSchema(endpoint),
  problems: ["invalid_query"],
  examples: examples.endpointList,
});

export const updateEndpoint = operation({
  id: "updateWebhookEndpoint",
  method: "PATCH",
  path: "/v1/webhook-endpoints/{id}",
  tag: TAG,
  summary: "Change a webhook endpoint",
  description:
    "Fields that are left out keep their value; `description: null` removes the description. Disabling cancels the pending deliveries. Events of the time while it is disabled can be sent later with `/redeliver`.",
  scope: "webhooks:write",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    url: url.optional(),
    events: events.optional(),
    description: description.nullable().optional(),
    status: status.optional(),
  }),
  status: 200,
  response: endpoint,
  problems: ["not_found", "conflict"],
  examples: examples.changed,
});

export const deleteEndpoint = operation({
  id: "deleteWebhookEndpoint",
  method: "DELETE",
  path: "/v1/webhook-endpoints/{id}",
  tag: TAG,
  summary: "Remove a webhook endpoint",
  description: "Answers the endpoint as it was. Nothing more is sent to it, and its secrets are erased.",
  scope: "webhooks:write",
  reach: "own",
  params: idParam,
  status: 200,
  response: endpoint,
  problems: ["not_found", "conflict"],
  examples: examples.endpointRead,
});

export const rotateSecret = operation({
  id: "rotateWebhookSecret",
  method: "POST",
  path: "/v1/webhook-endpoints/{id}/rotate-secret",
  tag: TAG,
  summary: "Get a new signing secret",
  description:
    "For 24 hours, messages carry one signature for each of the two secrets, so that a receiver may have either. A second rotation in that time ends the oldest secret at once.",
  scope: "webhooks:write",
  reach: "own",
  params: idParam,
  status: 200,
  response: withSecret,
  problems: ["not_found", "conflict"],
  idempotency: "accepted",
  examples: examples.rotated,
});
