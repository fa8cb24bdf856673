import { promptAgain } from "../../domain/checkouts/create-attempt.ts";
import { kenyanMobile } from "../../http/fields.ts";
import { toProblem } from "../../http/respond.ts";
import type { Problem } from "../../problems/problem.ts";
import type { Text } from "../text/types.ts";
import type { Visit } from "./entrance.ts";

/** What came of asking for a prompt: the page is to be looked at anew, or shown at once with what is wrong. */
export type Prompted =
  | { readonly ok: true; readonly phone: string }
  | {
    readonly ok: false;
    readonly status: 422 | 429 | 503;
    readonly error: string;
    readonly retryAfterSeconds?: number;
  };

/** The number that a shopper means: what was typed, else the phone prompted last. Null when it is none. */
export async function phoneMeant({ ctx, state }: Visit, typed: string): Promise<string | null> {
  const last = state.attempts.at(-1);
  if (typed.trim() !== "" || last === undefined) return kenyanMobile(typed);
  return await ctx.vault.openText(last.phone, { table: "attempts", column: "phone", row: last.id });
}

/** Prompts the phone. What the page shows anyhow (already prompted, already ended) is no error here. */
export async function promptPhone({ ctx, sight }: Visit, phone: string | null, text: Text): Promise<Prompted> {
  if (phone === null) return { ok: false, status: 422, error: text.phoneWrong };
  try {
    await promptAgain(ctx, sight.id, phone);
    return { ok: true, phone };
  } catch (error) {
    const problem = toProblem(error);
    ctx.note({ problem: problem.code });
    switch (problem.code) {
      case "phone_busy":
      case "checkout_not_open":
        return { ok: true, phone };
      case "prompts_limited":
        return limited(problem, ctx.config.limits.checkouts.promptsPerCheckout <= sight.attempts, text);
      case "limit_exceeded":
        return { ok: false, status: 422, error: text.overLimit };
      case "conflict":
      case "unavailable":
        return { ok: false, status: 503, error: text.unavailable };
      default:
        throw error;
    }
  }
}

function limited({ retryAfterSeconds = 60 }: Problem, byCheckout: boolean, text: Text): Prompted {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / 60));
  const error = byCheckout ? text.limitedCheckout : text.limited(minutes);
  return { ok: false, status: 429, error, retryAfterSeconds };
}
