import { html } from "hono/html";
import type { FC } from "hono/jsx";
import type { StatementLine } from "../../domain/accounts/contract.ts";
import type { Markup } from "../markup.ts";
import { dateTime, kes } from "../pay/format.ts";
import { Frame } from "../pay/page.tsx";
import type { View } from "../pay/view.ts";
import type { Text } from "../text/types.ts";

/** What a shared statement shows. Nothing of it names a payer. */
export interface SharedStatement {
  /** The page's address, without the language. */
  readonly url: string;
  readonly merchant: string;
  readonly account: string;
  /** Null at a till. */
  readonly paybill: string | null;
  /** Cents. */
  readonly balance: number;
  readonly arrears: number;
  /** The newest first. */
  readonly lines: readonly StatementLine[];
  readonly hasOlder: boolean;
}

/** The page of a statement that was shared. */
export function statementPage(view: View, statement: SharedStatement): Markup {
  const { statement: text } = view.text;
  const { merchant, account, paybill, lines } = statement;
  return html`<!DOCTYPE html>${(
    <Frame
      view={view}
      title={view.text.title(text.heading, merchant)}
      urlOf={({ chosenLanguage: lang }) => lang === undefined ? statement.url : `${statement.url}&lang=${lang}`}
      refresh={false}
      script
    >
      <main>
        <section class="card bill">
          <h1 class="to">{merchant}</h1>
          <p class="fine">{text.heading}: {account}</p>
          <p class="sum">{kes(Math.max(0, statement.balance))}</p>
          <p class="part">{text.balance}</p>
          {statement.arrears > 0 && <p class="note">{text.arrears(kes(statement.arrears))}</p>}
          {paybill !== null && <p class="fine">{text.howToPay(paybill, account)}</p>}
        </section>
        <section class="card">
          <h2>{text.lines}</h2>
          {lines.length === 0 ? <p class="hint">{text.empty}</p> : (
            <ul class="lines">
              {lines.map((line) => <Line view={view} line={line} />)}
            </ul>
          )}
          {statement.hasOlder && <p class="hint">{text.older(lines.length)}</p>}
        </section>
        <button type="button" class="quiet" data-js data-print hidden>{text.print}</button>
      </main>
    </Frame>
  )}`;
}

const Line: FC<{ view: View; line: StatementLine }> = ({ view, line }) => (
  <li>
    <span>
      {whatOf(view.text.statement, line)}
      <small>{dateTime(view.language, Date.parse(line.at))}{line.receipt === null ? "" : ` · ${line.receipt}`}</small>
    </span>
    <span>
      {signed(line.amount)}
      <small>{line.kind === "paid_checkout" ? "" : view.text.statement.after(kes(line.balance))}</small>
    </span>
  </li>
);

const signed = (cents: number): string => cents < 0 ? `−${kes(-cents)}` : `+${kes(cents)}`;

function whatOf(text: Text["statement"], { kind, reference }: StatementLine): string {
  const said = text.kinds[kind];
  return reference === null ? said : `${said}: ${reference}`;
}
