import type { Context } from "../../context/context.ts";
import { type C2bNotice, unreadableNames, valueOrNull } from "../../daraja/notices.ts";
import { appliedWithout, type FinishNotice, quarantined, type SettlementOutcome } from "../settlement/outcome.ts";
import { accountOf } from "./account-of.ts";
import { type RecordedMoney, recordMoney } from "./record-money.ts";

/**
 * Records the money of a C2B confirmation. It is quarantined if it contradicts what is stored of its receipt, or if it
 * names another shortcode than its callback URL.
 */
export async function receiveConfirmation(
  ctx: Omit<Context, "merchantId">,
  shortcodeId: string,
  notice: C2bNotice,
  finishNotice: FinishNotice,
): Promise<SettlementOutcome> {
  const shortcode = await ctx.shortcodes.byId(shortcodeId);
  const merchantCtx: Context = { ...ctx, merchantId: shortcode.merchantId };
  if (notice.shortcode !== shortcode.number && notice.shortcode !== shortcode.storeNumber) {
    const outcome = quarantined("shortcode_differs");
    await ctx.db.write(finishNotice(outcome, shortcode.merchantId));
    return outcome;
  }
  const money = {
    channel: "c2b",
    uploaded: false,
    receipt: notice.receipt,
    amount: notice.amount,
    accountReference: accountOf(notice.accountReference),
    paidAt: valueOrNull(notice.paidAt),
    phone: notice.phoneForm === "clear" ? valueOrNull(notice.phone) : null,
    payerName: nameOf(notice),
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

function outcomeOf({ outcome, paymentId }: RecordedMoney, unreadable: readonly string[]): SettlementOutcome {
  const contradicts = outcome === "amount_differs" || outcome === "receipt_of_another_shortcode";
  return contradicts ? quarantined(outcome) : { ...appliedWithout(unreadable), paymentId };
}

function nameOf({ firstName, middleName, lastName }: C2bNotice): string | null {
  const name = [firstName, middleName, lastName].filter((part) => part !== null && part !== "").join(" ");
  return name === "" ? null : name;
}
