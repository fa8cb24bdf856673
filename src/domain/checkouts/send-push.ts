import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { StkAccepted } from "../../daraja/daraja.ts";
import { maskPhone } from "../../http/fields.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { callbackUrl } from "../settlement/callback-url.ts";
import { type Aggregate, applyFact, type Attempt, type Fact } from "./machine.ts";
import { checkoutAsStored } from "./as-stored.ts";
import { saveCheckout } from "./save.ts";
import { retryOnConflict, retryWhileUnavailable } from "../../db/retry.ts";
import { loadCheckout } from "./store.ts";
import { checkoutView } from "./view.ts";
import type { CheckoutView } from "./contract.ts";

const attemptPlace = (column: string, id: string): { table: string; column: string; row: string } => ({
  table: "attempts",
  column,
  row: id,
});

/** A new attempt whose push is not sent yet. `phone` has 12 digits. `amount`: cents of a part; null: all of the checkout. */
export async function newAttempt(
  ctx: Context,
  checkoutId: string,
  phone: string,
  amount: number | null,
): Promise<Attempt> {
  const id = newId("att");
  return {
    id,
    checkout_id: checkoutId,
    status: "pending",
    phone: await ctx.vault.seal(phone, attemptPlace("phone", id)),
    phone_index: ctx.vault.index("phone", phone),
    phone_masked: maskPhone(phone),
    evidence: 0,
    request_ids: null,
    failure: null,
    result_code: null,
    result_description: null,
    polls: 0,
    created_at: ctx.clock.now(),
    accepted_at: null,
    ended_at: null,
    version: 1,
    amount,
  };
}

/** Encrypts Daraja's ids of a push, because they contain the payer's phone number. */
export const sealRequestIds = (ctx: Pick<Context, "vault">, attemptId: string, ids: StkAccepted): Promise<Uint8Array> =>
  ctx.vault.seal(JSON.stringify(ids), attemptPlace("request_ids", attemptId));

/** Decrypts what {@link sealRequestIds} encrypted. */
export async function openRequestIds(ctx: Context, attempt: Attempt): Promise<StkAccepted> {
  if (attempt.request_ids === null) {
    throw new Error(`attempt ${attempt.id} has no request ids, so Daraja can't be asked about it`);
  }
  return JSON.parse(await ctx.vault.openText(attempt.request_ids, attemptPlace("request_ids", attempt.id)));
}

/**
 * Sends the push of a stored attempt, once. Daraja's answer is stored in one batch with our answer to the caller. After an
 * ambiguous answer the attempt stays pending, and a callback or a query settles it.
 */
export async function sendPush(
  ctx: Context,
  stored: Aggregate,
  attempt: Attempt,
  phone: string,
  status: 201,
): Promise<CheckoutView> {
  const shortcode = await ctx.shortcodes.byId(stored.checkout.shortcode_id);
  const fact = await requestPush(ctx, stored, attempt, shortcode, phone);
  let isRetry = false;
  return await retryWhileUnavailable(() =>
    retryOnConflict(async () => {
      const before = isRetry ? await loadCheckout(ctx, stored.checkout.id) ?? stored : stored;
      isRetry = true;
      const now = ctx.clock.now();
      const after = fact === null ? before : checkoutAsStored(before, applyFact(before, attempt.id, fact, now), now);
      const view = await checkoutView(ctx, after);
      const isAccepted = fact?.kind === "accepted";
      await saveCheckout(ctx, before, after, isAccepted ? "attempt.accepted" : "attempt.refused", {
        answer: { status, body: view },
        keepJob: isAccepted && after.attempts.length === 1, // the job was scheduled with the first attempt, as if accepted
      });
      return view;
    })
  );
}

async function requestPush(
  ctx: Context,
  { checkout }: Aggregate,
  attempt: Attempt,
  shortcode: Shortcode,
  phone: string,
): Promise<Fact | null> {
  const startedAt = ctx.clock.now();
  const answer = await ctx.daraja.stkPush(shortcode.app, {
    businessShortcode: shortcode.storeNumber ?? shortcode.number,
    partyB: shortcode.number,
    transactionType: shortcode.kind,
    passkey: shortcode.credentials.passkey,
    amount: attempt.amount ?? checkout.amount,
    phone,
    callbackUrl: callbackUrl(ctx, "stk", attempt.id),
    accountReference: checkout.account_reference,
    description: checkout.description,
  });
  ctx.note({ push: answer.outcome, daraja_ms: ctx.clock.now() - startedAt, checkout: checkout.id });
  switch (answer.outcome) {
    case "accepted":
      return { kind: "accepted", requestIds: await sealRequestIds(ctx, attempt.id, answer.value) };
    case "rejected":
      return { kind: "refused", failure: answer.code, resultCode: answer.darajaCode, description: answer.message };
    case "unreachable":
      return {
        kind: "refused",
        failure: "daraja_unreachable",
        resultCode: null,
        description: "The request never left for M-Pesa.",
      };
    case "ambiguous":
      ctx.log.write("warn", "push_ambiguous", {
        attempt: attempt.id,
        reason: answer.reason,
        daraja_code: answer.darajaCode,
      });
      return null;
  }
}
