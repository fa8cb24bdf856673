import { z } from "zod";
import { timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { amountQuery, listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";
import { payout, payoutStatus } from "./contract.ts";
import { rejection, seen } from "./decision-contract.ts";
import { allowDuplicate, payoutRequest } from "./order.ts";

export const MAX_ROWS = 5_000;
export const MAX_BYTES = 2 * 1024 * 1024;
/** The columns of a CSV file, in any order; all must be there. */
export const COLUMNS = ["phone_number", "amount_kes", "reference", "purpose", "remarks"] as const;
/** A column that may be there as well. */
export const MORE_COLUMNS = ["payee_name"] as const;
export type Column = typeof COLUMNS[number] | typeof MORE_COLUMNS[number];

const problem = z.object({
  pointer: z.string().meta({ description: "`/rows/{line}/{column}` or `/payouts/{index}/{field}`." }),
  detail: z.string(),
});

/** A payout in short, since a batch may hold thousands. */
const member = payout.pick({
  id: true,
  status: true,
  amount: true,
  phone_number: true,
  reference: true,
  originator_conversation_id: true,
  receipt: true,
  result_code: true,
  needs_person: true,
  version: true,
}).meta({ id: "PayoutBatchMember", description: "A short form of a payout. GET /v1/payouts/{id} has all fields." });

export const batch = z.object({
  id: z.string().meta({ examples: ["bat_01kamcvdf2ej5s2k8sxw9ggk6s"] }),
  status: z.enum(["processing", "completed"]).meta({
    description: "`completed`: every payout has ended. One that awaits approval or is in doubt has not.",
  }),
  total: z.int().meta({ description: "Payouts in it.", examples: [2] }),
  amount: z.int().meta({ description: "Their sum, in cents of KES.", examples: [300000] }),
  currency: z.literal("KES"),
  counts: z.record(payoutStatus, z.int()).meta({ description: "Payouts by status." }),
  problems: z.array(problem).meta({ description: "The rows that were left out because of `accept_valid`." }),
  created_by: z.string(),
  created_at: timestamp,
  version,
  data: z.array(member).meta({ description: "In the order of the request." }),
}).meta({ id: "PayoutBatch" });
export type BatchView = z.infer<typeof batch>;

/** Items are checked one by one by the verb, so that one that is wrong does not hide the others. */
const items = z.array(z.unknown(), { error: "must be a list of payouts" })
  .min(1, { error: "must hold at least one payout" })
  .max(MAX_ROWS, { error: `must hold at most ${MAX_ROWS} payouts; split it into several batches` });

export const batchBody = z.strictObject({
  payouts: z.array(payoutRequest).min(1).max(MAX_ROWS),
  allow_duplicate: allowDuplicate,
});

export const createBatch = operation({
  id: "createPayoutBatch",
  method: "POST",
  path: "/v1/payout-batches",
  tag: "Payouts",
  summary: "Create a batch of payouts",
  description:
    `Up to ${MAX_ROWS} payouts, as JSON or as \`text/csv\` (RFC 4180) with the columns \`${
      COLUMNS.join(",")
    }\`, and \`${MORE_COLUMNS}\` if you like. ` +
    "Nothing is created if any row is wrong, and every problem is named by its row.",
  scope: "payouts:write",
  reach: "own",
  query: z.strictObject({
    accept_valid: z.enum(["true", "false"], { error: "must be true or false" }).optional().meta({
      description: "`true` creates the payouts of the valid rows, and lists what was wrong with the others.",
    }),
    allow_duplicate: z.enum(["true", "false"], { error: "must be true or false" }).optional().meta({
      description: "`true` creates them although they look like earlier ones. In a JSON body it may stand as a field.",
    }),
  }),
  body: z.strictObject({ payouts: items, allow_duplicate: allowDuplicate }),
  documentedBody: batchBody,
  csv: {
    description: "One payout for each line. Amounts are in whole shillings. A text cell must not begin with = + - @.",
    example: `${COLUMNS.join(",")}\r\n0712345678,1500,emp-17,salary,November pay\r\n`,
  },
  bodyLimit: MAX_BYTES,
  replayBeforeRun: true,
  status: 202,
  response: batch,
  problems: ["limit_exceeded", "looks_like_a_duplicate", "invalid_query"],
  idempotency: "required",
  signed: true,
});

/** A batch in a list: its payouts are read by `GET /v1/payouts?batch=`. */
const listedBatch = batch.omit({ data: true, problems: true }).meta({ id: "ListedPayoutBatch" });
export type ListedBatchView = z.infer<typeof listedBatch>;

export const listBatches = operation({
  id: "listPayoutBatches",
  method: "GET",
  path: "/v1/payout-batches",
  tag: "Payouts",
  summary: "List batches of payouts, newest first",
  description:
    "Each batch with its status, its total, and how many of its payouts have which status. The payouts themselves are in `GET /v1/payouts?batch=`.",
  scope: "payouts:read",
  reach: "platform",
  query: z.strictObject({ ...listQuery("the id"), ...amountQuery, ...merchantQuery }),
  status: 200,
  response: pageSchema(listedBatch),
  problems: ["invalid_query"],
});

export const getBatch = operation({
  id: "getPayoutBatch",
  method: "GET",
  path: "/v1/payout-batches/{id}",
  tag: "Payouts",
  summary: "Read a batch of payouts and its progress",
  description:
    "The batch with its total, its counts by status, and its payouts. It is `completed` when every payout has ended.",
  scope: "payouts:read",
  reach: "own",
  params: idParam,
  status: 200,
  response: batch,
  problems: ["not_found"],
});

export const approveBatch = operation({
  id: "approvePayoutBatch",
  method: "POST",
  path: "/v1/payout-batches/{id}/approve",
  tag: "Payouts",
  summary: "Approve a batch of payouts as a whole",
  description:
    "All payouts of the batch that await approval, in one step: all of them, or none. The client must not be the one that created the batch, nor come from the same first client (`owner`). The body may be left out; `digest` may stand in it or in the query.",
  scope: "payouts:approve",
  reach: "own",
  params: idParam,
  query: seen,
  body: seen,
  bodyOptional: true,
  status: 200,
  response: batch,
  problems: ["not_found", "wrong_state", "own_payout", "own_lineage", "payout_changed", "invalid_query"],
  idempotency: "accepted",
});

export const rejectBatch = operation({
  id: "rejectPayoutBatch",
  method: "POST",
  path: "/v1/payout-batches/{id}/reject",
  tag: "Payouts",
  summary: "Reject what awaits approval in a batch",
  description: "All payouts of the batch that await approval, in one step: all of them, or none.",
  scope: "payouts:approve",
  reach: "own",
  params: idParam,
  body: rejection,
  status: 200,
  response: batch,
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
});
