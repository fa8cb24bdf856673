import { z } from "zod";
import { currency, reference, shortcodeNumber, timestamp } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { payout } from "./contract.ts";

/* What an approver looks at. These are the only answers with whole phone numbers, and each is in the audit trail. */

const digest = z.string().meta({
  description: "Keyed digest of all that is shown here. Approve with it: `?digest=`, or `digest` in the body.",
  examples: ["5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592"],
});

const shown = {
  amount: z.int().meta({ description: "Cents of KES.", examples: [2500000] }),
  phone_number: z.string().meta({
    description: "Whole. For a payout to a business: the number of the business, as in `destination`.",
    examples: ["254712345678"],
  }),
  destination: payout.shape.destination,
  reference,
  shortcode: shortcodeNumber,
  digest,
};

const approval = z.object({ payout: payout.shape.id, currency, ...shown, expires_at: timestamp }).meta({
  id: "PayoutApproval",
});

const batchApproval = z.object({
  batch: z.string().meta({ examples: ["bat_01kamcvdf2ej5s2k8sxw9ggk6s"] }),
  total: z.int().meta({ description: "Payouts that await approval.", examples: [1] }),
  amount: z.int().meta({ description: "Their sum, in cents of KES.", examples: [2500000] }),
  currency,
  digest,
  expires_at: timestamp,
  data: z.array(z.object({ payout: payout.shape.id, ...shown })),
}).meta({ id: "PayoutBatchApproval" });

const common = { method: "GET", tag: "Payouts", scope: "payouts:approve", reach: "own", params: idParam } as const;

export const getApproval = operation({
  ...common,
  id: "getPayoutApproval",
  path: "/v1/payouts/{id}/approval",
  summary: "Read what an approval of a payout covers",
  description:
    "What an approval of this payout covers, with the whole phone number. Each look is in the audit trail. 409 where the payout does not await approval.",
  status: 200,
  response: approval,
  problems: ["not_found", "wrong_state", "payout_changed"],
});

export const getBatchApproval = operation({
  ...common,
  id: "getPayoutBatchApproval",
  path: "/v1/payout-batches/{id}/approval",
  summary: "Read what awaits approval in a batch",
  description:
    "The payouts that an approval of this batch covers, with whole phone numbers. Each look is in the audit trail. 409 where no payout of it awaits approval.",
  status: 200,
  response: batchApproval,
  problems: ["not_found", "wrong_state", "payout_changed"],
});
