import { z } from "zod";
import { shortcodeNumber, timestamp } from "../../http/fields.ts";
import { operation } from "../../http/operation.ts";

const state = z.enum(["ok", "failing", "no_data"]).meta({
  description:
    "`failing`: half of the calls of the last 5 minutes or more got no answer. `no_data`: fewer than 3 calls.",
});

const measure = z.object({
  operation: z.string().meta({ description: "The call to Daraja.", examples: ["stk_push"] }),
  shortcode: shortcodeNumber,
  minutes: z.union([z.literal(5), z.literal(60)]).meta({ description: "The time that is measured." }),
  calls: z.int(),
  answered: z.int().meta({ description: "Calls that Daraja's service answered, refusals included." }),
  accepted: z.int().meta({ description: "Calls that Daraja accepted." }),
  settled: z.int().nullable().meta({ description: "Prompts that were paid; null for other calls." }),
  median_ms: z.int().nullable().meta({ description: "The median time of an answer, rounded up to a step." }),
});

const statusSchema = z.object({
  status: state,
  measured_at: timestamp,
  operations: z.array(measure).meta({ description: "Only of your own shortcodes." }),
}).meta({
  id: "DarajaStatus",
  description: "Daraja's health, as measured by this service. It lags by up to a minute.",
});
export type StatusView = z.infer<typeof statusSchema>;

export const getStatus = operation({
  id: "getStatus",
  method: "GET",
  path: "/v1/status",
  tag: "Operations",
  summary: "Read how Daraja answers for your shortcodes",
  description: "`status` is that of prompts over the whole service; `/status` is the public page.",
  scope: "checkouts:read",
  reach: "own",
  status: 200,
  response: statusSchema,
  problems: [],
});
