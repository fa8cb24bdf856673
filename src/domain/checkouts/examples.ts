import type { Examples } from "../../http/operation.ts";

const attempt = {
  id: "att_01kamcvdf2ej5s2k8sxw9ggk6q",
  status: "pending",
  phone_number: "2547•••••678",
  amount: 150000,
  result_code: null,
  result_description: null,
  created_at: "2026-11-22T09:30:00.000Z",
  accepted_at: "2026-11-22T09:30:00.412Z",
  ended_at: null,
  version: 2,
};

const pending = {
  id: "chk_01kamcvdf2ej5s2k8sxw9ggk6p",
  status: "pending",
  amount: 150000,
  amount_received: 0,
  amount_due: 150000,
  amount_allocated: 0,
  currency: "KES",
  reference: "order-1001",
  account_reference: "INV1001",
  description: "Shoes",
  shortcode: "600000",
  paybill: { number: "600000", account: "INV1001" },
  till: null,
  return_url: "https://shop.example/thanks",
  metadata: { cart: "c-77" },
  items: [{ name: "Shoes", quantity: 1, amount: 150000 }],
  partial: "collect",
  split: false,
  possible_duplicate_of: null,
  prompts_failing: false,
  attempts: [attempt],
  payment: null,
  last_failure: null,
  hosted_url: "https://api.malipo.example/pay/chk_01kamcvdf2ej5s2k8sxw9ggk6p?token=0a1b2c",
  expires_at: "2026-11-22T10:00:00.000Z",
  created_at: "2026-11-22T09:30:00.000Z",
  updated_at: "2026-11-22T09:30:00.412Z",
  version: 2,
};

const open = { ...pending, status: "open", attempts: [], updated_at: "2026-11-22T09:30:00.000Z", version: 1 };

const ended = { ...attempt, ended_at: "2026-11-22T09:30:14.880Z", version: 3 };

const succeeded = {
  ...pending,
  status: "succeeded",
  amount_received: 150000,
  amount_due: 0,
  attempts: [{ ...ended, status: "succeeded", result_code: "0", result_description: "Processed successfully." }],
  payment: { id: "pay_01kamcvdf2ej5s2k8sxw9ggk6r", receipt: "UKM9X2A1BC", amount: 150000 },
  updated_at: "2026-11-22T09:30:14.880Z",
  version: 3,
};

const declined = {
  ...pending,
  status: "open",
  attempts: [{ ...ended, status: "failed", result_code: "1032", result_description: "Request cancelled by user" }],
  last_failure: {
    code: "cancelled_by_customer",
    message: "The payment was cancelled on the phone.",
    operator_message: "The payment was cancelled on the phone. Ask again when the customer is ready.",
    result_code: "1032",
  },
  updated_at: "2026-11-22T09:30:14.880Z",
  version: 3,
};

const unpaid = { ...declined, updated_at: "2026-11-22T10:00:00.000Z", version: 4 };
const expired = { ...unpaid, status: "expired" };
const review = {
  ...unpaid,
  status: "review",
  attempts: [{ ...attempt, status: "unknown", ended_at: "2026-11-22T10:19:00.000Z", version: 3 }],
  last_failure: null,
};

const cancelled = { ...open, status: "cancelled", updated_at: "2026-11-22T09:31:00.000Z", version: 2 };

const prompted = { summary: "A phone has been prompted", value: pending };
const paid = { summary: "It is paid", value: succeeded };
const declinedByCustomer = { summary: "The customer declined; another attempt may follow", value: declined };

export const creation: { readonly request: Examples; readonly response: Examples } = {
  request: {
    prompt: {
      summary: "Prompt a phone at once",
      value: { amount: 150000, currency: "KES", reference: "order-1001", phone_number: "0712345678" },
    },
    hosted: {
      summary: "Send the shopper to the hosted page",
      value: {
        amount: 150000,
        currency: "KES",
        reference: "order-1001",
        account_reference: "INV1001",
        description: "Shoes",
        return_url: "https://shop.example/thanks",
        expires_in: 1800,
        metadata: { cart: "c-77" },
      },
    },
  },
  response: { prompted, open: { summary: "Nobody has been prompted yet", value: open } },
};

export const reading: { readonly response: Examples } = {
  response: {
    paid,
    prompted,
    declined: declinedByCustomer,
    expired: { summary: "Its time is over, unpaid", value: expired },
    cancelled: { summary: "You stopped it", value: cancelled },
    review: { summary: "Nobody can say whether it was paid", value: review },
  },
};
export const listing: { readonly response: Examples } = {
  response: { page: { summary: "One page", value: { data: [succeeded], next_cursor: null } } },
};
export const prompting: { readonly response: Examples } = { response: { prompted } };
export const cancelling: { readonly response: Examples } = {
  response: { cancelled: { summary: "Stopped", value: cancelled } },
};
export const refreshing: { readonly response: Examples } = { response: { paid, declined: declinedByCustomer } };
