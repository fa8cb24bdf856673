import { z } from "zod";
import type { ZodOpenApiOperationObject } from "zod-openapi";
import { event } from "../../webhooks/contract.ts";

const about: Readonly<Record<string, string>> = {
  "checkout.created": "A checkout was made.",
  "checkout.attempt_failed": "A prompt was declined, timed out or failed. The checkout is open again.",
  "checkout.succeeded": "It is paid: deliver.",
  "checkout.expired": "Its time is over and it was not paid. Should money come late, `checkout.succeeded` follows.",
  "checkout.cancelled": "You stopped it. Should a prompt that was out be paid, `checkout.succeeded` follows.",
  "checkout.review": "Money may have moved and nobody can say. A person must look; do not deliver, do not charge again.",
  "payment.received": "Money arrived, with or without a checkout it belongs to.",
  "payment.matched": "A payment was put to its checkout.",
  "payment.duplicate": "The checkout had been paid already: give this one back.",
  "payout.created": "A payout was made.",
  "payout.approved": "A second person approved it.",
  "payout.rejected": "A second person rejected it. Nothing was sent.",
  "payout.submitted": "M-Pesa took it. It is not paid yet.",
  "payout.in_doubt": "It may have been paid. M-Pesa is being asked; do not pay again.",
  "payout.succeeded": "It was paid.",
  "payout.failed": "It was not paid, and that is certain.",
  "payout.cancelled": "It was stopped before it was sent.",
  "refund.created": "A refund was made.",
  "refund.submitted": "M-Pesa took it. It is not given back yet.",
  "refund.in_doubt": "It may have been given back. M-Pesa is being asked.",
  "refund.succeeded": "The money was given back.",
  "refund.failed": "It was not given back, and that is certain.",
};

/** The event types that merchants can be told, each in a sentence. */
export const eventTypes: readonly string[] = Object.keys(about);
export const describeEvent = (type: string): string => about[type] ?? type;

const signed = z.object({
  "webhook-id": z.string().meta({
    description: "The event's id, the same at every retry: process each once.",
    examples: ["evt_01kamcvdf2ej5s2k8sxw9ggk6v"],
  }),
  "webhook-timestamp": z.string().meta({ description: "Seconds since 1970. Refuse what is older than 5 minutes.", examples: ["1795339800"] }),
  "webhook-signature": z.string().meta({
    description: "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; several with spaces between while a secret is rotated.",
    examples: ["v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="],
  }),
});

/** What we send to webhook endpoints, one entry for each type. */
export const webhooks: Record<string, { post: ZodOpenApiOperationObject }> = Object.fromEntries(
  Object.entries(about).map(([type, sentence]) => [type, { post: webhook(type, sentence) }]),
);

function webhook(type: string, sentence: string): ZodOpenApiOperationObject {
  const name = type.replaceAll(/[._](\w)/g, (_, letter: string) => letter.toUpperCase());
  return {
    operationId: `on${name[0]?.toUpperCase()}${name.slice(1)}`,
    tags: ["Webhooks"],
    summary: sentence,
    description: "Answer 2xx within 15 seconds, and work afterwards. Anything else is tried again for three days.",
    security: [],
    requestParams: { header: signed },
    requestBody: { required: true, content: { "application/json": { schema: event } } },
    responses: {
      "2XX": { description: "Taken" },
      "410": { description: "Gone: the endpoint is disabled" },
    },
  };
}
