import { z } from "zod";
import { timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";

const TAG = "Accounts";
const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const MOST_DAYS = 366;

const link = z.object({
  id: z.string().meta({ examples: ["acl_01kamcvdf2ej5s2k8sxw9ggk70"] }),
  account: z.string().meta({ examples: ["acc_01kamcvdf2ej5s2k8sxw9ggk6z"] }),
  url: z.string().nullable().meta({
    description:
      "The page to share. Who has the address sees the statement. Null for a token without `accounts:write`, and once the link has expired or was revoked.",
    examples: ["https://api.malipo.example/s/acl_01kamcvdf2ej5s2k8sxw9ggk70?token=220a1b"],
  }),
  expires_at: timestamp,
  revoked_at: timestamp.nullable(),
  created_by: z.string(),
  created_at: timestamp,
  version,
}).meta({ id: "AccountLink" });
export type AccountLinkView = z.infer<typeof link>;

export const createAccountLink = operation({
  id: "createAccountLink",
  method: "POST",
  path: "/v1/accounts/{id}/links",
  tag: TAG,
  summary: "Share the statement of an account",
  description:
    "Makes a page with the statement, in English and Swahili, for the tenant, pupil or member. It shows balance, arrears and lines, and no phone number or name of a payer. Who has the address can read it until it expires or you revoke it.",
  scope: "accounts:write",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    expires_in: z.int({ error: "must be a whole number of seconds" })
      .min(HOUR_S, { error: `must be at least ${HOUR_S} seconds (an hour)` })
      .max(MOST_DAYS * DAY_S, { error: `must be at most ${MOST_DAYS * DAY_S} seconds (${MOST_DAYS} days)` })
      .default(30 * DAY_S).meta({ description: "In seconds. Default: 30 days.", examples: [30 * DAY_S] }),
  }),
  status: 201,
  response: link,
  problems: ["not_found"],
  idempotency: "accepted",
});

export const listAccountLinks = operation({
  id: "listAccountLinks",
  method: "GET",
  path: "/v1/accounts/{id}/links",
  tag: TAG,
  summary: "List the shared pages of an account, newest first",
  description: "At most the newest 100.",
  scope: "accounts:read",
  reach: "platform",
  params: idParam,
  status: 200,
  response: z.object({ data: z.array(link) }),
  problems: ["not_found"],
});

export const revokeAccountLink = operation({
  id: "revokeAccountLink",
  method: "POST",
  path: "/v1/account-links/{id}/revoke",
  tag: TAG,
  summary: "Revoke a shared page",
  description: "From now on its address answers 404. Repeating it changes nothing.",
  scope: "accounts:write",
  reach: "own",
  params: idParam,
  status: 200,
  response: link,
  problems: ["not_found"],
  idempotency: "accepted",
});
