import { z } from "zod";
import {
  accountReference,
  amount,
  currency,
  freeText,
  shortcodeNumber,
  timestamp,
  version,
} from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";

const TAG = "Accounts";

const apply = z.enum(["oldest_first", "none"], { error: 'must be "oldest_first" or "none"' }).meta({
  description:
    "`oldest_first`: the balance pays the open checkouts with this account, the oldest first. `none`: it waits until you allocate it.",
  examples: ["oldest_first"],
});
const dueDay = z.int({ error: "must be a day of the month" }).min(1, { error: "must be 1 or more" })
  .max(28, { error: "must be at most 28, a day that every month has" }).meta({
    description: "The day of the month (Nairobi) by whose end the expected amount should be there.",
    examples: [5],
  });
const name = freeText(1, 100).meta({
  description: "The tenant, pupil or member. It is stored encrypted.",
  examples: ["Achieng Otieno, house 12"],
});

/** An account as events tell it: without the name, which is stored encrypted. */
export const account = z.object({
  id: z.string().meta({ examples: ["acc_01kamcvdf2ej5s2k8sxw9ggk6z"] }),
  account_reference: z.string().meta({
    description: "What the customer types as the account.",
    examples: ["48201937"],
  }),
  shortcode: shortcodeNumber,
  apply,
  expected_amount: z.int().nullable().meta({ description: "Cents of KES a month.", examples: [1_500_000] }),
  due_day: dueDay,
  balance: z.int().meta({
    description:
      "Cents that came to the account, less what was applied to checkouts and what was given back or is being given back.",
    examples: [0],
  }),
  arrears: z.int().meta({
    description: "Cents that should have come by now and have not. Early money counts for later months.",
    examples: [0],
  }),
  currency,
  created_at: timestamp,
  updated_at: timestamp,
  version,
}).meta({ id: "Account" });
export type AccountData = z.infer<typeof account>;

const accountDetail = account.extend({
  name,
}).meta({ id: "AccountDetail" });
export type AccountView = z.infer<typeof accountDetail>;

export const createAccount = operation({
  id: "createAccount",
  method: "POST",
  path: "/v1/accounts",
  tag: TAG,
  summary: "Create an account for a tenant, pupil or member",
  description:
    "Money to the account is accepted at any time and is never called a duplicate: it is the account's balance. Without `account_reference` we make a number of 8 digits whose last digit checks the others.",
  scope: "accounts:write",
  reach: "own",
  body: z.strictObject({
    account_reference: accountReference.optional(),
    name,
    shortcode: shortcodeNumber.optional(),
    expected_amount: amount.optional(),
    due_day: dueDay.default(5),
    apply: apply.default("oldest_first"),
  }),
  status: 201,
  response: accountDetail,
  problems: ["wrong_state"],
  idempotency: "accepted",
});

export const listAccounts = operation({
  id: "listAccounts",
  method: "GET",
  path: "/v1/accounts",
  tag: TAG,
  summary: "List accounts, newest first",
  description: "Filter by time or by `account_reference`. Each account has its balance in cents.",
  scope: "accounts:read",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the account, and the id"),
    ...merchantQuery,
    account_reference: z.string().max(20).optional().meta({
      description: "As customers type it: case, spaces and separators do not count.",
    }),
  }),
  status: 200,
  response: pageSchema(accountDetail),
  problems: ["invalid_query"],
});

export const getAccount = operation({
  id: "getAccount",
  method: "GET",
  path: "/v1/accounts/{id}",
  tag: TAG,
  summary: "Read an account",
  description: "The account with its balance in cents. The statement lists the payments behind it.",
  scope: "accounts:read",
  reach: "platform",
  params: idParam,
  status: 200,
  response: accountDetail,
  problems: ["not_found"],
});

export const updateAccount = operation({
  id: "updateAccount",
  method: "PATCH",
  path: "/v1/accounts/{id}",
  tag: TAG,
  summary: "Change an account",
  description:
    "Fields that are left out stay as they are. A new `expected_amount` or `due_day` counts from now on: what was expected before stays expected. `expected_amount: null` expects nothing more.",
  scope: "accounts:write",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    name: name.optional(),
    expected_amount: amount.nullable().optional(),
    due_day: dueDay.optional(),
    apply: apply.optional(),
  }),
  status: 200,
  response: accountDetail,
  problems: ["not_found"],
});

const line = z.object({
  at: timestamp,
  kind: z.enum(["received", "applied", "released", "paid_checkout", "given_back", "taken_back"]).meta({
    description:
      "`received`: money came. `applied`: it paid a checkout. `released`: that was undone. `paid_checkout`: a checkout of the account was paid directly, which leaves the balance as it is. `given_back`: a refund, or one that is under way. `taken_back`: M-Pesa reversed it.",
  }),
  amount: z.int().meta({ description: "Cents; below zero where it lowers the balance.", examples: [1_500_000] }),
  balance: z.int().meta({ description: "Cents, after this line.", examples: [1_500_000] }),
  payment: z.string().nullable().meta({ examples: ["pay_01kamcvdf2ej5s2k8sxw9ggk6r"] }),
  receipt: z.string().nullable().meta({ examples: ["UKM9X2A1BC"] }),
  checkout: z.string().nullable(),
  reference: z.string().nullable().meta({ description: "The checkout's reference." }),
});
export type StatementLine = z.infer<typeof line>;

const statement = z.object({
  account: z.string().meta({ examples: ["acc_01kamcvdf2ej5s2k8sxw9ggk6z"] }),
  account_reference: z.string().meta({ examples: ["48201937"] }),
  from: timestamp.nullable(),
  to: timestamp.nullable(),
  opening_balance: z.int().meta({ description: "Cents, before the first line.", examples: [0] }),
  closing_balance: z.int().meta({ description: "Cents, after the last line.", examples: [1_500_000] }),
  arrears: z.int().meta({ examples: [0] }),
  currency,
  data: z.array(line).meta({ description: "Oldest first." }),
}).meta({ id: "AccountStatement" });
export type StatementView = z.infer<typeof statement>;

const time = (text: string) =>
  z.iso.datetime({ offset: true, error: "must be a time such as 2026-11-01T00:00:00Z" }).transform((value) =>
    Date.parse(value)
  ).optional().meta({ description: text, override: { type: "string", format: "date-time" } });

export const getAccountStatement = operation({
  id: "getAccountStatement",
  method: "GET",
  path: "/v1/accounts/{id}/statement",
  tag: TAG,
  summary: "Read the statement of an account",
  description:
    "All that came to the account and left it, with the balance after each line. With `Accept: text/csv` the lines as a file.",
  rowsAsCsv: true,
  scope: "accounts:read",
  reach: "platform",
  params: idParam,
  query: z.strictObject({ from: time("Lines from this time on."), to: time("Lines before this time.") }),
  status: 200,
  response: statement,
  problems: ["not_found", "invalid_query"],
});
