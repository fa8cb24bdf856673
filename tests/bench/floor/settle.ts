import { bytes, newId, time } from "./ids.ts";
import type { Notice } from "./notify.ts";
import type { Parts } from "./parts.ts";
import { deleteJob, deleteJobOf, insert, markNotice, noClient, of, oneOf } from "./rows.ts";
import { dataOf, type Payment, SELECT_WHOLE, type Whole, wholeOf } from "./view.ts";

const selectByAttempt = oneOf(`${SELECT_WHOLE} WHERE id = (SELECT checkout_id FROM attempts WHERE id = ?)`);
const payCheckout = of("UPDATE checkouts SET status = 'succeeded', updated_at = ?, version = version + 1 WHERE id = ?");
const payAttempt = of("UPDATE attempts SET status = 'succeeded', evidence = 1, ended_at = ? WHERE id = ?");

interface Callback {
  readonly Body: {
    readonly stkCallback: {
      readonly CallbackMetadata: {
        readonly Item: readonly { readonly Name: string; readonly Value?: string | number }[];
      };
    };
  };
}

/** What a callback of a paid push comes to: one read, one commit. Anything but paid as asked is not of the floor. */
export async function settleCheckout(parts: Parts, notice: Notice): Promise<void> {
  const { Body: { stkCallback } }: Callback = JSON.parse(notice.body);
  const item = (name: string) => stkCallback.CallbackMetadata.Item.find((item) => item.Name === name)?.Value ?? null;
  const [found] = await parts.store.read([selectByAttempt(notice.subjectId)]);
  const row = found?.[0];
  if (row === undefined) throw new Error(`there is no attempt ${notice.subjectId}`);
  const before = wholeOf(row);
  const now = Date.now();
  const payment: Payment = {
    id: newId("pay"),
    receipt: String(item("MpesaReceiptNumber")),
    amount: before.checkout.amount,
  };
  const after: Whole = {
    ...before,
    checkout: { ...before.checkout, status: "succeeded", updatedAt: now },
    attempts: before.attempts.map((attempt) => ({ ...attempt, status: "succeeded", endedAt: now })),
    payment,
  };
  const paidAt = stampToMs(String(item("TransactionDate")));
  await parts.store.commit(settlement(parts, notice, after, payment, String(item("PhoneNumber")), paidAt));
}

function settlement(parts: Parts, notice: Notice, after: Whole, payment: Payment, phone: string, paidAt: number) {
  const { checkout: c, merchant } = after;
  const now = c.updatedAt;
  const told = {
    status: "succeeded",
    attempts: [{ id: notice.subjectId, status: "succeeded", evidence: 1, result_code: null }],
    payments: [{ id: payment.id, status: "matched", receipt: payment.receipt }],
  };
  return [
    payCheckout(now, c.id),
    payAttempt(now, notice.subjectId),
    insert.payment(
      ...[payment.id, merchant, parts.paybill.id, c.id, notice.subjectId, payment.receipt, "stk", "matched", c.amount],
      ...["KES", c.account, bytes(phone), null, paidAt, now, now],
    ),
    insert.event(newId("evt"), merchant, "payment.received", payment.id, received(parts, after, payment, paidAt), now),
    insert.event(newId("evt"), merchant, "checkout.succeeded", c.id, JSON.stringify(dataOf(parts, after)), now),
    insert.audit(merchant, "daraja", "checkout.told", c.id, notice.id, JSON.stringify(told), now, ...noClient),
    deleteJobOf("checkout", c.id),
    markNotice(merchant, now, payment.id, notice.id),
    deleteJob(notice.jobId),
  ];
}

const received = ({ paybill }: Parts, { checkout: c }: Whole, { id, receipt, amount }: Payment, paidAt: number) =>
  JSON.stringify({
    id,
    receipt,
    amount,
    currency: "KES",
    channel: "stk",
    status: "matched",
    shortcode: paybill.number,
    account_reference: c.account,
    checkout: c.id,
    paid_at: time(paidAt),
    created_at: time(c.updatedAt),
  });

/** Daraja's `20261124153811` of Nairobi. */
const stampToMs = (s: string): number =>
  Date.UTC(+s.slice(0, 4), +s.slice(4, 6) - 1, +s.slice(6, 8), +s.slice(8, 10) - 3, +s.slice(10, 12), +s.slice(12, 14));
