import { EVENT_TYPES, type EventType } from "../../db/event-types.ts";
import { exampleOf } from "./example.ts";
import {
  type ApiOperation,
  type Document,
  type Example,
  type Parameter,
  type PathItem,
  resolve,
  type Schema,
} from "./types.ts";

const eventDescriptions: Readonly<Record<EventType, string>> = {
  "checkout.created": "A checkout was created.",
  "checkout.possible_duplicate":
    "A checkout was created while another one with the same `reference` was open: `possible_duplicate_of` names it. Make sure that the customer pays one of them.",
  "checkout.part_received":
    "A part of the amount has come. `amount_received` is what is held now, and `amount_due` what is left. Deliver at `checkout.succeeded`.",
  "checkout.attempt_failed": "A prompt was declined, timed out or failed. The checkout is open again.",
  "checkout.succeeded": "The checkout is paid: deliver the goods.",
  "checkout.overpaid":
    "More was paid than was asked, and by the rule `refund_difference` the rest should go back, but can't by itself: M-Pesa did not say which phone paid, or a limit refuses it. The checkout stays `succeeded`. Look at its payment and give the rest back with a refund, or keep it.",
  "checkout.expired": "The checkout expired without a payment. If money arrives late, `checkout.succeeded` follows.",
  "checkout.cancelled":
    "You cancelled the checkout. If a prompt that was already sent is paid, `checkout.succeeded` follows.",
  "checkout.review":
    "Money may have moved, and it is not known whether it did. A person must look. Do not deliver and do not charge again.",
  "checkout.reopened":
    "The payment that had settled it belongs to another checkout, as M-Pesa's callback proves. It is not paid: do not deliver.",
  "checkout.updated":
    "Something else of the checkout changed and no other event tells it, such as the receipt of its payment. `status` says what is true now.",
  "payment.received": "Money arrived. It may belong to a checkout or not.",
  "payment.matched": "A payment was matched to a checkout.",
  "payment.duplicate": "A payment arrived for a checkout that was already paid: refund it.",
  "payment.merged":
    "A payment that you know is the same transfer as this one. `merged` is its id. Only this payment counts.",
  "payment.updated":
    "Something else of the payment changed and no other event tells it: its receipt came, or its checkout or status is another one now.",
  "payment.refunded":
    "More of a payment has gone back, or less: a refund that counted as paid proved not to be. `amount_refunded` says how much.",
  "payment.withdrawn":
    "The statement that named this payment was undone, and M-Pesa itself never reported it. It does not count. `reconciliation` names the run.",
  "payment.over_refunded":
    "More of the payment went back than was paid: a refund that had failed proved to be paid. See `amount_refunded`. A person must look.",
  "payment.taken_back":
    "M-Pesa reversed the payment, or a part of it, without a refund of yours. See `amount_taken_back`. Its checkout goes to review: do not deliver.",
  "account.created": "An account was created.",
  "account.updated": "An account or its balance changed, other than by money that came to it.",
  "account.credited":
    "Money came to the account, at any time and of any amount. `payment` is its id. Nothing has to be given back.",
  "account.payment_due":
    "In three days the account's amount is due, and it is not there yet: `missing` is what lacks. Told once for each due day.",
  "account.in_arrears": "The due day has passed, and the account is behind by `arrears`. Told once for each due day.",
  "payout.created": "A payout was created.",
  "payout.approved": "A second person approved the payout.",
  "payout.rejected": "A second person rejected the payout. Nothing was sent.",
  "payout.held":
    "The payout is not sent: M-Pesa's name of the payee is not the one that was given. A person must confirm the name, or cancel the payout.",
  "payout.released": "A person confirmed the name of a held payout. It is sent now.",
  "payout.submitted": "M-Pesa accepted the payout. It is not paid yet.",
  "payout.in_doubt": "The payout may have been paid. We are asking M-Pesa. Do not pay again.",
  "payout.succeeded": "The payout was paid.",
  "payout.failed": "The payout was certainly not paid.",
  "payout.cancelled": "The payout was cancelled before it was sent.",
  "payee.name_mismatch":
    "M-Pesa returned another name for a payee than you gave. The next payout to this phone waits for a person.",
  "refund.created": "A refund was created.",
  "refund.submitted": "M-Pesa accepted the refund. It is not paid back yet.",
  "refund.in_doubt": "The refund may have been paid back. We are asking M-Pesa.",
  "refund.succeeded": "The money was paid back.",
  "refund.failed": "The money was certainly not paid back.",
  "standing_order.created": "A customer was asked to agree to a standing order.",
  "standing_order.active": "The customer agreed.",
  "standing_order.failed": "The customer did not agree, or M-Pesa refused it.",
  "standing_order.unknown":
    "No answer came. The order may be active nevertheless. If an answer comes late, another event follows.",
  "security.change_proposed":
    "Somebody proposed a change of who may send money, or of where money and messages go. Reject it if you do not know it.",
  "security.change_applied": "A proposed change was confirmed, or nobody rejected it in time. It holds now.",
  "security.change_rejected": "A proposed change was rejected or taken back. Nothing was changed.",
  "security.change_stale": "A proposed change no longer fitted, so it was not applied. `reason` says why.",
  "webhook_endpoint.disabled":
    "Another endpoint of yours was disabled: it answered 410, or every delivery failed for 5 days.",
  "webhook_endpoint.test": "A test event that you asked for.",
  "alert.firing":
    "Something of yours needs a person, such as money in doubt or a low balance. `rule` names the cause, `runbook_url` what to do.",
  "alert.resolved": "The cause of an alert is gone.",
  "audit.checkpoint":
    "Where your audit trail ended at `sealed_at`: `entries`, and the `hash` that covers all of them, signed (Ed25519) by the key `kid` of `/.well-known/jwks.json`. Keep it: with it you can prove later that the trail was not rewritten.",
};

const header = (name: string, description: string, example: string): Parameter => ({
  name,
  in: "header",
  required: true,
  description,
  schema: { type: "string", examples: [example] },
});

const signatureHeaders: readonly Parameter[] = [
  header(
    "webhook-id",
    "The event's id. It is the same at every retry: process each id once.",
    "evt_01kamcvdf2ej5s2k8sxw9ggk6v",
  ),
  header("webhook-timestamp", "Seconds since 1970. Refuse a message that is older than 5 minutes.", "1795339800"),
  header(
    "webhook-signature",
    "`v1,` and the base64 of the HMAC-SHA256 of `id.timestamp.body`. While a secret is rotated: two of them, separated by a space.",
    "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
  ),
];

/** The messages that we send to webhook endpoints: one entry for each event type. */
export const webhooksOf = (document: Document): Record<string, PathItem> =>
  document.components.schemas.Event === undefined ? {} : Object.fromEntries(
    EVENT_TYPES.map((type) => [type, { post: webhook(document, type, eventDescriptions[type]) }]),
  );

function webhook(document: Document, type: EventType, summary: string): ApiOperation {
  const name = type.replaceAll(/[._](\w)/g, (_, letter: string) => letter.toUpperCase());
  const schema = schemaOf(document, type);
  return {
    operationId: `on${name[0]?.toUpperCase()}${name.slice(1)}`,
    tags: ["Webhooks"],
    summary,
    description:
      "Answer 2xx within 15 seconds, and do the work afterwards. After any other answer the delivery is retried for three days.",
    security: [],
    parameters: signatureHeaders,
    requestBody: {
      required: true,
      content: { "application/json": { schema, examples: { example: { value: eventExample(document, type) } } } },
    },
    responses: {
      "2XX": { description: "Accepted" },
      "410": { description: "Gone: the endpoint is disabled" },
    },
  };
}

/** The schema of an event's subject, such as `Checkout` for `checkout.succeeded`. Null: the document has none. */
const subjectOf = (document: Pick<Document, "components">, type: string): string | null => {
  if (type === "webhook_endpoint.test") return null; // a greeting, not the endpoint
  const name = type.startsWith("security.change_")
    ? "ChangeRequest"
    : type.slice(0, type.indexOf(".")).replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
  return document.components.schemas[name] === undefined ? null : name;
};

/** A delivery has this field besides those of the event, because Standard Webhooks asks for it. */
const timestamp: Schema = { type: "string", format: "date-time", description: "When it happened: `created_at`." };

function schemaOf(document: Pick<Document, "components">, type: string): Schema {
  const subject = subjectOf(document, type);
  const data = subject === null ? {} : { data: { $ref: `#/components/schemas/${subject}` } };
  return {
    allOf: [
      { $ref: "#/components/schemas/Event" },
      { type: "object", properties: { type: { const: type }, timestamp, ...data }, required: ["timestamp"] },
    ],
  };
}

function eventExample(document: Document, type: string): unknown {
  const subject = subjectOf(document, type);
  const data = subject === null ? {} : subjectExample(document, subject, type);
  const whole = exampleOf(document, { $ref: "#/components/schemas/Event" });
  const { created_at } = whole as { created_at: string }; // an Event
  return { ...whole as object, type, subject: (data as { id?: string }).id ?? "", data, timestamp: created_at };
}

/** The status of the subject after an event, where the event has another name. */
const statusAfterEvent: Readonly<Record<string, string>> = {
  "checkout.created": "pending",
  "checkout.possible_duplicate": "pending",
  "checkout.part_received": "open",
  "checkout.attempt_failed": "open",
  "payout.created": "awaiting_approval",
  "payout.approved": "queued",
};

/** The example of the subject's GET operation whose status is the one after the event. */
function subjectExample(document: Document, subject: string, type: string): unknown {
  const state = statusAfterEvent[type] ?? type.slice(type.indexOf(".") + 1);
  const reading = Object.values(document.paths).map(({ get }) => get).find((get) =>
    get?.operationId === `get${subject}`
  );
  const answer = reading?.responses["200"];
  const shown = answer === undefined || "$ref" in answer ? {} : answer.content?.["application/json"]?.examples ?? {};
  const values = Object.values(shown).map((example) => resolve<Example>(document, example).value);
  const chosen = values.find((value) => (value as { status?: unknown }).status === state) ?? values[0];
  if (typeof chosen !== "object" || chosen === null) {
    return exampleOf(document, { $ref: `#/components/schemas/${subject}` });
  }
  const { properties = {} } = document.components.schemas[subject] ?? {}; // reading may tell more than the event
  return Object.fromEntries(Object.entries(chosen).filter(([name]) => properties[name] !== undefined));
}
