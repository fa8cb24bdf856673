import type { Examples } from "../../http/operation.ts";

/** An endpoint, as the examples of the reference show it. */
export const endpointExample = {
  id: "whe_01kamcvdf2ej5s2k8sxw9ggk6a",
  url: "https://shop.example/hooks/malipo",
  events: ["checkout.succeeded", "checkout.review"],
  description: "Order service",
  status: "enabled",
  disabled_reason: null,
  disabled_at: null,
  failing_since: null,
  previous_secret_expires_at: null,
  created_at: "2026-11-22T09:00:00.000Z",
  updated_at: "2026-11-22T09:00:00.000Z",
  version: 1,
};
const EXAMPLE_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";

/** The examples of one operation in the API reference. */
export interface OperationExamples {
  readonly request?: Examples;
  readonly response: Examples;
}
const example = (name: string, summary: string, value: unknown): Examples => ({ [name]: { summary, value } });

export const created: OperationExamples = {
  request: example("chosen", "Two types of event", {
    url: endpointExample.url,
    events: endpointExample.events,
    description: endpointExample.description,
  }),
  response: example("created", "The secret is shown this once", { ...endpointExample, secret: EXAMPLE_SECRET }),
};
export const endpointRead: OperationExamples = {
  response: {
    ...example("enabled", "It receives events of its types", endpointExample),
    ...example("disabled", "It answered 410 Gone", {
      ...endpointExample,
      status: "disabled",
      disabled_reason: "gone",
      disabled_at: "2026-11-22T10:00:00.000Z",
      updated_at: "2026-11-22T10:00:00.000Z",
      version: 2,
    }),
  },
};
export const changed: OperationExamples = {
  request: example("enable", "Switch it on again", { status: "enabled" }),
  response: example("enabled", "It receives events again", endpointExample),
};
export const endpointList: OperationExamples = {
  response: example("page", "One page", { data: [endpointExample], next_cursor: null }),
};
export const rotated: OperationExamples = {
  response: example("rotated", "Both secrets are valid for a day", {
    ...endpointExample,
    previous_secret_expires_at: "2026-11-23T09:30:00.000Z",
    updated_at: "2026-11-22T09:30:00.000Z",
    version: 3,
    secret: EXAMPLE_SECRET,
  }),
};
