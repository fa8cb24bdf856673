import type { Context } from "../../context/context.ts";
import type { Aggregate, Attempt, Fact } from "./machine.ts";
import { newId } from "../../crypto/ids.ts";
import { isKnownStkCode } from "../../daraja/drift.ts";
import { seen } from "../../db/drift.ts";
import { openRequestIds } from "./send-push.ts";

/** What a query brought: a fact, or null. `retryAfterMs`: the query was put off by the rate limit, for so long. */
export type QueryResult = { readonly fact: Fact; readonly retryAfterMs?: undefined } | {
  readonly fact: null;
  readonly retryAfterMs: number | undefined;
};

/**
 * Asks Daraja about one attempt. A query is believed when it says paid and when it names a terminal failure. Anything else
 * is no fact (design.md section 5.4).
 */
export async function queryAttempt(ctx: Context, state: Aggregate, attempt: Attempt): Promise<QueryResult> {
  const shortcode = await ctx.shortcodes.byId(state.checkout.shortcode_id);
  const ids = await openRequestIds(ctx, attempt);
  const outcome = await ctx.daraja.stkQuery(shortcode.app, {
    businessShortcode: shortcode.storeNumber ?? shortcode.number,
    passkey: shortcode.credentials.passkey,
    checkoutRequestId: ids.checkoutRequestId,
  });
  ctx.note({
    query: outcome.kind,
    ...(outcome.kind === "pending" ? { reason: outcome.reason } : { result_code: outcome.resultCode }),
  });
  const code = outcome.resultCode;
  if (code !== undefined && !isKnownStkCode(code)) {
    const { kind, at } = { kind: "stk_query_code", at: ctx.clock.now() };
    await ctx.db.write([seen({ kind, name: code, count: 1, at })]).catch(() => {}); // a count is not worth a query
  }
  switch (outcome.kind) {
    case "paid":
      return {
        fact: {
          kind: "paid",
          via: "query",
          paid: { paymentId: newId("pay"), amount: null, receipt: null, paidAt: null, phone: null },
        },
      };
    case "failed":
      return {
        fact: {
          kind: "failed",
          via: "query",
          failure: outcome.failure,
          resultCode: outcome.resultCode,
          description: outcome.description,
        },
      };
    case "pending":
      return {
        fact: null,
        retryAfterMs: outcome.reason === "rate_limited" ? outcome.retryAfterMs ?? 1_000 : undefined,
      };
  }
}
