import { z } from "zod";
import { timestamp } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";

export const event = z.object({
  id: z.string().meta({ examples: ["evt_01kamcvdf2ej5s2k8sxw9ggk6v"] }),
  type: z.string().meta({ examples: ["checkout.succeeded"] }),
  subject: z.string().meta({
    description: "The id of the object that the event is about.",
    examples: ["chk_01kamcvdf2ej5s2k8sxw9ggk6p"],
  }),
  data: z.record(z.string(), z.unknown()).meta({
    description: "The object as it was after the change.",
    examples: [{ id: "chk_01kamcvdf2ej5s2k8sxw9ggk6p", status: "succeeded", amount: 150000 }],
  }),
  created_at: timestamp,
}).meta({ id: "Event" });
export type EventView = z.infer<typeof event>;

export const getEvent = operation({
  id: "getEvent",
  method: "GET",
  path: "/v1/events/{id}",
  tag: "Events",
  summary: "Read an event",
  description: "One event with its data, as webhooks carry it.",
  scope: "webhooks:read",
  reach: "platform",
  params: idParam,
  status: 200,
  response: event,
  problems: ["not_found"],
});

export const listEvents = operation({
  id: "listEvents",
  method: "GET",
  path: "/v1/events",
  tag: "Events",
  summary: "List events, newest first",
  description: "All events are here, also those that a webhook has missed.",
  scope: "webhooks:read",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the ids of the event and of its subject"),
    ...merchantQuery,
    type: z.string().max(64).optional(),
    subject: z.string().max(64).optional(),
  }),
  status: 200,
  response: pageSchema(event),
  problems: ["invalid_query"],
});
