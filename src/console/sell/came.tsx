import type { CheckoutView } from "../../domain/checkouts/contract.ts";
import { createCheckout } from "../../domain/checkouts/create-checkout.ts";
import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { matchPayment } from "../../domain/payments/match-payment.ts";
import { getPayment, listPayments } from "../../domain/payments/read.ts";
import type { Context } from "../../context/context.ts";
import { shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import { Field, inputProps, typedIn } from "../kit/form.tsx";
import { formPage } from "../kit/form-page.tsx";
import { parameter } from "../kit/page.ts";
import { SELLERS } from "../kit/roles.ts";
import { Money, When } from "../kit/values.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { Payer } from "../payments/columns.tsx";
import { wholeCents } from "./amount.ts";
import { madeBy, ownOfToday, tillReference } from "./own.ts";
import { sellText } from "./text.ts";

/** Money that came longer ago belongs to Unmatched. */
const RECENT_MS = 30 * 60_000;
const MOST = 10;
const TILL_S = 600;

/** The money of the last half hour that no order has. */
async function recent({ ctx, now }: Visit): Promise<readonly PaymentView[]> {
  const { data } = await listPayments(ctx, { status: "unmatched", created_from: now - RECENT_MS, limit: MOST });
  return data;
}

const isFree = ({ status, receipt, created_at }: PaymentView, now: number): boolean =>
  status === "unmatched" && receipt !== null && Date.parse(created_at) >= now - RECENT_MS;

/** Came by itself: money that a customer paid without being asked. */
export async function CameByItself({ visit }: { visit: Visit }): Promise<Markup> {
  const words = sellText[visit.language];
  const rows = (await recent(visit)).filter((row) => isFree(row, visit.now));
  return (
    <section class="card narrow">
      <h2>{words.came}</h2>
      {rows.length === 0 ? <p class="soft">{words.noneCame}</p> : (
        <ul class="links plain">
          {rows.map((row) => (
            <li id={`row-${row.id}`} data-row="" tabindex={-1}>
              <span>
                <b>
                  <Money cents={row.amount} look={visit} />
                </b>{" "}
                <span class="soft">
                  <When at={row.paid_at ?? row.created_at} look={visit} /> · <Payer payment={row} look={visit} />
                </span>
              </span>
              <a class="button quiet small" href={hrefOf(visit, `came/${row.id}`)}>{words.takeIt}</a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The sale of this person that waits for just this money. */
async function waitingFor(visit: Visit, amount: number): Promise<CheckoutView | undefined> {
  const waiting = await ownOfToday(visit);
  return waiting.find((one) => one.amount === amount && (one.status === "open" || one.status === "pending"));
}

async function take(ctx: Context, row: PaymentView, form: FormData, visit: Visit): Promise<string> {
  const words = sellText[visit.language];
  if (wholeCents(form.get("amount_kes")) !== row.amount) throw invalidField("/amount_kes", words.amountDiffers);
  if (!isFree(row, visit.now)) throw new Problem("conflict", words.takenAlready);
  const waiting = await waitingFor(visit, row.amount);
  if (waiting !== undefined) {
    await matchPayment(ctx, { id: row.id, checkout: waiting.id });
    return waiting.id;
  }
  const { amount, shortcode } = row;
  const reference = tillReference(visit, form);
  const made = await createCheckout(ctx, { amount, currency: "KES", shortcode, reference, expires_in: TILL_S });
  await matchPayment(visit.ctx, { id: row.id, checkout: made.id }); // the form's key is stored with the checkout
  return made.id;
}

/** A first press may have ended between the order and its money. */
async function finish(row: PaymentView, visit: Visit, form: FormData): Promise<Response> {
  const made = await madeBy(visit, form);
  if (made?.status === "open" && row.status === "unmatched") {
    await matchPayment(visit.ctx, { id: row.id, checkout: made.id });
  }
  const checkout = made?.id ?? (await getPayment(visit.ctx, { id: row.id })).checkout;
  return visit.c.redirect(hrefOf(visit, checkout === null ? "sell" : `till/${checkout}`), 303);
}

/**
 * Takes money that came by itself: it pays the sale of the same amount that this person waits for, or a new one. They type
 * the amount that they expect, so nobody takes another customer's money by a slip of the finger.
 */
export const takePage = formPage<PaymentView, string>({
  path: "came/:id",
  roles: SELLERS,
  title: ({ language }) => sellText[language].takeIt,
  load: (visit) => getPayment(visit.ctx, { id: parameter(visit, "id") }),
  home: () => "sell",
  fields(row, visit, { form, errors }) {
    const words = sellText[visit.language];
    if (!isFree(row, visit.now)) return <p>{words.takenAlready}</p>;
    return (
      <>
        <div class="about">
          <Money cents={row.amount} look={visit} />
          <span class="soft">
            <When at={row.paid_at ?? row.created_at} look={visit} /> · <Payer payment={row} look={visit} />
          </span>
        </div>
        <Field name="amount_kes" label={words.amountAsked} hint={words.amountAskedHint} errors={errors}>
          <input
            {...inputProps("amount_kes", errors)}
            inputmode="numeric"
            autocomplete="off"
            value={typedIn(form, "amount_kes")}
            required
          />
        </Field>
        <p class="consequence">{words.takeSays(shillings(row.amount))}</p>
      </>
    );
  },
  button: ({ language }) => sellText[language].takeIt,
  run: take,
  answer: (id, _row, visit) => visit.c.redirect(hrefOf(visit, `till/${id}`), 303),
  again: finish,
});
