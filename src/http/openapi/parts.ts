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
  "refunds:write": "Refund payments.",
  "balances:read": "Read and refresh balances.",
  "shortcodes:read": "Read paybills and tills.",
  "shortcodes:write": "Add and change paybills and tills.",
  "webhooks:read": "Read events, webhook endpoints and deliveries.",
  "webhooks:write": "Add and change webhook endpoints, and send events again.",
  "ledger:read": "Read the ledger.",
  "accounts:read": "Read customer accounts and their statements.",
  "accounts:write": "Create and change customer accounts.",
  "reports:read": "Read reports.",
  "audit:read": "Read the audit trail.",
  "operator": "For the people who run the merchant's account: clients, jobs, notices, resolving what is in doubt.",
  "platform":
    "For the people who run the service: every merchant, and what concerns all of them. Only the command line grants it.",
};

export const scopeDescriptions: Readonly<Record<string, string>> = Object.fromEntries(
  SCOPES.map((scope) => [scope, scopeMeanings[scope]]),
);

/** The chapters of the reference page, in the order of reading. */
export const tags: readonly { readonly name: string; readonly description: string }[] = [
  {
    name: "Authentication",
    description: "OAuth 2.0 client credentials. A token is valid for 10 minutes; reuse it until then.",
  },
  {
    name: "Checkouts",
    description:
      "A request for one payment of one amount. It can have many attempts; each is one prompt on one phone. At most one attempt succeeds.",
  },
  {
    name: "Payments",
    description:
      "Money that arrived: one payment for each M-Pesa receipt, from a prompt, the paybill menu or a statement.",
  },
  {
    name: "Payment links",
    description: "Short addresses at which customers pay: to send in a chat, or to print as a QR code.",
  },
  {
    name: "Accounts",
    description:
      "For a tenant, pupil or member. Money to an account is accepted at any time, kept as its balance, and applied to its open checkouts.",
  },
  {
    name: "Payouts",
    description:
      "Money sent to a phone or a business. A payout with an unknown result is `in_doubt`, never failed. It is never sent twice.",
  },
  { name: "Refunds", description: "Payments paid back, by reversal or by payout." },
  { name: "Balances", description: "The balances of your shortcodes, as M-Pesa last reported them." },
  { name: "QR codes", description: "Codes that a customer scans to pay." },
  {
    name: "Standing orders",
    description: "A customer's consent to pay an amount regularly, by M-Pesa Ratiba.",
  },
  { name: "Shortcodes", description: "Your paybills and tills." },
  { name: "Webhooks", description: "The URLs that receive events, by Standard Webhooks 1.0." },
  { name: "Events", description: "All events, sent or not. Use this list to catch up." },
  { name: "Reports", description: "The ledger, and reconciliations with M-Pesa." },
  { name: "Merchant", description: "Your own merchant, and the rules that it has chosen." },
  { name: "Clients", description: "API credentials of your merchant." },
  { name: "People", description: "Who uses the console: invitations, roles, sessions." },
  {
    name: "Change requests",
    description: "Changes of who may send money, or of where money and messages go, that wait for a second person.",
  },
  { name: "Merchants", description: "For the people who run the service: the merchants." },
  { name: "Operations", description: "For operators: raw notices, and background jobs." },
  { name: "Service", description: "Health, keys and metadata of the service." },
  { name: "Daraja", description: "Called by Safaricom, not by you. Your firewall must let these calls through." },
];

export const headers: Readonly<Record<string, Header>> = {
  "Request-Id": {
    description: "The id of this request in our log.",
    schema: { type: "string", examples: ["req_5f0c9d7e1b2a4c3d8e6f7a8b9c0d1e2f"] },
  },
  "API-Version": {
    description: "The version of this interface (Semantic Versioning).",
    schema: { type: "string", examples: ["1.0.0"] },
  },
  "RateLimit-Policy": {
    description: "The quotas that count here: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-10).",
    schema: { type: "string", examples: ['"api-address";q=1200;w=60, "client";q=600;w=60'] },
  },
  "RateLimit": {
    description: "What is left of each quota: `r` requests, and `t` seconds until it is full again (the same draft).",
    schema: { type: "string", examples: ['"api-address";r=1180;t=1, "client";r=0;t=60'] },
  },
  "Retry-After": { description: "Seconds to wait.", schema: { type: "integer", examples: [2] } },
  "WWW-Authenticate": { description: "RFC 6750.", schema: { type: "string", examples: ['Bearer realm="malipo"'] } },
  "Idempotent-Replayed": {
    description: "`true` if this is the stored answer of the first request with the same key.",
    schema: { type: "string", enum: ["true"] },
  },
  "Deprecation": {
    description: "RFC 9745: since when this operation is deprecated.",
    schema: { type: "string", examples: ["@1801353600"] },
  },
  "Sunset": {
    description: "RFC 8594: when this operation will be removed.",
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
      "Use one key for each thing that you want done: visible ASCII. For 7 days, the same key with the same body returns the answer of the first request.",
  },
  accepted: {
    ...key,
    required: false,
    description: "For 7 days, the same key with the same body returns the answer of the first request.",
  },
};
