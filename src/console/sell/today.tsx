import type { CheckoutView } from "../../domain/checkouts/contract.ts";
import { shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import { Chip } from "../kit/chip.tsx";
import type { Column } from "../kit/list.ts";
import type { Page, View } from "../kit/page.ts";
import { SELLERS } from "../kit/roles.ts";
import { Empty, Table } from "../kit/table.tsx";
import { Money, phoneText, Unknown, When } from "../kit/values.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { ownOfToday } from "./own.ts";
import { sellText } from "./text.ts";

const columns: readonly Column<CheckoutView>[] = [
  {
    head: ({ language }) => sellText[language].time,
    cell: (row, visit) => <When at={row.created_at} look={visit} />,
    card: "time",
    sorted: "descending",
  },
  {
    head: ({ language }) => sellText[language].phone,
    cell: (row, { text, language }) => {
      const phone = row.attempts.at(-1)?.phone_number;
      if (phone !== undefined) return phoneText(phone);
      return row.payment === null ? <Unknown text={text} /> : sellText[language].came;
    },
    card: "who",
  },
  {
    head: ({ language }) => sellText[language].inKes,
    cell: (row, visit) => <Money cents={row.amount} look={visit} bare />,
    end: true,
    card: "amount",
  },
  {
    head: ({ language }) => sellText[language].receipt,
    cell: (row) => row.payment?.receipt == null ? "" : <span class="id whole">{row.payment.receipt}</span>,
    card: "reason",
  },
  {
    head: ({ text }) => text.status,
    cell: (row, { language }) => <Chip kind="checkout" status={row.status} language={language} />,
    card: "chip",
  },
];

/** What the person has sold at the till today. Cashiers see nothing else of what came in. */
export const todayPage: Page = { path: "sold", area: "merchant", roles: SELLERS, get: todayView };

async function todayView(visit: Visit): Promise<View> {
  const words = sellText[visit.language];
  const rows = await ownOfToday(visit);
  const paid = rows.filter(({ status }) => status === "succeeded");
  const sum = shillings(paid.reduce((cents, { amount }) => cents + amount, 0));
  return {
    title: words.today,
    body: (
      <>
        <header class="head">
          <p>
            <a href={hrefOf(visit, "sell")} data-back="">{visit.text.back}</a>
          </p>
          <h1>{words.today}</h1>
        </header>
        <p class="totals">{words.todaySum(paid.length, sum)}</p>
        <List visit={visit} rows={rows} />
      </>
    ),
  };
}

function List({ visit, rows }: { visit: Visit; rows: readonly CheckoutView[] }): Markup {
  const words = sellText[visit.language];
  if (rows.length === 0) {
    return (
      <Empty heading={words.noneToday}>
        <p>
          <a href={hrefOf(visit, "sell")}>{words.ask}</a>
        </p>
      </Empty>
    );
  }
  return (
    <Table
      visit={visit}
      caption={words.today}
      columns={columns}
      rows={rows}
      href={({ id }) => `till/${id}`}
      acts={[]}
      path="till"
      done={null}
    />
  );
}
