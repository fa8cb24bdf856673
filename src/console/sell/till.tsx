import type { CheckoutView } from "../../domain/checkouts/contract.ts";
import { findCheckout } from "../../domain/checkouts/read.ts";
import { shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import { askNow, cancelAct } from "../checkouts/acts.tsx";
import { failureText } from "../checkouts/failure.ts";
import { Chip } from "../kit/chip.tsx";
import { backTo, doneOf, rowAnchor } from "../kit/done.ts";
import { type Page, parameter, type View } from "../kit/page.ts";
import { SELLERS } from "../kit/roles.ts";
import { RowActs } from "../kit/table.tsx";
import { phoneText } from "../kit/values.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { type Live, liveOf } from "../live/live.ts";
import { requireOwn } from "./own.ts";
import { sellText } from "./text.ts";

/** What became of a customer's prompt. It fills the screen, and follows the checkout by itself. */
export const tillPage: Page = {
  path: "till/:id",
  area: "merchant",
  roles: SELLERS,
  get: tillView,
  live: async (visit) => await liveOfSale(await ownSale(visit)),
};

async function ownSale(visit: Visit): Promise<CheckoutView> {
  const row = await findCheckout(visit.ctx, parameter(visit, "id"));
  requireOwn(row, visit);
  return row;
}

const liveOfSale = ({ version, status }: CheckoutView): Promise<Live> => liveOf(version, status !== "pending");

async function tillView(visit: Visit): Promise<View> {
  const row = await ownSale(visit);
  const done = await doneOf(visit);
  const words = sellText[visit.language];
  const [heading, detail] = resultOf(row, visit);
  const isOver = row.status !== "pending";
  const back = backTo(visit, visit.url.searchParams.get("back"), ""); // empty: the prompt was made at the till
  return {
    title: heading,
    shown: await liveOfSale(row),
    body: (
      <>
        <section
          class={`card narrow result ${row.status}`}
          data-swap=""
          data-say={heading}
        >
          <Chip kind="checkout" status={row.status} language={visit.language} />
          <p class="big">{shillings(row.amount)}</p>
          <h1>{heading}</h1>
          <p>{detail}</p>
          {done?.id === row.id && <p class="did" id={rowAnchor(row.id)} tabindex={-1} role="status">{done.text}</p>}
          <div class="buttons acts">
            {isOver && (back === ""
              ? <a class="button" href={hrefOf(visit, "sell")}>{words.next}</a>
              : <a class="button" href={back}>{visit.text.back}</a>)}
            <RowActs visit={visit} acts={[askNow, cancelAct]} path="checkouts" row={row} shown={2} />
            {!isOver && <a class="act" href={visit.url.pathname + visit.url.search}>{words.reload}</a>}
          </div>
        </section>
      </>
    ),
  };
}

/** The result in a heading and a sentence. Only what M-Pesa has proven is called paid. */
function resultOf(row: CheckoutView, visit: Visit): readonly [heading: string, detail: string | Markup] {
  const words = sellText[visit.language];
  const last = row.attempts.at(-1);
  switch (row.status) {
    case "succeeded":
      return [words.paid, row.payment?.receipt == null ? "" : `${words.receipt}: ${row.payment.receipt}`];
    case "pending":
      return [words.waiting, words.waitingText(last === undefined ? "" : phoneText(last.phone_number))];
    default:
      if (row.status === "review" || last?.status === "unknown") return [words.unclear, ""];
      return [words.notPaid, failureText(row, visit)];
  }
}
