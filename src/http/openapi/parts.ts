import { type Scope, SCOPES } from "../../auth/scopes.ts";
import type { Header, Parameter } from "./types.ts";

const scopeMeanings: Readonly<Record<Scope, string>> = {
  "checkouts:read": "Read checkouts.",
  "checkouts:write": "Create, prompt, cancel and refresh checkouts.",
  "payments:read": "Read payments and reconciliations.",
  "payments:write": "Match payments to checkouts.",
  "payouts:read": "Read payouts.",
  "payouts:write": "Create, cancel and refresh payouts.",
  "payouts:approve": "Approve and reject payouts that others have created.",
  "refunds:read": "Read refunds.",
  "refunds:write": "Give payments back.",
  "balances:read": "Read and refresh balances.",
  "shortcodes:read": "Read paybills and tills.",
  "shortcodes:write": "Add and change paybills and tills.",
  "webhooks:read": "Read events, webhook endpoints and deliveries.",
  "webhooks:write": "Add and change webhook endpoints, and send events again.",
  "ledger:read": "Read the ledger.",
  "operator": "What only the people who run the merchant's account should do: clients, jobs, notices, resolving.",
};

export const scopeDescriptions: Readonly<Record<string, string>> = Object.fromEntries(
  SCOPES.map((scope) => [scope, scopeMeanings[scope]]),
);

/** The chapters of the reference page, in the order of reading. */
export const tags: readonly { readonly name: string; readonly description: string }[] = [
  {
    name: "Authentication",
    description: "OAuth 2.0 client credentials. A token lives 10 minutes; keep it until then.",
  },
  {
    name: "Checkouts",
    description:
      "The wish to be paid one amount. It has many attempts, each one prompt on one phone, of which at most one pays it.",
  },
  {
    name: "Payments",
    description:
      "Money that arrived: one for each M-Pesa receipt, whether a prompt, the paybill menu or a statement told of it.",
  },
  {
    name: "Payouts",
    description:
      "Money sent to a phone. A payout whose end is not known is `in_doubt`, never failed; it is not sent twice.",
  },
  { name: "Refunds", description: "Payments given back, by reversal or by payout." },
  { name: "Balances", description: "What the shortcodes hold, as M-Pesa last said." },
  { name: "QR codes", description: "Codes that a customer scans to pay." },
  {
    name: "Standing orders",
    description: "A customer's consent to pay an amount again and again, by M-Pesa Ratiba.",
  },
  { name: "Shortcodes", description: "Your paybills and tills." },
  { name: "Webhooks", description: "Where you want to be told of events, by Standard Webhooks 1.0." },
  { name: "Events", description: "Everything that was, or should have been, told: the way to catch up." },
  { name: "Reports", description: "The ledger, and how it compares with M-Pesa's statements." },
  { name: "Clients", description: "API credentials of your merchant." },
  { name: "Operations", description: "For operators: raw notices, later work, and what waits for a person." },
  { name: "Service", description: "Health, keys and descriptions of the service itself." },
  { name: "Daraja", description: "What Safaricom calls. Not for you, but you may need to let it through a firewall." },
];

export const headers: Readonly<Record<string, Header>> = {
  "Request-Id": {
    description: "Names this request in our log.",
    schema: { type: "string", examples: ["req_5f0c9d7e1b2a4c3d8e6f7a8b9c0d1e2f"] },
  },
  "API-Version": {
    description: "The version of the interface that answered, by Semantic Versioning.",
    schema: { type: "string", examples: ["1.0.0"] },
  },
  "Retry-After": { description: "Seconds to wait.", schema: { type: "integer", examples: [2] } },
  "WWW-Authenticate": { description: "RFC 6750.", schema: { type: "string", examples: ['Bearer realm="malipo"'] } },
  "Idempotent-Replayed": {
    description: "`true` when this is the stored answer of the first request with the key.",
    schema: { type: "string", enum: ["true"] },
  },
  "Deprecation": {
    description: "RFC 9745: since when this call should not be used.",
    schema: { type: "string", examples: ["@1801353600"] },
  },
  "Sunset": {
    description: "RFC 8594: when this call ends.",
    schema: { type: "string", examples: ["Sat, 31 Jul 2027 00:00:00 GMT"] },
  },
  "Link": {
    description: "Where the deprecation is explained.",
    schema: { type: "string", examples: ['<https://api.malipo.example/docs>; rel="deprecation"; type="text/html"'] },
  },
};

const key = {
  name: "Idempotency-Key",
  in: "header",
  schema: { type: "string", minLength: 1, maxLength: 255, examples: ["order-1001-1"] },
} as const;

/** The Idempotency-Key of an operation that moves money (required), and of any other POST (optional). */
export const keyParameters: Readonly<Record<"required" | "accepted", Parameter>> = {
  required: {
    ...key,
    required: true,
    description:
      "One for each intent: visible ASCII. The same key with the same body answers what the first request answered, for 7 days.",
  },
  accepted: {
    ...key,
    required: false,
    description: "The same key with the same body answers what the first request answered, for 7 days.",
  },
};
