import type { Output } from "../../http/operation.ts";
import type { getBatchApproval } from "../../domain/payouts/approval-contract.ts";
import { repeatsIn } from "../../domain/payouts/payee-history.ts";
import { shillingFigure } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import type { Column } from "../kit/list.ts";
import { Table } from "../kit/table.tsx";
import { Money } from "../kit/values.tsx";
import type { Visit } from "../kit/visit.ts";
import { wholePayee } from "../payouts/payee.tsx";
import { batchesText } from "./text.ts";

type Shown = Output<typeof getBatchApproval>["data"][number];
type Row = Shown & { readonly id: string };

const MOST = 10;

interface Props {
  readonly visit: Visit;
  readonly batch: string;
  readonly payouts: readonly Shown[];
  readonly newcomers: readonly Shown[];
  readonly paid: ReadonlyMap<string, number>;
}

/** What an approver looks at before they approve a batch whole: the largest, first payees, repeats of earlier payouts. */
export async function ApprovalTables({ visit, batch, payouts, newcomers, paid }: Props): Promise<Markup> {
  const words = batchesText[visit.language];
  const largest = payouts.toSorted((a, b) => b.amount - a.amount).slice(0, MOST);
  const repeated = await repeatsIn(visit.ctx, batch);
  const repeats = payouts.filter(({ payout }) => repeated.has(payout));
  const first = newcomers.filter(({ payout }) => !largest.some((one) => one.payout === payout));
  return (
    <>
      <Part visit={visit} heading={words.largest} rows={largest} paid={paid} />
      {first.length > 0 && <Part visit={visit} heading={words.newPayees} rows={first} paid={paid} />}
      {repeats.length > 0 && <Part visit={visit} heading={words.repeats} rows={repeats} paid={paid} />}
    </>
  );
}

interface PartProps {
  readonly visit: Visit;
  readonly heading: string;
  readonly rows: readonly Shown[];
  readonly paid: ReadonlyMap<string, number>;
}

function Part({ visit, heading, rows, paid }: PartProps): Markup {
  const words = batchesText[visit.language];
  const more = rows.length - MOST;
  const columns: readonly Column<Row>[] = [
    { head: () => words.to, cell: (row) => <span class="phone">{wholePayee(row, visit)}</span>, card: "who" },
    { head: () => words.reference, cell: (row) => <span class="cut">{row.reference}</span>, card: "reason" },
    { head: () => words.payee, cell: ({ payout }) => timesText(visit, paid.get(payout) ?? 0), card: "chip" },
    {
      head: () => words.amount,
      cell: ({ amount }) => <Money cents={amount} look={visit} bare />,
      end: true,
      card: "amount",
    },
  ];
  return (
    <section class="stack">
      <h2>{heading}</h2>
      <Table
        visit={visit}
        caption={heading}
        columns={columns}
        rows={rows.slice(0, MOST).map((row) => ({ ...row, id: row.payout }))}
        href={undefined}
        acts={[]}
        path="payouts"
        done={null}
      />
      {more > 0 && <p class="soft">{words.andMore(shillingFigure(more * 100))}</p>}
    </section>
  );
}

/** How well a payee is known: `first time`, `paid 3 times`. */
export function timesText({ language }: Pick<Visit, "language">, times: number): string {
  const { firstTime, times: text } = batchesText[language];
  return times === 0 ? firstTime : text(times);
}
