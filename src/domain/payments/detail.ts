import type { Payment } from "../checkouts/machine.ts";
import type { Context } from "../../context/context.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import { formatTime } from "../../http/fields.ts";
import type { PaymentDetail } from "./contract.ts";
import { receiptUrl } from "../checkouts/receipt-url.ts";
import { suggestPlaces } from "./suggest-places.ts";
import { paymentView } from "../checkouts/payment-view.ts";

const SELECT_NOTICES = "SELECT id, kind, received_at FROM notices WHERE payment_id = ? ORDER BY id LIMIT 20";
const map: Query<PaymentDetail["notices"][number]>["map"] = ([id, kind, at]) => ({
  id: String(id),
  kind: String(kind),
  received_at: formatTime(Number(at)),
});

/** A payment with the notices that reported it and the places that it may be for. */
export async function paymentDetail(ctx: Context, payment: Payment): Promise<PaymentDetail> {
  const [notices] = await rows(ctx.db, { ...statement(SELECT_NOTICES, payment.id), map });
  const receipt_url = receiptUrl(ctx, payment.id);
  return { ...await paymentView(ctx, payment), receipt_url, notices, ...await suggestPlaces(ctx, payment) };
}
