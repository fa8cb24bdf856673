import type { PayoutView } from "../../domain/payouts/contract.ts";
import { getPayout } from "../../domain/payouts/read.ts";
import type { Subject } from "../kit/act.ts";
import { Money } from "../kit/values.tsx";
import { Payee } from "./payee.tsx";

/** What the acts on payouts are about. */
export const payoutSubject: Subject<PayoutView> = {
  path: "payouts",
  table: "payouts",
  load: (ctx, id) => getPayout(ctx, { id }),
  summary: (row, visit) => (
    <>
      <Money cents={row.amount} look={visit} />
      <span>
        <Payee payout={row} look={visit} />
      </span>
      <span class="soft">{row.reference}</span>
    </>
  ),
};
