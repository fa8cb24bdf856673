import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { type Aggregate, type Payment, releaseReceipt } from "../checkouts/machine.ts";
import { loadCheckout } from "../checkouts/store.ts";
import { changeStatements } from "../checkouts/transition.ts";

/** What is stored of the checkout that a payment leaves. */
export interface MovedAway {
  readonly statements: readonly Statement[];
  /** The freed payment that the checkout has taken instead; null where it took none. */
  readonly taken: string | null;
}

/**
 * The checkout that a payment belonged to is settled without it. A prompt that was paid takes what the payment's new
 * checkout frees, if that fits, or keeps a payment without a receipt: it has a transfer of its own, which is not known.
 */
export async function moveAway(
  ctx: Context,
  payment: Payment,
  to: string,
  freed: Payment | null,
  now: number,
): Promise<MovedAway> {
  const nothing: MovedAway = { statements: [], taken: null };
  if (payment.checkout_id === null || payment.checkout_id === to) return nothing;
  const holder = await loadCheckout(ctx, payment.checkout_id);
  if (holder === null) return nothing;
  const isOffered = freed !== null && payment.attempt_id !== null;
  const offered = isOffered ? { ...holder, payments: [...holder.payments, freed] } : holder;
  const { kind } = await ctx.shortcodes.byId(payment.shortcode_id);
  const released = sameAccounts(
    releaseReceipt(
      kind === "till" ? withoutAccount(offered, freed) : offered,
      payment.receipt ?? "",
      newId("pay"),
      now,
    ),
    freed,
  );
  const isTaken = isOffered && released.payments.some(({ id, checkout_id }) => id === freed.id && checkout_id !== null);
  const after = isTaken || freed === null
    ? released
    : { ...released, payments: released.payments.filter(({ id }) => id !== freed.id) };
  const before = isTaken ? offered : holder;
  return {
    statements: await changeStatements(ctx, before, after, "checkout.payment_moved"),
    taken: isTaken ? freed.id : null,
  };
}

const setAccount = (state: Aggregate, id: string | undefined, account_reference: string | null): Aggregate => ({
  ...state,
  payments: state.payments.map((p) => (p.id === id ? { ...p, account_reference } : p)),
});

/** At a till nobody types an account: the freed payment has the one of the checkout that it was put to. */
const withoutAccount = (state: Aggregate, freed: Payment | null): Aggregate => setAccount(state, freed?.id, null);
const sameAccounts = (state: Aggregate, freed: Payment | null): Aggregate =>
  freed === null ? state : setAccount(state, freed.id, freed.account_reference);
