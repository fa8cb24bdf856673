import type { Markup } from "../markup.ts";
import type { FC } from "hono/jsx";
import { dateTime, kes } from "./format.ts";
import { Icon } from "./icons.tsx";
import type { Sight } from "./stage.ts";
import type { View } from "./view.ts";

/** Paid: the receipt, to look at or to print. */
export function Paid({ view, sight }: { view: View; sight: Sight }): Markup {
  const { text, language } = view;
  const { receipt } = sight;
  return (
    <section class="card stage paid">
      <div class="head center stage">
        <Icon name="tick" />
        <h1 tabindex={-1}>{text.paidHeading}</h1>
        <p>{text.paidText(sight.merchant)}</p>
      </div>
      <div class="receipt">
        <h2 class="sr">{text.receiptHeading}</h2>
        <dl class="rows">
          <Row name={text.amount} value={kes(sight.amount)} />
          <Row name={text.paidTo} value={sight.business} />
          <Row name={text.reference} value={sight.reference} />
          <Row name={text.receipt} value={receipt?.code ?? text.receiptComing} />
          {sight.phone !== null && <Row name={text.phone} value={sight.phone} />}
          {receipt !== null && <Row name={text.date} value={dateTime(language, receipt.at)} />}
        </dl>
      </div>
      <button type="button" class="quiet" data-js data-print hidden>{text.print}</button>
    </section>
  );
}

const Row: FC<{ name: string; value: string }> = ({ name, value }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
