import { z } from "zod";
import { freeText } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { payout } from "./contract.ts";

/* What is decided about a payout that exists. */

const act = (id: string, verb: string, summary: string, about: string) =>
  operation({
    id,
    method: "POST",
    path: `/v1/payouts/{id}/${verb}`,
    tag: "Payouts",
    summary,
    description: about,
    scope: "payouts:write",
    reach: "own",
    params: idParam,
    status: 200,
    response: payout,
    problems: ["not_found", "wrong_state"],
    idempotency: "accepted",
  });

/** The digest of an approval: `?digest=`, or a field of the body. */
export const seen = z.strictObject({
  digest: z.string().regex(/^[0-9a-f]{64}$/, { error: "must be the digest of an approval: 64 hex digits" }).optional()
    .meta({
      description:
        "What you saw: the `digest` of `GET .../approval`. 409 `payout_changed` if it is not what is stored.",
    }),
});

export const approvePayout = operation({
  id: "approvePayout",
  method: "POST",
  path: "/v1/payouts/{id}/approve",
  tag: "Payouts",
  summary: "Approve a payout",
  description:
    "The client must not be the one that created the payout, nor come from the same first client (`owner`). What is approved is kept as a digest, and compared with what is stored right before the payout is sent. The body may be left out; `digest` may stand in it or in the query.",
  scope: "payouts:approve",
  reach: "own",
  params: idParam,
  query: seen,
  body: seen,
  bodyOptional: true,
  status: 200,
  response: payout,
  problems: ["not_found", "wrong_state", "own_payout", "own_lineage", "payout_changed", "invalid_query"],
  idempotency: "accepted",
});

export const confirmPayee = operation({
  id: "confirmPayee",
  method: "POST",
  path: "/v1/payouts/{id}/confirm-payee",
  tag: "Payouts",
  summary: "Confirm the name of a held payout's payee",
  description:
    "For a payout that is `queued` with `needs_person`, because M-Pesa's name of the payee is not the one that was given. Says that both names are of this payee: the payout is sent, and later payouts with these two names are not held. The client must not be the one that created the payout, nor come from the same first client (`owner`). If the name is wrong, cancel or reject the payout instead.",
  scope: "payouts:approve",
  reach: "own",
  params: idParam,
  status: 200,
  response: payout,
  problems: ["not_found", "wrong_state", "own_payout", "own_lineage"],
  idempotency: "accepted",
});

export const cancelPayout = act(
  "cancelPayout",
  "cancel",
  "Cancel a payout",
  "Only possible before the payout is submitted.",
);
export const refreshPayout = act(
  "refreshPayout",
  "refresh",
  "Refresh a payout from M-Pesa",
  "Asks M-Pesa, which answers later. This call returns the payout as it is now. A payout that has ended is returned unchanged.",
);

export const rejection = z.strictObject({ reason: freeText(1, 200).meta({ examples: ["Not on the November list"] }) });

export const rejectPayout = operation({
  id: "rejectPayout",
  method: "POST",
  path: "/v1/payouts/{id}/reject",
  tag: "Payouts",
  summary: "Reject a payout that awaits approval or is held",
  description: "The payout is not sent, and says who rejected it and why. One that was submitted can't be rejected.",
  scope: "payouts:approve",
  reach: "own",
  params: idParam,
  body: rejection,
  status: 200,
  response: payout,
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
});

export const resolvePayout = operation({
  id: "resolvePayout",
  method: "POST",
  path: "/v1/payouts/{id}/resolve",
  tag: "Payouts",
  summary: "Resolve a payout in doubt",
  description:
    "For an operator who has looked in the M-Pesa portal, for payouts of any merchant. Refused (409) while a request is under way, and where another payout or refund has the receipt. A later notice that it was paid still counts; if M-Pesa contradicts the decision, `needs_person` is true again and the payout can be resolved once more.",
  scope: "operator",
  reach: "platform",
  params: idParam,
  body: z.strictObject({
    outcome: z.enum(["succeeded", "failed"], { error: "must be succeeded or failed" }),
    evidence: freeText(3, 1000).meta({
      description: "What was seen, and where. It is kept in the audit trail; do not name a person.",
      examples: ["Portal statement of 22 November: UKM1A2B3C4 completed"],
    }),
    receipt: z.string({ error: "must be a string" }).regex(/^[A-Za-z0-9]{6,20}$/, {
      error: "must be an M-Pesa receipt, such as UKM1A2B3C4",
    }).transform((text) => text.toUpperCase()).optional(),
  }),
  status: 200,
  response: payout,
  problems: ["not_found", "wrong_state", "own_lineage"],
  idempotency: "accepted",
});
