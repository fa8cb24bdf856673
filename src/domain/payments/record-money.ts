import { addPaybillPayment, type Aggregate, displaceInferred, type Payment } from "../checkouts/machine.ts";
import { saveCheckout } from "../checkouts/save.ts";
import { insertPayment } from "../checkouts/store.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { commit, type Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { rows, select } from "../../db/query.ts";
import { mergedPayments, payments } from "../../db/schema.ts";
import { auditEntry, event } from "../../db/trail.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { accountKey } from "../settlement/account-key.ts";
import { findCheckout } from "./find-checkout.ts";
import { checkoutAsStored } from "../checkouts/as-stored.ts";
import { mergedEvent } from "../checkouts/merge.ts";
import { abortIfReceiptUnseen } from "../checkouts/receipt-once.ts";
import { asCredit, creditStatements } from "../accounts/credit.ts";
import { loadAccount } from "../accounts/store.ts";
import { addMissingDetails } from "./add-missing-details.ts";
import type { Money } from "./money.ts";
import { isOfNobody, type Outranked, withdrawOutranked } from "./outranked.ts";
import { phoneStatements } from "./phone-index.ts";
import { payerDataPlace, resealMovedData } from "../checkouts/payment-sealing.ts";
import { paymentView } from "../checkouts/payment-view.ts";

/** One receipt may be known at several shortcodes only if a file said so: M-Pesa gives each receipt once. */
const selectByReceipt = select(payments, "WHERE receipt = ? AND merchant_id = ? ORDER BY id LIMIT 8");
const selectWithdrawn = select(mergedPayments, "WHERE receipt = ? AND merchant_id = ? LIMIT 8");

/**
 * How money was recorded. `created`: as a new payment. `completed`: a payment without a receipt took this receipt. `known`:
 * a payment with this receipt and amount was stored before. The other two contradict what is stored, and change nothing.
 */
export interface RecordedMoney {
  readonly outcome:
    | "created"
    | "completed"
    | "known"
    | "amount_differs"
    | "receipt_of_another_shortcode"
    | "shortcode_differs";
  readonly paymentId: string;
  /** Cents, of the stored payment. */
  readonly amount: number;
}

/**
 * Records money that reached a shortcode, once per receipt, whichever source reports it first. It pays the checkout whose
 * prompt it was or that its account reference names, or stays unmatched until a person decides. A file never outranks
 * M-Pesa itself. `finish` gives statements for the same batch.
 */
export async function recordMoney(
  ctx: Context,
  shortcode: Shortcode,
  money: Money,
  finish: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  return await retryOnConflict(async () => {
    const [found, withdrawn] = await rows(
      ctx.db,
      selectByReceipt(money.receipt, shortcode.merchantId),
      selectWithdrawn(money.receipt, shortcode.merchantId),
    );
    const known = found.find((payment) => payment.shortcode_id === shortcode.id);
    const elsewhere = found.find((payment) => payment.shortcode_id !== shortcode.id);
    const payment = await newPayment(ctx, shortcode, money);
    if (money.unproven !== undefined) return await recordUnproven(ctx, found, payment, money, finish);
    const outranked = await withdrawOutranked(ctx, found, payment);
    if (known !== undefined && !outranked.gone.includes(known)) return await recordKnown(ctx, known, money, finish);
    if (elsewhere !== undefined && money.uploaded && !outranked.gone.includes(elsewhere)) {
      return await recordElsewhere(ctx, elsewhere, finish);
    }
    const contradicted = found.filter((one) => !isOfNobody(one));
    if (contradicted.length > 0) alertContradiction(ctx, contradicted, payment);
    const { checkout, isInferred, displaces, near, guard, account } = await findCheckout(ctx, shortcode, money);
    const guards = [guard, abortIfReceiptUnseen(payment, found)];
    const replaced = new Set([...withdrawn, ...outranked.gone].map(({ id }) => id));
    if (checkout !== null) {
      refuseIfStoredMeanwhile(checkout, payment);
      const linked: Payment = isInferred ? { ...payment, receipt_source: "inferred" } : payment;
      return await recordForCheckout(
        ctx,
        checkout,
        linked,
        { displaces, guards, replaced, outranked, told: money },
        finish,
      );
    }
    if (account !== null) {
      return await recordForAccount(ctx, account.id, payment, { guards, replaced, outranked, told: money }, finish);
    }
    const recorded: RecordedMoney = { outcome: "created", paymentId: payment.id, amount: payment.amount };
    const { first, then } = outranked.replacing(payment.id);
    await commit(ctx, payment.id, [
      ...guards,
      ...first,
      insertPayment(payment),
      ...then,
      ...phoneStatements(ctx, payment.id, money),
      event(ctx, "payment.received", payment.id, await paymentView(ctx, payment)),
      ...await replacedEvents(ctx, payment, replaced),
      auditEntry(ctx, "payment.received", payment.id, { receipt: payment.receipt, status: payment.status }),
      ...near === null ? [] : [ctx.jobs.schedule("checkout", near, ctx.merchantId, ctx.clock.now())],
      ...finish(recorded),
    ]);
    if (near !== null) ctx.jobs.wake(ctx.clock.now());
    return recorded;
  });
}

/**
 * Records money whose shortcode or account is not proven. It stays unmatched at its shortcode, for money of nobody that of
 * the callback URL, matches and proves nothing by itself, and can't be given back before a person has said what it is for
 * (`POST /v1/payments/{id}/match`) or M-Pesa names it. A receipt that is known already is not recorded again.
 */
async function recordUnproven(
  ctx: Context,
  found: readonly Payment[],
  payment: Payment,
  { unproven, ...money }: Money,
  finish: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  const isOfAccount = unproven?.what === "account";
  const here = found.find(({ shortcode_id }) => shortcode_id === payment.shortcode_id);
  const known = here ?? found[0];
  if (known !== undefined) {
    if (isOfAccount && known === here) {
      const details = { ...money, uploaded: true, accountReference: null };
      return await recordKnown(ctx, known, details, finish);
    }
    const outcome = isOfNobody(known) && known.amount === payment.amount ? "known" : "shortcode_differs";
    const recorded: RecordedMoney = { outcome, paymentId: known.id, amount: known.amount };
    await ctx.db.write(finish(recorded));
    return recorded;
  }
  const stored: Payment = {
    ...payment,
    ...(isOfAccount ? { account_reference: null, account_key: "" } : {}),
    receipt_source: "inferred",
    uploaded: true,
    unproven: unproven?.what ?? null,
  };
  const recorded: RecordedMoney = { outcome: "created", paymentId: stored.id, amount: stored.amount };
  const named = unproven?.what === "shortcode" ? { shortcode: unproven.number } : {};
  await commit(ctx, stored.id, [
    abortIfReceiptUnseen(stored, found),
    insertPayment(stored),
    event(ctx, "payment.received", stored.id, await paymentView(ctx, stored)),
    auditEntry(ctx, "payment.received", stored.id, { receipt: stored.receipt, status: stored.status, ...named }),
    ...finish(recorded),
  ]);
  ctx.log.write("alert", isOfAccount ? "payment_account_unproven" : "payment_for_unknown_shortcode", {
    merchant: stored.merchant_id,
    payment: stored.id,
    ...named,
  });
  return recorded;
}

/** A callback has stored the receipt since it was looked for: what this source tells besides, such as the name, is added. */
function refuseIfStoredMeanwhile({ payments }: Aggregate, { receipt, shortcode_id }: Payment): void {
  const isStored = payments.some((p) => p.receipt === receipt && p.shortcode_id === shortcode_id);
  if (isStored) throw new ConstraintError("check", "conflict");
}

function alertContradiction(ctx: Context, known: readonly Payment[], payment: Payment): void {
  ctx.log.write("alert", "receipt_contradicted", {
    merchant: payment.merchant_id,
    known: known.map(({ id }) => id),
    payment: payment.id,
  });
}

/** A file names a receipt that M-Pesa gave for another shortcode of this merchant: a finding, and no second payment. */
async function recordElsewhere(
  ctx: Context,
  elsewhere: Payment,
  finish: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  const recorded: RecordedMoney = {
    outcome: "receipt_of_another_shortcode",
    paymentId: elsewhere.id,
    amount: elsewhere.amount,
  };
  await ctx.db.write(finish(recorded));
  return recorded;
}

async function recordKnown(
  ctx: Context,
  known: Payment,
  money: Money,
  finish: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  const outcome = known.amount === money.amount ? "known" : "amount_differs";
  const recorded: RecordedMoney = { outcome, paymentId: known.id, amount: known.amount };
  const details = outcome === "known" ? await addMissingDetails(ctx, known, money) : [];
  await ctx.db.write([...details, ...finish(recorded)]);
  return recorded;
}

/** How money is linked to its checkout: see {@link findCheckout}. `replaced`: ids of payments that it has the place of. */
interface Link {
  readonly displaces: string | null;
  readonly guards: readonly Statement[];
  readonly replaced: ReadonlySet<string>;
  readonly outranked: Outranked;
  readonly told: Money;
}

/** The events that tell that a payment, as it is stored, has the place of those that M-Pesa's own word replaced. */
const replacedEvents = (ctx: Context, stored: Payment, replaced: ReadonlySet<string>): Promise<Statement[]> =>
  Promise.all([...replaced].map((id) => mergedEvent(ctx, stored, id)));

async function recordForCheckout(
  ctx: Context,
  before: Aggregate,
  payment: Payment,
  { displaces, guards, replaced, outranked, told }: Link,
  finish: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  const now = ctx.clock.now();
  const added = displaces === null
    ? addPaybillPayment(before, { ...payment, checkout_id: before.checkout.id, status: "partial" }, now)
    : displaceInferred(before, displaces, payment, now);
  const after = checkoutAsStored(before, await resealMovedData(ctx, added, payment), now);
  const paymentId = after.payments.find((p) => p.receipt === payment.receipt)?.id ?? payment.id;
  const outcome = paymentId === payment.id ? "created" : "completed";
  const recorded: RecordedMoney = { outcome, paymentId, amount: payment.amount };
  const stored = after.payments.find(({ id }) => id === paymentId) ?? payment;
  const { first, then } = outranked.replacing(paymentId);
  await saveCheckout(ctx, before, after, "checkout.paid_by_paybill", {
    first: [...guards, ...first],
    statements: [
      ...then,
      ...phoneStatements(ctx, paymentId, told),
      ...await replacedEvents(ctx, stored, replaced),
      ...finish(recorded),
    ],
  });
  return recorded;
}

/** Money for a standing account is its balance from the first moment on. What it pays is decided by the account's job. */
async function recordForAccount(
  ctx: Context,
  accountId: string,
  payment: Payment,
  { guards, replaced, outranked, told }: Omit<Link, "displaces">,
  finish: (recorded: RecordedMoney) => readonly Statement[],
): Promise<RecordedMoney> {
  const state = await loadAccount(ctx, accountId);
  if (state === null) throw new Error(`account ${accountId} is gone`);
  const stored = asCredit(payment, state.account);
  const recorded: RecordedMoney = { outcome: "created", paymentId: stored.id, amount: stored.amount };
  const { first, then } = outranked.replacing(stored.id);
  await commit(ctx, stored.id, [
    ...guards,
    ...first,
    insertPayment(stored),
    ...then,
    ...phoneStatements(ctx, stored.id, told),
    event(ctx, "payment.received", stored.id, await paymentView(ctx, stored)),
    ...await replacedEvents(ctx, stored, replaced),
    auditEntry(ctx, "payment.received", stored.id, { receipt: stored.receipt, status: stored.status }),
    ...await creditStatements(ctx, state, stored),
    ...finish(recorded),
  ]);
  ctx.jobs.wake(ctx.clock.now());
  return recorded;
}

async function newPayment(ctx: Context, shortcode: Shortcode, money: Money): Promise<Payment> {
  const id = newId("pay");
  const now = ctx.clock.now();
  const seal = async (column: "phone" | "payer_name", text: string | null) =>
    text === null ? null : await ctx.vault.seal(text, payerDataPlace(column, id));
  return {
    id,
    merchant_id: shortcode.merchantId,
    shortcode_id: shortcode.id,
    checkout_id: null,
    attempt_id: null,
    receipt: money.receipt,
    receipt_source: "notice",
    uploaded: money.uploaded,
    channel: money.channel,
    status: "unmatched",
    amount: money.amount,
    currency: "KES",
    account_reference: money.accountReference,
    phone: await seal("phone", money.phone),
    payer_name: await seal("payer_name", money.payerName),
    paid_at: money.paidAt,
    created_at: now,
    updated_at: now,
    version: 1,
    amount_refunded: 0,
    account_key: accountKey(money.accountReference ?? ""),
    amount_promised: 0,
    amount_taken_back: 0,
    allocations: null,
    unproven: null,
  };
}
