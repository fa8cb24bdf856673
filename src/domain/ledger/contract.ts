import { z } from "zod";
import { currency, shortcodeNumber, timestamp } from "../../http/fields.ts";
import { operation } from "../../http/operation.ts";
import { amountQuery, listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";
import { ACCOUNT_NAMES } from "./accounts.ts";

const account = z.enum(ACCOUNT_NAMES as [typeof ACCOUNT_NAMES[number], ...typeof ACCOUNT_NAMES[number][]]).meta({
  examples: ["merchant_available"],
});
const cents = z.int().meta({ description: "Cents of KES.", examples: [150000] });
const side = z.object({
  account,
  balance: cents.meta({ description: "The balance of the account (of this shortcode) after the entry." }),
});

const entry = z.object({
  id: z.string().meta({ examples: ["led_000000000042"] }),
  cause: z.enum([
    "payment_received",
    "payment_moved",
    "payment_merged",
    "payout",
    "fee",
    "top_up_received",
    "refund",
    "taken_back",
  ]).meta({
    description:
      "What was posted. `payment_moved`: money that was received earlier is now assigned to a checkout, or to another one. `payment_merged`: a payment was another one's transfer. `taken_back`: M-Pesa reversed it without a refund.",
    examples: ["payment_received"],
  }),
  subject: z.string().meta({
    description: "The payment, payout or refund.",
    examples: ["pay_01kamcvdf2ej5s2k8sxw9ggk6r"],
  }),
  shortcode: shortcodeNumber,
  amount: cents,
  currency,
  debit: side,
  credit: side,
  balance: cents.nullable().meta({
    description:
      "If the request names an `account`: the balance of that account (of this shortcode) after the entry. Otherwise null.",
  }),
  created_at: timestamp,
}).meta({
  id: "LedgerEntry",
  description:
    "One balanced posting: the amount is debited to one account and credited to another. It is never changed or removed.",
});
export type LedgerEntryView = z.infer<typeof entry>;

const accountView = z.object({
  shortcode: shortcodeNumber,
  account,
  kind: z.enum(["asset", "liability", "expense"]),
  balance: cents.meta({ description: "A positive balance is held (asset), owed (liability) or spent (expense)." }),
}).meta({ id: "LedgerAccount" });
export type LedgerAccountView = z.infer<typeof accountView>;

const finding = z.object({
  shortcode: shortcodeNumber,
  kind: z.string().meta({ examples: ["payments"] }),
  expected: cents.meta({ description: "What our payments, checkouts, payouts and refunds give." }),
  found: cents.meta({ description: "What the ledger, the refunds or M-Pesa give." }),
  count: z.int().nullable().meta({
    description: "How many payments, checkouts, payouts or refunds it is about; null for a comparison of sums.",
    examples: [1],
  }),
  subjects: z.array(z.string()).meta({
    description: "The oldest of them, at most 20.",
    examples: [["pay_01kamcvdf2ej5s2k8sxw9ggk6r"]],
  }),
  text: z.string().meta({
    description: "What is wrong, and what to do.",
    examples: ["The ledger holds KES 1,500 less than the payments. Look at the payments of the day."],
  }),
});

const check = z.object({
  id: z.string().meta({ examples: ["lck_01kamcvdf2ej5s2k8sxw9ggk72"] }),
  day: z.string().meta({ description: "The day in Nairobi.", examples: ["2026-11-22"] }),
  ok: z.boolean(),
  findings: z.array(finding).meta({ description: "What differs, in cents. The check never repairs anything." }),
  created_at: timestamp,
}).meta({ id: "LedgerCheck" });
export type LedgerCheckView = z.infer<typeof check>;

export const listLedger = operation({
  id: "listLedger",
  method: "GET",
  path: "/v1/ledger",
  tag: "Reports",
  summary: "List ledger entries, newest first, with the balance of each account",
  description:
    "Every settled movement of money. It is posted in the same transaction that settles it. The debits of all accounts always equal their credits.",
  scope: "ledger:read",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the id of the payment, payout or refund"),
    ...merchantQuery,
    ...amountQuery,
    account: account.optional(),
    shortcode: shortcodeNumber.optional(),
    subject: z.string().max(64).optional(),
  }),
  status: 200,
  response: pageSchema(entry).extend({ accounts: z.array(accountView), last_check: check.nullable() }),
  problems: ["invalid_query"],
});

export const listLedgerChecks = operation({
  id: "listLedgerChecks",
  method: "GET",
  path: "/v1/ledger/checks",
  tag: "Reports",
  summary: "List the checks of the ledger, newest first",
  description:
    "Each night the ledger is compared with payments, payouts, refunds and what M-Pesa reported: its balances, its lists and its status answers. Each payment, checkout and refund is held to the rules: a receipt counts once, no more goes back than was paid, what succeeded is paid.",
  scope: "ledger:read",
  reach: "platform",
  query: z.strictObject({ ...listQuery("the day, and the id"), ...merchantQuery }),
  status: 200,
  response: pageSchema(check),
  problems: ["invalid_query"],
});

export const createLedgerCheck = operation({
  id: "createLedgerCheck",
  method: "POST",
  path: "/v1/ledger/checks",
  tag: "Reports",
  summary: "Check the ledger now",
  description:
    "Compares the ledger with payments, payouts and refunds, as happens each night, and answers what it found.",
  scope: "operator",
  reach: "own",
  status: 200,
  response: check,
  problems: [],
  idempotency: "accepted",
});
