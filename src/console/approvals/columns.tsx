import type { BatchView } from "../../domain/payouts/batch-contract.ts";
import type { PayoutView } from "../../domain/payouts/contract.ts";
import { shillingFigure } from "../../lib/shillings.ts";
import { timesText } from "../batches/approval-tables.tsx";
import { batchesText } from "../batches/text.ts";
import { Actor } from "../kit/actor.tsx";
import type { Column } from "../kit/list.ts";
import { ageText, Money, When } from "../kit/values.tsx";
import type { Visit } from "../kit/visit.ts";
import { isOwn } from "../payouts/own.ts";
import { Payee } from "../payouts/payee.tsx";
import { approvalsText } from "./text.ts";

const words = ({ language }: Pick<Visit, "language">) => approvalsText[language];

type Waiting = Pick<PayoutView, "created_at" | "created_by">;

const age = <R extends Waiting>(): Column<R> => ({
  head: (look) => approvalsText[look.language].age,
  cell: ({ created_at }, visit) => ageText(visit.now - Date.parse(created_at), visit.text),
  card: "time",
  sorted: "descending",
});

const maker = <R extends Waiting>(): Column<R> => ({
  head: (look) => approvalsText[look.language].madeBy,
  cell: (row, visit) => isOwn(row, visit) ? <b>{words(visit).own}</b> : <Actor id={row.created_by} visit={visit} />,
  card: "reason",
});

/** The payouts that wait one by one. `paid`: how often their payees were paid before. */
export const waitingPayoutColumns = (paid: ReadonlyMap<string, number>): readonly Column<PayoutView>[] => [
  age(),
  {
    head: (look) => approvalsText[look.language].to,
    cell: (row, visit) => <Payee payout={row} look={visit} />,
    card: "who",
  },
  {
    head: (look) => approvalsText[look.language].amount,
    cell: (row, visit) => <Money cents={row.amount} look={visit} bare />,
    end: true,
    card: "amount",
  },
  { head: (look) => approvalsText[look.language].reference, cell: (row) => <span class="cut">{row.reference}</span> },
  maker(),
  {
    head: (look) => approvalsText[look.language].payee,
    cell: ({ id }, visit) => timesText(visit, paid.get(id) ?? 0),
    card: "chip",
  },
  {
    head: (look) => approvalsText[look.language].runsOut,
    cell: ({ approval }, visit) => <When at={approval?.expires_at ?? null} look={visit} />,
  },
];

/** The batches that wait as a whole. */
export const waitingBatchColumns: readonly Column<BatchView>[] = [
  age(),
  {
    head: (look) => approvalsText[look.language].what,
    cell: ({ counts }, visit) =>
      batchesText[visit.language].title(shillingFigure((counts.awaiting_approval ?? 0) * 100)),
    card: "who",
  },
  {
    head: (look) => approvalsText[look.language].amount,
    cell: ({ data }, visit) => (
      <Money
        cents={data.filter(({ status }) => status === "awaiting_approval").reduce((sum, { amount }) => sum + amount, 0)}
        look={visit}
        bare
      />
    ),
    end: true,
    card: "amount",
  },
  maker(),
];
