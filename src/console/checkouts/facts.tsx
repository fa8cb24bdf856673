import type { CheckoutView } from "../../domain/checkouts/contract.ts";
import { billOf } from "../../domain/checkouts/items.ts";
import { listPayments } from "../../domain/payments/read.ts";
import { shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import { Chip } from "../kit/chip.tsx";
import type { Fact, Related } from "../kit/detail-page.tsx";
import { Phone, When, WhenLong } from "../kit/values.tsx";
import { hrefOf, mayUse, type Visit } from "../kit/visit.ts";
import { failureText } from "./failure.ts";
import { checkoutsText } from "./text.ts";

const MOST_PAYMENTS = 20;

/** What a checkout's page says of it. */
export function checkoutFacts(row: CheckoutView, visit: Visit): readonly Fact[] {
  const words = checkoutsText[visit.language];
  const reason = failureText(row, visit);
  const { possible_duplicate_of: duplicate } = row;
  return [
    { label: words.received.replace(" (KES)", ""), value: shillings(row.amount_received) },
    ...row.amount_due > 0 ? [{ label: words.due, value: shillings(row.amount_due) }] : [],
    ...reason === "" ? [] : [{ label: words.reason, value: <Reason row={row} short={reason} visit={visit} /> }],
    { label: words.account, value: row.account_reference },
    { label: visit.text.shortcode, value: row.shortcode },
    { label: words.asked, value: <WhenLong at={row.created_at} look={visit} /> },
    { label: words.expires, value: <When at={row.expires_at} look={visit} /> },
    ...duplicate === null ? [] : [{
      label: words.duplicate,
      value: <a class="id" href={hrefOf(visit, `checkouts/${duplicate}`)}>{duplicate}</a>,
    }],
    ...mayUse(visit, "checkouts:write") ? [{ label: words.link, value: <PayLink row={row} visit={visit} /> }] : [],
  ];
}

/** Why it failed, and for whoever reads English what to do. */
function Reason({ row, short, visit }: { row: CheckoutView; short: string; visit: Visit }): Markup {
  const advice = row.last_failure?.operator_message;
  return (
    <>
      {short}
      {visit.language === "en" && advice !== undefined && <p class="hint">{advice}</p>}
    </>
  );
}

/** The page for the shopper. Its address lets whoever has it pay, so only people who may sell see it. */
function PayLink({ row, visit }: { row: CheckoutView; visit: Visit }): Markup {
  const words = checkoutsText[visit.language];
  return (
    <>
      <a href={row.hosted_url} rel="noreferrer">{words.link}</a>{" "}
      <button type="button" class="act" data-copy={row.hosted_url}>{words.copyLink}</button>
    </>
  );
}

/** The payments that came for it. */
export async function relatedOfCheckout(row: CheckoutView, visit: Visit): Promise<readonly Related[]> {
  if (!mayUse(visit, "payments:read")) return [];
  const { data } = await listPayments(visit.ctx, { checkout: row.id, limit: MOST_PAYMENTS });
  return data.map((payment) => ({
    path: `payments/${payment.id}`,
    label: `${shillings(payment.amount)}, ${payment.receipt ?? checkoutsText[visit.language].payment}`,
    chip: <Chip kind="payment" status={payment.status} language={visit.language} />,
  }));
}

/** The prompts and what is paid for. */
export function moreOfCheckout(row: CheckoutView, visit: Visit): Markup {
  const words = checkoutsText[visit.language];
  return (
    <>
      {row.attempts.length > 0 && (
        <section class="card">
          <h2>{words.prompts}</h2>
          <ul class="links plain">
            {row.attempts.map((attempt) => (
              <li>
                <span>
                  <When at={attempt.created_at} look={visit} /> · <Phone masked={attempt.phone_number} look={visit} />
                </span>
                <Chip kind="attempt" status={attempt.status} language={visit.language} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {row.items.length > 0 && (
        <section class="card">
          <h2>{words.items}</h2>
          <ul class="links plain">
            {billOf(row).map(({ name, quantity, amount }) => (
              <li>
                <span>{quantity === 1 ? name : `${quantity} × ${name}`}</span>
                <span class="money">{shillings(amount)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
