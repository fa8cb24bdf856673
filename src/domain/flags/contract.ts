import { z } from "zod";
import { timestamp } from "../../http/fields.ts";
import { operation } from "../../http/operation.ts";
import { FLAG_NAMES } from "../../flags/flags.ts";

const TAG = "Merchants";

const percent = z.int({ error: "must be a whole number, 0 to 100" }).min(0, { error: "must be 0 to 100" })
  .max(100, { error: "must be 0 to 100" }).meta({ examples: [10] });

const setting = z.object({
  merchant: z.string().nullable().meta({
    description: "Null: every merchant without a percentage of its own.",
    examples: [null],
  }),
  percent,
  by: z.string().meta({ examples: ["cli_platform"] }),
  at: timestamp,
});

export const flag = z.object({
  name: z.enum(FLAG_NAMES),
  meaning: z.string().meta({ description: "What the flag switches.", examples: ["Statements are read in steps."] }),
  default_percent: percent.meta({ description: "What holds where nothing is set.", examples: [100] }),
  settings: z.array(setting),
}).meta({ id: "FeatureFlag" });
export type FlagView = z.infer<typeof flag>;

const flagList = z.object({ data: z.array(flag) }).meta({ id: "FeatureFlagList" });
export type FlagList = z.infer<typeof flagList>;

export const listFlags = operation({
  id: "listFlags",
  method: "GET",
  path: "/v1/flags",
  tag: TAG,
  summary: "List the feature flags, with what is set",
  description:
    "Each flag with its default, the setting of all merchants, and the settings of single merchants, which count first.",
  scope: "platform",
  reach: "platform",
  status: 200,
  response: flagList,
  problems: [],
});

export const setFlag = operation({
  id: "setFlag",
  method: "PATCH",
  path: "/v1/flags/{name}",
  tag: TAG,
  summary: "Set a feature flag for a percentage of all, or of a merchant",
  description:
    "The same checkout always gets the same answer, and one that has the behaviour keeps it when the percentage grows. Each process notices within 5 seconds.",
  scope: "platform",
  reach: "platform",
  params: z.strictObject({ name: z.string().meta({ examples: ["live_pages"] }) }),
  body: z.strictObject({
    percent: percent.nullable().meta({
      description: "Null removes the setting, so that the one of all merchants, or the default, holds again.",
      examples: [10],
    }),
    merchant: z.string().max(64).optional().meta({
      description: "Left out: every merchant without a percentage of its own.",
      examples: ["mer_01kamcvd000000000000000001"],
    }),
  }),
  status: 200,
  response: flag,
  problems: ["not_found"],
});
