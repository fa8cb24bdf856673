import { z } from "zod";
import { timestamp } from "../../http/fields.ts";
import { operation } from "../../http/operation.ts";

const hit = z.object({
  type: z.enum(["checkout", "payment", "payout", "refund"]),
  id: z.string().meta({ examples: ["chk_01kamcvdf2ej5s2k8sxw9ggk6p"] }),
  summary: z.string().meta({ examples: ["KES 1,500, order-1001, succeeded"] }),
  created_at: timestamp,
}).meta({ id: "SearchHit" });
export type SearchHit = z.infer<typeof hit>;

export const search = operation({
  id: "search",
  method: "GET",
  path: "/v1/search",
  tag: "Reports",
  summary: "Search by receipt, id, phone, account, reference or amount",
  description:
    "It knows a receipt (also inside a pasted M-Pesa message), an id, a phone in any Kenyan spelling, an account or a reference (the whole or its beginning), and an amount such as `KES 1,500` (of the last 7 days). Names are encrypted and can't be searched. Besides `checkouts:read`, payments, payouts and refunds each need their own read scope. Whole matches come first; at most 10 of each type.",
  scope: "checkouts:read",
  reach: "own",
  query: z.strictObject({
    q: z.string({ error: "must be given" }).trim().min(1, { error: "must not be empty" })
      .max(500, { error: "must be at most 500 characters" })
      .meta({ examples: ["UKM9X2A1BC"] }),
  }),
  status: 200,
  response: z.object({ data: z.array(hit) }),
  problems: ["invalid_query"],
});
