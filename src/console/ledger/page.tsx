import { ACCOUNT_NAMES } from "../../domain/ledger/accounts.ts";
import * as contract from "../../domain/ledger/contract.ts";
import type { LedgerEntryView } from "../../domain/ledger/contract.ts";
import { listLedger } from "../../domain/ledger/read.ts";
import { route } from "../../http/operation.ts";
import { shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import { shortcodeFilter } from "../kit/common-filters.ts";
import type { Column } from "../kit/list.ts";
import { listPage } from "../kit/list-page.tsx";
import type { Page } from "../kit/page.ts";
import { recordPath } from "../kit/record-path.ts";
import { READERS } from "../kit/roles.ts";
import { Money, When, WhenLong } from "../kit/values.tsx";
import { hrefOf, type Look, type Visit } from "../kit/visit.ts";
import { ledgerText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => ledgerText[language];

function Subject({ id, visit }: { id: string; visit: Visit }): Markup {
  const path = recordPath(id);
  return path === null ? <span class="id">{id}</span> : <a class="id" href={hrefOf(visit, `${path}/${id}`)}>{id}</a>;
}

const columns: readonly Column<LedgerEntryView>[] = [
  {
    head: (look) => words(look).time,
    cell: (row, visit) => <When at={row.created_at} look={visit} />,
    card: "time",
    sorted: "descending",
  },
  { head: (look) => words(look).cause, cell: (row, visit) => words(visit).causes[row.cause], card: "who" },
  { head: (look) => words(look).for, cell: (row, visit) => <Subject id={row.subject} visit={visit} />, card: "chip" },
  { head: (look) => words(look).debit, cell: (row, visit) => words(visit).accounts[row.debit.account] },
  {
    head: (look) => words(look).credit,
    cell: (row, visit) => words(visit).accounts[row.credit.account],
    card: "reason",
  },
  {
    head: (look) => words(look).amount,
    cell: (row, visit) => <Money cents={row.amount} look={visit} bare />,
    end: true,
    card: "amount",
  },
  {
    head: (look) => words(look).balance,
    cell: (row, visit) => row.balance === null ? "" : <Money cents={row.balance} look={visit} bare />,
    end: true,
  },
];

/** What each account holds, and whether the last check found the books right. */
async function Accounts({ visit }: { visit: Visit }): Promise<Markup> {
  const text = words(visit);
  const { accounts, last_check: check } = await listLedger(visit.ctx, { limit: 1 });
  const isRight = check?.ok === true;
  return (
    <section class="card">
      <h2>{text.accountsHeading}</h2>
      {check === null ? <p class="soft">{text.notChecked}</p> : (
        <p class={isRight ? "note good" : "note bad"}>
          {isRight ? text.right : text.wrong} <WhenLong at={check.created_at} look={visit} />
        </p>
      )}
      {check !== null && check.findings.length > 0 && (
        <ul class="links plain">
          {check.findings.map(({ text: detail, subjects }) => (
            <li>
              <span>{detail}</span>
              <span>{subjects.map((id) => <Subject key={id} id={id} visit={visit} />)}</span>
            </li>
          ))}
        </ul>
      )}
      <ul class="links plain">
        {accounts.map(({ account, shortcode, balance }) => (
          <li>
            <span>{text.accounts[account]} · {shortcode}</span>
            <span class="money">{shillings(balance)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Ledger: what is mine, and why? */
export const ledgerPage: Page = listPage<LedgerEntryView>({
  path: "ledger",
  roles: READERS,
  nav: { name: "ledger", group: "books", icon: "book" },
  question: (look) => words(look).question,
  route: route(contract.listLedger, listLedger),
  filters: [
    {
      kind: "choice",
      name: "account",
      label: (look) => words(look).account,
      options: (visit) => ACCOUNT_NAMES.map((name) => [name, words(visit).accounts[name]]),
    },
    shortcodeFilter,
    { kind: "amount" },
  ],
  columns,
  empty: (visit) => <p>{words(visit).empty}</p>,
  aside: (visit) => <Accounts visit={visit} />,
});
