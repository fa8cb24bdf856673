import { raw } from "hono/html";
import * as contract from "../../domain/payment-links/contract.ts";
import type { PaymentLinkView } from "../../domain/payment-links/contract.ts";
import { getPaymentLink, listPaymentLinks } from "../../domain/payment-links/read.ts";
import { route } from "../../http/operation.ts";
import { shillings } from "../../lib/shillings.ts";
import { Label } from "../kit/chip.tsx";
import type { IconName } from "../kit/icons.tsx";
import { listPage } from "../kit/list-page.tsx";
import { type Page, parameter, type View } from "../kit/page.ts";
import { SELLERS } from "../kit/roles.ts";
import { Money, When } from "../kit/values.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { sellText } from "./text.ts";

const icons: Readonly<Record<PaymentLinkView["status"], IconName>> = {
  active: "ring",
  paid: "tick",
  expired: "dash",
  disabled: "dash",
};

const { nav: _nav, ...list } = listPage<PaymentLinkView>({
  path: "links",
  roles: SELLERS,
  nav: { name: "sell", group: "today", icon: "link" },
  question: ({ language }) => sellText[language].linksQuestion,
  route: route(contract.listPaymentLinks, listPaymentLinks),
  filters: [],
  columns: [
    {
      head: ({ language }) => sellText[language].time,
      cell: (row, visit) => <When at={row.created_at} look={visit} />,
      card: "time",
      sorted: "descending",
    },
    {
      head: ({ language }) => sellText[language].what,
      cell: (row) => <span class="cut" title={row.description}>{row.description}</span>,
      card: "who",
    },
    {
      head: ({ language }) => sellText[language].amount,
      cell: (row, visit) =>
        row.amount === null ? sellText[visit.language].openAmount : <Money cents={row.amount} look={visit} bare />,
      end: true,
      card: "amount",
    },
    { head: ({ language }) => sellText[language].times, cell: (row) => row.times_paid, end: true },
    {
      head: ({ language }) => sellText[language].received,
      cell: (row, visit) => <Money cents={row.amount_received} look={visit} bare />,
      end: true,
    },
    {
      head: ({ text }) => text.status,
      cell: (row, { language }) => <Label icon={icons[row.status]} word={sellText[language].statuses[row.status]} />,
      card: "chip",
    },
  ],
  href: ({ id }) => `links/${id}`,
  empty: ({ language }) => <p>{sellText[language].empty}</p>,
});

/** Links to pay by: the list, which the page Sell leads to, and one link with its code to share and print. */
export const linkPages: readonly Page[] = [
  list,
  { path: "links/:id", area: "merchant", roles: SELLERS, get: linkView },
];

async function linkView(visit: Visit): Promise<View> {
  const link = await getPaymentLink(visit.ctx, { id: parameter(visit, "id") });
  const words = sellText[visit.language];
  const message = words.message(link.description, link.url);
  return {
    title: link.description,
    body: (
      <>
        <header class="head">
          <p>
            <a href={hrefOf(visit, "links")} data-back="">{visit.text.back}</a>
          </p>
          <div class="line">
            <h1>{link.description}</h1>
            <Label icon={icons[link.status]} word={words.statuses[link.status]} />
          </div>
        </header>
        <section class="card narrow">
          <p class="sum">{link.amount === null ? words.openAmount : shillings(link.amount)}</p>
          <p class="id">{link.url}</p>
          <div class="buttons">
            <a class="button" href={`https://wa.me/?${new URLSearchParams({ text: message })}`} rel="noreferrer">
              {words.share}
            </a>
            <button type="button" class="quiet" data-copy={link.url}>{visit.text.copy}</button>
            <button type="button" class="quiet" data-print="">{words.print}</button>
          </div>
          <figure class="qr">
            {raw(link.qr) /* an SVG that we draw ourselves */}
            <figcaption>{words.scan}</figcaption>
          </figure>
        </section>
      </>
    ),
  };
}
