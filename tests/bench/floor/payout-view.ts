import { time, timeOrNull } from "./ids.ts";
import type { Parts } from "./parts.ts";
import type { Row } from "./store.ts";

export interface Payout {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly phone: string;
  readonly reference: string;
  readonly remarks: string;
  readonly originatorId: string;
  readonly conversationId: string | null;
  readonly receipt: string | null;
  readonly createdBy: string;
  readonly acceptedAt: number | null;
  readonly paidAt: number | null;
  readonly endedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A payout as one JSON text, for the reason of `SELECT_WHOLE`, of the columns that are needed. */
export const SELECT_PAYOUT = "SELECT json_object('id', id, 'status', status, 'amount', amount, 'phone', " +
  "CAST(phone AS TEXT), 'reference', reference, 'remarks', remarks, 'originatorId', originator_conversation_id, " +
  "'conversationId', conversation_id, 'receipt', receipt, 'createdBy', created_by, 'acceptedAt', accepted_at, " +
  "'paidAt', paid_at, 'endedAt', ended_at, 'createdAt', created_at, 'updatedAt', updated_at) FROM payouts WHERE id = ?";

/** Reads a row of {@link SELECT_PAYOUT}. */
export const payoutOf = (row: Row | undefined): Payout => JSON.parse(String(row?.[0]));

/** The same JSON as the product's, by plain code. */
export function payoutView({ paybill }: Parts, payout: Payout): Record<string, unknown> {
  const { id, status, amount, phone, reference, remarks, receipt } = payout;
  const paid = receipt !== null;
  return {
    id,
    status,
    amount,
    currency: "KES",
    phone_number: `${phone.slice(0, 4)}•••••${phone.slice(-3)}`,
    destination: { type: "phone", number: null, account_reference: null },
    reference,
    purpose: "business",
    remarks,
    occasion: null,
    shortcode: paybill.number,
    metadata: {},
    batch: null,
    originator_conversation_id: payout.originatorId,
    conversation_id: payout.conversationId,
    fee: null,
    receipt,
    result_code: paid ? "0" : null,
    result_description: paid ? "The service request is processed successfully." : null,
    failure: null,
    approval: null,
    approvals: [],
    reason: null,
    resolution: null,
    needs_person: false,
    created_by: payout.createdBy,
    submitted_at: timeOrNull(payout.acceptedAt),
    in_doubt_at: null,
    paid_at: timeOrNull(payout.paidAt),
    ended_at: timeOrNull(payout.endedAt),
    created_at: time(payout.createdAt),
    updated_at: time(payout.updatedAt),
  };
}
