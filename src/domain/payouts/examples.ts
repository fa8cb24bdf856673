import type { Examples } from "../../http/operation.ts";

const queued = {
  id: "pyt_01kamcvdf2ej5s2k8sxw9ggk6r",
  status: "queued",
  amount: 2500000,
  currency: "KES",
  phone_number: "2547•••••678",
  payee: {
    name: null as string | null,
    given_name: "Grace Kamau",
    match: "unknown",
    confirmed_by: null,
    confirmed_at: null,
  },
  destination: { type: "phone", number: null, account_reference: null },
  reference: "pay-2026-11-042",
  purpose: "salary",
  remarks: "November pay",
  occasion: null,
  shortcode: "600000",
  metadata: {},
  batch: null,
  originator_conversation_id: "pyt_01kamcvdf2ej5s2k8sxw9ggk6r",
  conversation_id: null as string | null,
  fee: null,
  fee_estimate: 1300,
  receipt: null as string | null,
  result_code: null as string | null,
  result_description: null as string | null,
  failure: null as unknown,
  approval: null as unknown,
  approvals: [] as unknown[],
  reason: null as string | null,
  resolution: null,
  needs_person: false,
  possible_duplicate_of: null,
  created_by: "cli_demo",
  submitted_at: null as string | null,
  in_doubt_at: null as string | null,
  paid_at: null as string | null,
  ended_at: null as string | null,
  created_at: "2026-11-22T09:30:00.000Z",
  updated_at: "2026-11-22T09:30:00.000Z",
  version: 1,
};

const submitted = {
  ...queued,
  status: "submitted",
  conversation_id: "AG_20261122_2010364430d9bbdaf872",
  submitted_at: "2026-11-22T09:30:00.512Z",
  updated_at: "2026-11-22T09:30:00.512Z",
  version: 3,
};

const ended = "2026-11-22T09:30:09.204Z";

const succeeded = {
  ...submitted,
  status: "succeeded",
  payee: { ...queued.payee, name: "WANJIRU GRACE KAMAU", match: "match" },
  receipt: "UKM1A2B3C4",
  result_code: "0",
  result_description: "The service request is processed successfully.",
  paid_at: "2026-11-22T09:30:08.000Z",
  ended_at: ended,
  updated_at: ended,
  version: 4,
};

const failed = {
  ...submitted,
  status: "failed",
  result_code: "2040",
  result_description: "The recipient is not registered.",
  failure: {
    code: "recipient_not_registered",
    message: "This phone is not registered for M-Pesa.",
    advice: "Check the number with the recipient.",
  },
  ended_at: ended,
  updated_at: ended,
  version: 4,
};

const awaiting = {
  ...queued,
  status: "awaiting_approval",
  approval: { expires_at: "2026-11-23T09:30:00.000Z", decided_by: null, decided_at: null },
};

const approval = { expires_at: "2026-11-23T09:30:00.000Z", decided_by: "cli_approver", decided_at: ended };
const approvals = [{
  by: "cli_approver",
  at: ended,
  digest: "5d41402abc4b2a76b9719d911017c592".repeat(2),
  signed: false,
}];
const rejected = {
  ...awaiting,
  status: "rejected",
  approval,
  reason: "Not on the November list",
  ended_at: ended,
  updated_at: ended,
  version: 4,
};
const inDoubt = { ...submitted, status: "in_doubt", in_doubt_at: "2026-11-22T09:40:00.000Z" };
const cancelled = { ...queued, status: "cancelled", ended_at: ended, updated_at: ended, version: 2 };

export const creation: { readonly request: Examples; readonly response: Examples } = {
  request: {
    salary: {
      summary: "Pay a salary",
      value: {
        amount: 2500000,
        currency: "KES",
        phone_number: "0712345678",
        reference: "pay-2026-11-042",
        purpose: "salary",
        remarks: "November pay",
      },
    },
  },
  response: {
    queued: { summary: "It will be sent", value: queued },
    awaiting_approval: { summary: "A second person has to approve it", value: awaiting },
  },
};

export const reading: { readonly response: Examples } = {
  response: {
    succeeded: { summary: "It was paid", value: succeeded },
    submitted: { summary: "M-Pesa took it; it is not paid yet", value: submitted },
    in_doubt: { summary: "It may have been paid; M-Pesa is being asked", value: inDoubt },
    failed: { summary: "It was not paid, and that is certain", value: failed },
    awaiting_approval: { summary: "A second person has to approve it", value: awaiting },
    approved: { summary: "A second person approved it", value: { ...queued, approval, approvals } },
    rejected: { summary: "A second person rejected it", value: rejected },
    cancelled: { summary: "It was stopped before it was sent", value: cancelled },
  },
};

export const listing: { readonly response: Examples } = {
  response: { page: { summary: "One page", value: { data: [succeeded], next_cursor: null } } },
};
