import type { Examples } from "../../http/operation.ts";
import { endpointExample as endpoint, type OperationExamples } from "../endpoints/examples.ts";
import { failureMessages } from "./failures.ts";

const message = {
  id: "evt_01kamcvdf2ej5s2k8sxw9ggk6v",
  type: "checkout.succeeded",
  timestamp: "2026-11-22T09:30:14.880Z",
  subject: "chk_01kamcvdf2ej5s2k8sxw9ggk6p",
  data: { id: "chk_01kamcvdf2ej5s2k8sxw9ggk6p", status: "succeeded", amount: 150000, reference: "order-1001" },
  created_at: "2026-11-22T09:30:14.880Z",
};

const delivered = {
  id: "dlv_01kamcvdf2ej5s2k8sxw9ggk6b",
  endpoint: endpoint.id,
  event: message.id,
  event_type: message.type,
  cause: "event",
  attempt: 1,
  status: "succeeded",
  request: {
    url: endpoint.url,
    headers: {
      "content-type": "application/json",
      "user-agent": "Malipo-Webhooks/0.1.0",
      "webhook-id": message.id,
      "webhook-timestamp": "1795339814",
    },
    body: JSON.stringify(message),
  },
  response: { status: 204, body: null },
  failure: null,
  created_at: "2026-11-22T09:30:14.891Z",
  due_at: null,
  started_at: "2026-11-22T09:30:14.903Z",
  duration_ms: 88,
  next_attempt_at: null,
  version: 3,
};

const failed = {
  ...delivered,
  status: "failed",
  response: { status: 500, body: "Internal Server Error" },
  failure: { code: "status", message: failureMessages.status },
  next_attempt_at: "2026-11-22T09:30:19.991Z",
};

const waiting = {
  ...delivered,
  cause: "redelivery",
  status: "pending",
  request: null,
  response: null,
  due_at: "2026-11-22T09:40:00.000Z",
  started_at: null,
  duration_ms: null,
};

const example = (name: string, summary: string, value: unknown): Examples => ({ [name]: { summary, value } });

export const tested: OperationExamples = {
  response: {
    ...example("delivered", "The endpoint accepted the test event", {
      ...delivered,
      cause: "test",
      event_type: "webhook_endpoint.test",
    }),
    ...example("failed", "The endpoint answered an error", { ...failed, cause: "test", next_attempt_at: null }),
  },
};
export const deliveryList: OperationExamples = {
  response: example("page", "One page", { data: [failed, delivered], next_cursor: null }),
};
export const redelivered: OperationExamples = {
  response: example("waiting", "The event will be sent to one endpoint again", { data: [waiting] }),
};
export const replayed: OperationExamples = {
  request: example("since", "All since a time", { since: "2026-11-22T00:00:00.000Z" }),
  response: example("events", "The number of events that will be sent again", { endpoint: endpoint.id, events: 412 }),
};
