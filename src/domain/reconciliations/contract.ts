import { z } from "zod";
import { shortcodeNumber, timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";
import { LEFT_OUT_REASONS } from "./left-out-fields.ts";

/** The largest statement, in bytes. */
const MAX_STATEMENT_BYTES = 2 * 1024 * 1024;

const status = z.enum(["queued", "running", "completed", "failed", "reversing", "reversed"]);

export const reconciliation = z.object({
  id: z.string().meta({ examples: ["rec_01kamcvdf2ej5s2k8sxw9ggk71"] }),
  shortcode: shortcodeNumber,
  source: z.enum(["pull", "statement"]).meta({
    description: "`pull`: we asked M-Pesa (Pull Transactions). `statement`: a statement was imported.",
  }),
  started_by: z.string().meta({
    description: "The client that started it, or `system` for a scheduled (hourly) one.",
    examples: ["system"],
  }),
  status,
  from: timestamp,
  to: timestamp,
  seen: z.int().meta({ description: "Payments that M-Pesa listed.", examples: [120] }),
  matched: z.int().meta({ description: "Those of them that we had with the same amount.", examples: [118] }),
  created: z.int().meta({ description: "Those of them that were missing here and were recorded now.", examples: [2] }),
  differing: z.int().meta({
    description:
      "Payments with another amount or one that could not be read, and payments of ours that M-Pesa did not list. A person must look at them.",
    examples: [0],
  }),
  unreadable: z.int().meta({
    description: "Rows that could not be read or stored. Those with a receipt are among the findings as `differs`.",
    examples: [0],
  }),
  problem: z.string().nullable().meta({ description: "Why it failed. The next scheduled one covers its time too." }),
  notes: z.array(z.string()).meta({
    description: "What a person should know about how the file was read, such as the order of day and month.",
    examples: [["The file names no shortcode, so it was taken as the statement of 600000."]],
  }),
  left_out_total: z.int().meta({
    description: "Rows of the statement that did not count as payments.",
    examples: [3],
  }),
  created_at: timestamp,
  ended_at: timestamp.nullable(),
  reversed_at: timestamp.nullable().meta({ description: "When the run was undone." }),
  reversed_by: z.string().nullable().meta({ description: "The client that undid it.", examples: [null] }),
  version,
}).meta({ id: "Reconciliation", description: "Our payments compared with M-Pesa's." });
export type ReconciliationView = z.infer<typeof reconciliation>;

export const reconciliationDetail = reconciliation.extend({
  findings: z.array(z.object({
    receipt: z.string().meta({ examples: ["UKM9X2A1BC"] }),
    outcome: z.enum(["created", "completed", "differs", "missing"]).meta({
      description:
        "`completed`: a payment without a receipt has its receipt now. `missing`: we have the payment, and M-Pesa did not list it.",
    }),
    payment: z.string().nullable(),
    ours: z.int().nullable().meta({ description: "Cents of KES." }),
    theirs: z.int().nullable().meta({
      description: "Cents of KES; null if M-Pesa did not list it, or could not be read.",
    }),
  })).meta({ description: "At most 500, by receipt." }),
  left_out: z.array(z.object({
    row: z.int().meta({ description: "The line of the file, from 1.", examples: [12] }),
    receipt: z.string().nullable().meta({ examples: ["UKM9X2A1BC"] }),
    amount: z.int().nullable().meta({
      description: "Cents of KES that the row pays in; null if that can't be read.",
      examples: [50000],
    }),
    reason: z.enum(LEFT_OUT_REASONS),
    detail: z.string().meta({ examples: ["It moves money between accounts of this shortcode."] }),
  })).meta({ description: "Rows of the statement that did not count as payments. At most 500, by row." }),
}).meta({ id: "ReconciliationDetail" });
export type ReconciliationDetail = z.infer<typeof reconciliationDetail>;

export const listReconciliations = operation({
  id: "listReconciliations",
  method: "GET",
  path: "/v1/reconciliations",
  tag: "Reports",
  summary: "List reconciliations, newest first",
  description: "Filter by status, shortcode or time. What each one found is in `GET /v1/reconciliations/{id}`.",
  scope: "payments:read",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the id"),
    ...merchantQuery,
    status: status.optional(),
    shortcode: shortcodeNumber.optional(),
  }),
  status: 200,
  response: pageSchema(reconciliation),
  problems: ["invalid_query"],
});

export const getReconciliation = operation({
  id: "getReconciliation",
  method: "GET",
  path: "/v1/reconciliations/{id}",
  tag: "Reports",
  summary: "Read a reconciliation and what it found",
  description:
    "Its status, what was compared, and each difference. It runs in the background: read it again until it has ended.",
  scope: "payments:read",
  reach: "own",
  params: idParam,
  status: 200,
  response: reconciliationDetail,
  problems: ["not_found"],
});

const moment = (name: string) =>
  z.iso.datetime({ offset: true, error: `must be a time such as 2026-11-22T09:30:00Z` })
    .transform((text) => Date.parse(text)).meta({
      description: `${name} of the time to compare.`,
      examples: ["2026-11-22T09:30:00.000Z"],
      override: { type: "string", format: "date-time" },
    });

export const startReconciliation = operation({
  id: "startReconciliation",
  method: "POST",
  path: "/v1/reconciliations",
  tag: "Reports",
  summary: "Start a reconciliation with M-Pesa",
  description:
    "Asks M-Pesa for the payments of the last 48 hours, or of a part of that time, and records those that are missing here. It runs in the background: read it again until it has ended. For any other time, send a statement from the M-Pesa portal as a file. The shortcode that the file names decides where it is booked.",
  scope: "payments:write",
  reach: "own",
  query: z.strictObject({
    shortcode: shortcodeNumber.optional().meta({
      description: "The shortcode of a statement whose file names none. If the file names one, it must be the same.",
    }),
    dry_run: z.enum(["true", "false"]).transform((text) => text === "true").optional().meta({
      description:
        "With `true`, a statement is read and compared by receipt, and nothing is written. The `id` of the answer then names nothing.",
    }),
  }),
  body: z.strictObject({
    shortcode: shortcodeNumber.optional(),
    from: moment("Begin").optional(),
    to: moment("End").optional(),
  }),
  files: {
    "text/csv": {
      description:
        "An M-Pesa organisation statement, as the portal exports it: up to 2 MiB and 20,000 rows, in UTF-8 or UTF-16, with commas, semicolons or tabs.",
      example: "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,A/C No.\r\n" +
        "UKM9X2A1BC,22-11-2026 12:13:25,Pay Bill from 2547•••••678,Completed,1500.00,,Pay Bill Online,INV1001\r\n",
    },
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": { description: "The same as XLSX." },
  },
  bodyLimit: MAX_STATEMENT_BYTES,
  status: 202,
  response: reconciliationDetail,
  problems: ["invalid_query", "statement_shortcode_mismatch"],
  idempotency: "accepted",
});

export const reverseReconciliation = operation({
  id: "reverseReconciliation",
  method: "POST",
  path: "/v1/reconciliations/{id}/reverse",
  tag: "Reports",
  summary: "Undo the import of a statement",
  description:
    "Withdraws the payments that only this statement named, with counter-entries in the ledger, `payment.withdrawn` for each, and `checkout.reopened` where one had settled a checkout. Payments that M-Pesa itself has reported since stay. It is refused if a payment was refunded, matched by a person, used to settle a prompt or moved in the ledger since; `errors` names them. The same call again changes nothing.",
  scope: "payments:write",
  reach: "own",
  params: idParam,
  status: 200,
  response: reconciliationDetail,
  problems: ["not_found", "wrong_state", "payments_in_use"],
  idempotency: "accepted",
});
