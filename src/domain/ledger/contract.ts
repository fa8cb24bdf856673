import { z } from "zod";
import { currency, shortcodeNumber, timestamp } from "../../http/fields.ts";
import { operation } from "../../http/operation.ts";
import { pageQuery, pageSchema } from "../../http/pagination.ts";
import { ACCOUNT_NAMES } from "./accounts.ts";

const account = z.enum(ACCOUNT_NAMES as [typeof ACCOUNT_NAMES[number], ...typeof ACCOUNT_NAMES[number][]]).meta({
  examples: ["merchant_available"],
});
const cents = z.int().meta({ description: "Cents of KES.", examples: [150000] });
const side = z.object({
  account,
  balance: cents.meta({ description: "What the account of this shortcode held after the entry." }),
});

const entry = z.object({
  id: z.string().meta({ examples: ["led_000000000042"] }),
  cause: z.enum(["payment_received", "payment_moved", "payout", "fee", "top_up_received", "refund"]).meta({
    description:
      "What was posted: `payment_moved` is money that was received earlier and has now found, or changed, its place.",
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
    description: "With `account` asked: the running total of that account, of this shortcode. Else null.",
  }),
  created_at: timestamp,
}).meta({
  id: "LedgerEntry",
  description:
    "One balanced posting: the amount is debited to one account and credited to another. Never changed or removed.",
});
export type LedgerEntryView = z.infer<typeof entry>;

const accountView = z.object({
  shortcode: shortcodeNumber,
  account,
  kind: z.enum(["asset", "liability", "expense"]),
  balance: cents.meta({ description: "Above zero: held (asset), owed (liability), spent (expense)." }),
}).meta({ id: "LedgerAccount" });
export type LedgerAccountView = z.infer<typeof accountView>;

const finding = z.object({
  shortcode: shortcodeNumber,
  kind: z.string().meta({ examples: ["payments"] }),
  expected: cents,
  found: cents,
});

const check = z.object({
  id: z.string().meta({ examples: ["lck_01kamcvdf2ej5s2k8sxw9ggk72"] }),
  day: z.string().meta({ description: "In Nairobi.", examples: ["2026-11-22"] }),
  ok: z.boolean(),
  findings: z.array(finding).meta({ description: "What differs, in cents; nothing is ever repaired by the check." }),
  created_at: timestamp,
}).meta({ id: "LedgerCheck" });
export type LedgerCheckView = z.infer<typeof check>;

export const listLedger = operation({
  id: "listLedger",
  method: "GET",
  path: "/v1/ledger",
  tag: "Reports",
  summary: "List ledger entries, newest first, and what each account holds",
  description:
    "Every settled movement, posted with what settled it. The debits of all accounts equal their credits at every moment.",
  scope: "ledger:read",
  query: z.strictObject({
    ...pageQuery,
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
  description: "Each night the ledger is compared with payments, payouts, refunds and M-Pesa's last balances.",
  scope: "ledger:read",
  query: z.strictObject(pageQuery),
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
  scope: "operator",
  status: 200,
  response: check,
  problems: [],
  idempotency: "accepted",
});
