import type { Context } from "../../context/context.ts";
import { type C2bNotice, unreadableNames, valueOrNull } from "../../daraja/notices.ts";
import { appliedWithout, type FinishNotice, quarantined, type SettlementOutcome } from "../settlement/outcome.ts";
import { accountOf } from "./account-of.ts";
import type { Money } from "./money.ts";
import { type NamedShortcode, namedShortcode } from "./named-shortcode.ts";
import { type RecordedMoney, recordMoney } from "./record-money.ts";

/**
 * Records the money of a C2B confirmation at the shortcode that it names, which may be another one of the merchant than
 * its callback URL is for. Money for a number of nobody is recorded as unmatched, for a person, and so is money at a paybill
 * whose account only an unknown sender names. It is quarantined, with an alert, if it names another merchant's number, or
 * if it contradicts what is stored of its receipt.
 */
export async function receiveConfirmation(
  ctx: Omit<Context, "merchantId">,
  shortcodeId: string,
  notice: C2bNotice,
  isAccountProven: boolean,
  finishNotice: FinishNotice,
): Promise<SettlementOutcome> {
  const url = await ctx.shortcodes.byId(shortcodeId);
  const merchantCtx: Context = { ...ctx, merchantId: url.merchantId };
  const named = await namedShortcode(ctx, url, notice.shortcode);
  if (named.kind === "another_merchant") {
    ctx.log.write("alert", "confirmation_for_another_merchant", { merchant: url.merchantId, receipt: notice.receipt });
    const outcome = quarantined("shortcode_differs");
    await ctx.db.write(finishNotice(outcome, url.merchantId));
    return outcome;
  }
  const shortcode = named.kind === "own" ? named.shortcode : url;
  const money = {
    channel: "c2b",
    uploaded: false,
    receipt: notice.receipt,
    amount: notice.amount,
    accountReference: accountOf(notice.accountReference),
    paidAt: valueOrNull(notice.paidAt),
    phone: notice.phoneForm === "clear" ? valueOrNull(notice.phone) : null,
    phoneHash: notice.phoneForm === "hashed" ? valueOrNull(notice.phone) : null,
    phoneMasked: notice.phoneForm === "masked" ? valueOrNull(notice.phone) : null,
    payerName: nameOf(notice),
    ...unprovenOf(named, notice, isAccountProven),
  } as const;
  const { paidAt: paid_at, phone, accountReference: account_reference } = notice;
  const unreadable = unreadableNames({ paid_at, phone, account_reference });
  const recorded = await recordMoney(
    merchantCtx,
    shortcode,
    money,
    (recorded) => finishNotice(outcomeOf(recorded, unreadable), shortcode.merchantId),
  );
  return outcomeOf(recorded, unreadable);
}

/** At a till there is no account, so nothing but receipt, amount and till matters, which M-Pesa has confirmed. */
function unprovenOf(named: NamedShortcode, notice: C2bNotice, isAccountProven: boolean): Pick<Money, "unproven"> {
  if (named.kind === "nobody") return { unproven: { what: "shortcode", number: notice.shortcode } };
  const isPaybill = named.kind === "own" && named.shortcode.kind === "paybill";
  return isPaybill && !isAccountProven ? { unproven: { what: "account" } } : {};
}

function outcomeOf({ outcome, paymentId }: RecordedMoney, unreadable: readonly string[]): SettlementOutcome {
  const contradicts = outcome === "amount_differs" || outcome === "receipt_of_another_shortcode" ||
    outcome === "shortcode_differs";
  return contradicts ? quarantined(outcome) : { ...appliedWithout(unreadable), paymentId };
}

function nameOf({ firstName, middleName, lastName }: C2bNotice): string | null {
  const name = [firstName, middleName, lastName].filter((part) => part !== null && part !== "").join(" ");
  return name === "" ? null : name;
}
