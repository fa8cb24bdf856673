import type { Markup } from "../markup.ts";
import type { FC } from "hono/jsx";
import { dateTime, kes } from "./format.ts";
import { Icon } from "./icons.tsx";
import type { PageState } from "./page-state.ts";
import type { View } from "./view.ts";

/** The stage `paid`: the receipt, with a button to print it. */
export function Paid({ view, pageState }: { view: View; pageState: PageState }): Markup {
  const { text, language } = view;
  const { receipt } = pageState;
  return (
    <section class="card stage paid">
      <div class="head center stage">
        <Icon name="tick" />
        <h1 tabindex={-1}>{text.paidHeading}</h1>
        <p>{text.paidText(pageState.merchant)}</p>
      </div>
      <div class="receipt">
        <h2 class="sr">{text.receiptHeading}</h2>
        <dl class="rows">
          <Row name={text.amount} value={kes(pageState.amount)} />
          <Row name={text.paidTo} value={pageState.merchant} />
          <Row name={text.reference} value={pageState.reference} />
          <Row name={text.receipt} value={receipt?.code ?? text.receiptComing} />
          {pageState.phone !== null && <Row name={text.phone} value={pageState.phone} />}
          {receipt !== null && <Row name={text.date} value={dateTime(language, receipt.at)} />}
        </dl>
      </div>
      {receipt !== null && <a class="button quiet" href={view.receiptUrl(receipt.paymentId)}>{text.receiptPage.open}
      </a>}
      <button type="button" class="quiet" data-js data-print hidden>{text.print}</button>
    </section>
  );
}

const Row: FC<{ name: string; value: string }> = ({ name, value }) => (
  <div>
    <dt>{name}</dt>
    <dd>
      <span>{value}</span>
    </dd>
  </div>
);
