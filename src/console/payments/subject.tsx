import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { getPayment } from "../../domain/payments/read.ts";
import type { Subject } from "../kit/act.ts";
import { Money } from "../kit/values.tsx";
import { Payer } from "./columns.tsx";

/** What the acts on payments are about. */
export const paymentSubject: Subject<PaymentView> = {
  path: "payments",
  table: "payments",
  load: (ctx, id) => getPayment(ctx, { id }),
  summary: (row, visit) => (
    <>
      <Money cents={row.amount} look={visit} />
      <span>
        <Payer payment={row} look={visit} />
      </span>
      <span class="soft">{[row.account_reference, row.receipt].filter((text) => text !== null).join(" · ")}</span>
    </>
  ),
};
