import { z } from "zod";
import { freeText, timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";

export const CHANGE_KINDS = [
  "client.create",
  "client.update",
  "person.invite",
  "person.update",
  "payout_limits.update",
  "shortcode.create",
  "shortcode.update",
  "shortcode.delete",
  "webhook_endpoint.create",
  "webhook_endpoint.update",
  "webhook_endpoint.delete",
] as const;

export const CHANGE_STATUSES = ["proposed", "applied", "rejected", "stale"] as const;
const status = z.enum(CHANGE_STATUSES, { error: `must be one of ${CHANGE_STATUSES.join(", ")}` });

const shown = z.record(z.string(), z.unknown());

export const changeRequest = z.object({
  id: z.string().meta({ examples: ["chg_01kamcvdf2ej5s2k8sxw9ggk72"] }),
  kind: z.enum(CHANGE_KINDS),
  status: status.meta({
    description:
      "`proposed`: nothing has changed yet. `stale`: it was not applied, because it no longer fits; `reason` says why.",
  }),
  summary: z.string().meta({
    description: "What would change, for a person.",
    examples: ['Create the client "Wages" with the scopes payouts:write.'],
  }),
  subject: z.string().nullable().meta({
    description: "The id of what changes. Null while something new is only proposed.",
    examples: ["cli_01kamcvdf2ej5s2k8sxw9ggk6s"],
  }),
  before: shown.nullable().meta({
    description: "As the API showed it when the change was proposed, without secrets. Null: it would be new.",
  }),
  after: shown.nullable().meta({
    description: "As the API would show it afterwards, without secrets. Null: it would be removed.",
  }),
  secrets: z.array(z.string()).meta({
    description: "The names of the secrets that it sets or removes. Their values are never shown.",
    examples: [["passkey"]],
  }),
  merchant: z.string().meta({ examples: ["mer_01kamcvd000000000000000001"] }),
  proposed_by: z.string().meta({ examples: ["cli_01kamcvdf2ej5s2k8sxw9ggk6t"] }),
  applies_at: timestamp.meta({ description: "When it applies without a second person." }),
  decided_by: z.string().nullable().meta({
    description: "Who confirmed or rejected it. `system`: the delay passed, or it no longer fitted.",
    examples: ["cli_01kamcvdf2ej5s2k8sxw9ggk6v"],
  }),
  decided_at: timestamp.nullable(),
  reason: z.string().nullable().meta({ examples: [null] }),
  created_at: timestamp,
  updated_at: timestamp,
  version,
}).meta({
  id: "ChangeRequest",
  description:
    "A change of who may send money, or of where money and messages go. A client of another lineage confirms it, or `applies_at` passes.",
});
export type ChangeRequestView = z.infer<typeof changeRequest>;

const TAG = "Change requests";

export const getChangeRequest = operation({
  id: "getChangeRequest",
  method: "GET",
  path: "/v1/change-requests/{id}",
  tag: TAG,
  summary: "Read a change request",
  description: "What would change, who proposed it, and who decided.",
  scope: "operator",
  reach: "platform",
  params: idParam,
  status: 200,
  response: changeRequest,
  problems: ["not_found"],
});

export const listChangeRequests = operation({
  id: "listChangeRequests",
  method: "GET",
  path: "/v1/change-requests",
  tag: TAG,
  summary: "List change requests, newest first",
  description: "`status=proposed` lists what waits for a second person.",
  scope: "operator",
  reach: "platform",
  query: z.strictObject({ ...listQuery("the id"), ...merchantQuery, status: status.optional() }),
  status: 200,
  response: pageSchema(changeRequest),
  problems: ["invalid_query"],
});

export const confirmChange = operation({
  id: "confirmChange",
  method: "POST",
  path: "/v1/change-requests/{id}/confirm",
  tag: TAG,
  summary: "Confirm and apply a change",
  description:
    "Whoever confirms is a client of another lineage than the one that proposed it. The answer holds no secret of what was made: the proposer gets it with `rotate-secret`.",
  scope: "operator",
  reach: "platform",
  params: idParam,
  status: 200,
  response: changeRequest,
  problems: ["not_found", "own_lineage", "wrong_state", "change_stale", "conflict"],
  idempotency: "accepted",
});

export const rejectChange = operation({
  id: "rejectChange",
  method: "POST",
  path: "/v1/change-requests/{id}/reject",
  tag: TAG,
  summary: "Reject a change, or take back your own",
  description: "The change is not applied. Who proposed it may take it back in the same way.",
  scope: "operator",
  reach: "platform",
  params: idParam,
  body: z.strictObject({ reason: freeText(1, 200).meta({ examples: ["I do not know this client"] }) }),
  status: 200,
  response: changeRequest,
  problems: ["not_found", "wrong_state", "conflict"],
  idempotency: "accepted",
});
