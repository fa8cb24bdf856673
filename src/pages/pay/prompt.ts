import { promptAgain } from "../../domain/checkouts/create-attempt.ts";
import { phoneOfLast } from "../../domain/checkouts/last-phone.ts";
import { kenyanMobile } from "../../http/fields.ts";
import { toProblem } from "../../http/respond.ts";
import { first, type Query } from "../../db/query.ts";
import type { Context } from "../../context/context.ts";
import type { Problem } from "../../problems/problem.ts";
import type { Text } from "../text/types.ts";
import { shownPhone } from "./phone-text.ts";
import type { Visit } from "./checkout-access.ts";

/** The outcome of a request for a prompt: reload the page, or show it at once with an error. */
export type PromptOutcome =
  | { readonly ok: true; readonly phone: string }
  | {
    readonly ok: false;
    readonly status: 422 | 429 | 503;
    readonly error: string;
    readonly retryAfterSeconds?: number;
  };

/** The number to prompt (12 digits): the typed one, or else that of the last prompt. Null if the typed one is no mobile number. */
export async function chosenPhone({ ctx, state }: Visit, typed: string): Promise<string | null> {
  if (typed.trim() !== "") return kenyanMobile(typed);
  return await phoneOfLast(ctx, state.attempts);
}

/** Prompts the phone. A checkout that is already prompted or already ended is no error here: the page shows that. */
export async function promptPhone(
  { ctx, pageState }: Visit,
  phone: string | null,
  text: Text,
): Promise<PromptOutcome> {
  if (phone === null) return { ok: false, status: 422, error: text.phoneWrong };
  let limitedBy: unknown = null;
  const note: Context["note"] = (fields) => {
    limitedBy = fields.prompts_limited ?? limitedBy;
    ctx.note(fields);
  };
  if (await isDisabled(ctx)) {
    ctx.note({ problem: "merchant_disabled" });
    return { ok: false, status: 503, error: text.unavailable };
  }
  try {
    await promptAgain({ ...ctx, note }, pageState.id, phone);
    return { ok: true, phone };
  } catch (error) {
    const problem = toProblem(error);
    ctx.note({ problem: problem.code });
    switch (problem.code) {
      case "phone_busy":
        return busyOutcome(problem, phone, text);
      case "checkout_not_open":
        return { ok: true, phone };
      case "prompts_limited":
        return limitedOutcome(problem, limitedBy !== "phone", text);
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

const selectStatus = (id: string): Query<string> => ({
  sql: "SELECT status FROM merchants WHERE id = ?",
  args: [id],
  map: ([status]) => String(status),
});

/** Whether the merchant of this checkout is disabled: then nobody is prompted to pay it. */
const isDisabled = async ({ db, merchantId }: Context): Promise<boolean> =>
  await first(db, selectStatus(merchantId)) === "disabled";

/** The outcome where a limit of the page is reached that no phone has caused. */
export function tooManyPrompts({ ctx }: Visit, retryAfterSeconds: number, text: Text): PromptOutcome {
  ctx.note({ problem: "prompts_limited", prompts_limited: "page" });
  return limitedOutcome({ retryAfterSeconds }, true, text);
}

function busyOutcome({ retryAfterSeconds = 60 }: Problem, phone: string, text: Text): PromptOutcome {
  return { ok: false, status: 429, error: text.phoneBusy(shownPhone(phone), retryAfterSeconds), retryAfterSeconds };
}

function limitedOutcome(
  { retryAfterSeconds = 60 }: Pick<Problem, "retryAfterSeconds">,
  byCheckout: boolean,
  text: Text,
): PromptOutcome {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / 60));
  const error = byCheckout ? text.limitedCheckout : text.limited(minutes);
  return { ok: false, status: 429, error, retryAfterSeconds };
}
