import { z } from "zod";
import { nairobiMidnight } from "../../daraja/time.ts";
import { timestamp } from "../../http/fields.ts";
import { operation } from "../../http/operation.ts";

const moment = z.string().transform((text, ctx) => {
  const day = nairobiMidnight(text);
  if (day !== null) return day;
  const time = z.iso.datetime({ offset: true }).safeParse(text.replace(/ (?=\d\d:\d\d$)/, "+"));
  if (time.success) return Date.parse(time.data);
  ctx.addIssue({ code: "custom", message: "must be a day, such as 2026-11-01, or an RFC 3339 time" });
  return z.NEVER;
});
const override = { type: "string" } as const;

const BY = ["day", "hour", "channel", "shortcode", "store", "failure"] as const;

const sum = z.object({
  count: z.int().meta({ examples: [2] }),
  amount: z.int().meta({ description: "Cents of KES.", examples: [300000] }),
});

const line = z.object({
  key: z.string().meta({
    description:
      "The day in Nairobi, the hour of the day in Nairobi (`00` to `23`), the channel (`stk`, `c2b`, `pull`; `b2c` for payouts, `reversal` and `payout` for refunds), the shortcode, the store (empty: shortcodes without one), or the failure.",
    examples: ["2026-11-22"],
  }),
  payments: sum.meta({ description: "Received, whatever became of it: `GET /v1/payments` lists it." }),
  payouts: sum.meta({ description: "`GET /v1/payouts?status=succeeded` lists it, with those that carry refunds." }),
  refunds: sum.meta({ description: "`GET /v1/refunds?status=succeeded` lists it." }),
  failures: sum.meta({ description: "Prompts that failed, with what their checkouts ask. Only with `by=failure`." }),
  fees: z.int().meta({ description: "M-Pesa's fees of the payouts, as far as it told them, in cents.", examples: [0] }),
  fees_estimated: z.int().meta({
    description:
      "What Safaricom's published tariffs take for the payments and for the payouts to phones, in cents. A payment counts where its shortcode has a `tariff`. It is no part of `net`.",
    examples: [500],
  }),
  net: z.int().meta({
    description: "Payments, less payouts, fees, and refunds by reversal (others are payouts), in cents.",
    examples: [300000],
  }),
});
export type SummaryLine = z.infer<typeof line>;

const summary = z.object({
  from: timestamp,
  to: timestamp,
  by: z.enum(BY),
  data: z.array(line),
  total: line.omit({ key: true }),
}).meta({ id: "Summary" });
export type Summary = z.infer<typeof summary>;

export const getSummary = operation({
  id: "getSummary",
  method: "GET",
  path: "/v1/reports/summary",
  tag: "Reports",
  summary: "Get totals for a period",
  description:
    "Of what was created in the time, half open, like `created_from` and `created_to` of the lists: each figure is the sum of its list and of its CSV. A day begins at midnight in Nairobi.",
  scope: "reports:read",
  reach: "own",
  query: z.strictObject({
    from: moment.optional().meta({
      description: "A day of Nairobi or an RFC 3339 time. Default: 30 days before `to`.",
      examples: ["2026-11-01"],
      override,
    }),
    to: moment.optional().meta({
      description: "It does not belong to the time. Default: now.",
      examples: ["2026-12-01"],
      override,
    }),
    by: z.enum(BY, { error: "must be day, hour, channel, shortcode, store or failure" }).default("day"),
  }),
  status: 200,
  response: summary,
  rowsAsCsv: true,
  problems: ["invalid_query"],
});
