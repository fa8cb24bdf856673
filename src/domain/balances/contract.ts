import { z } from "zod";
import { currency, shortcodeNumber, timestamp } from "../../http/fields.ts";
import { operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";

const cents = z.int().meta({ description: "Cents of KES; may be below zero.", examples: [22803700] });

const account = z.object({
  name: z.string().meta({ description: "M-Pesa's own name.", examples: ["Utility Account"] }),
  currency: z.string().meta({ examples: ["KES"] }),
  current: cents,
  available: cents.nullable(),
  reserved: cents.nullable(),
  uncleared: cents.nullable(),
});

const balance = z.object({
  id: z.string().meta({ examples: ["bal_01kamcvdf2ej5s2k8sxw9ggk6z"] }),
  shortcode: shortcodeNumber,
  accounts: z.array(account),
  currency,
  utility: cents.nullable().meta({ description: "What payouts and refunds are paid from." }),
  working: cents.nullable().meta({ description: "What payments to businesses are paid from." }),
  alert_below: cents.nullable().meta({
    description: "If the utility account has less than this, an alert is raised. Null: no alert.",
  }),
  low: z.boolean().meta({ description: "Utility is below `alert_below`." }),
  completed_at: timestamp.nullable().meta({ description: "The time of the balance at M-Pesa." }),
  created_at: timestamp,
}).meta({ id: "Balance", description: "The balances of a shortcode's M-Pesa accounts at one time." });
export type BalanceView = z.infer<typeof balance>;

export const listBalances = operation({
  id: "listBalances",
  method: "GET",
  path: "/v1/balances",
  tag: "Balances",
  summary: "List the balances of your shortcodes",
  description: "The last known balance of each shortcode; with `history=true` every one, newest first.",
  scope: "balances:read",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the id"),
    ...merchantQuery,
    shortcode: shortcodeNumber.optional(),
    history: z.literal("true", { error: "must be true, or left out" }).optional(),
  }),
  status: 200,
  response: pageSchema(balance),
  problems: ["invalid_query"],
});

const asked = z.object({
  shortcode: shortcodeNumber,
  status: z.literal("asked"),
  asked_at: timestamp,
}).meta({ id: "BalanceRefresh" });
export type BalanceRefreshView = z.infer<typeof asked>;

export const refreshBalance = operation({
  id: "refreshBalance",
  method: "POST",
  path: "/v1/balances/refresh",
  tag: "Balances",
  summary: "Refresh the balances from M-Pesa",
  description: "202: M-Pesa answers later. Then GET /v1/balances has the balance.",
  scope: "balances:read",
  reach: "own",
  body: z.strictObject({ shortcode: shortcodeNumber.optional() }),
  status: 202,
  response: asked,
  problems: ["daraja_refused", "daraja_unavailable"],
  idempotency: "accepted",
});

const alert = z.object({
  shortcode: shortcodeNumber,
  alert_below: cents.nullable(),
}).meta({ id: "BalanceAlert" });
export type BalanceAlertView = z.infer<typeof alert>;

export const setBalanceAlert = operation({
  id: "setBalanceAlert",
  method: "PATCH",
  path: "/v1/balances",
  tag: "Balances",
  summary: "Set when a balance is too low",
  description: "When a refreshed utility balance is below it, an alert is raised and `low` is true.",
  scope: "shortcodes:write",
  reach: "own",
  body: z.strictObject({
    shortcode: shortcodeNumber.optional(),
    alert_below: z.int({ error: "must be an integer in cents of KES, or null" }).positive({
      error: "must be more than 0 cents, or null",
    }).nullable().meta({ description: "Cents of KES; null: no alert.", examples: [5000000] }),
  }),
  status: 200,
  response: alert,
  problems: [],
});
