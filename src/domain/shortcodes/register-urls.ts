import { commit, type Context, requireScope } from "../../context/context.ts";
import { describeFailure } from "../../daraja/codes.ts";
import type { Answer } from "../../daraja/daraja.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import type { registerUrls as contract, ShortcodeView } from "./contract.ts";
import { c2bUrls } from "./urls.ts";
import type { ShortcodeRow } from "../../context/shortcode.ts";
import { loadOwnRow } from "./read.ts";
import { changeShortcode, updateRow } from "./store.ts";
import { shortcodeView } from "./view.ts";

/**
 * Registers our C2B addresses with Daraja (daraja.md section 5.1), for a till under its store number. Errors:
 * `not_found`, `urls_already_registered`, `daraja_refused`, `daraja_unavailable`.
 */
export async function registerUrls(ctx: Context, input: Input<typeof contract>): Promise<ShortcodeView> {
  requireScope(ctx, "shortcodes:write");
  const { number, store_number: store, url_number: current } = await loadOwnRow(ctx, input.id);
  const urlNumber = input.new_urls === true ? current + 1 : current;
  const { app } = await ctx.shortcodes.byId(input.id);
  const urls = c2bUrls(ctx, input.id, urlNumber);
  const answer = await ctx.daraja.registerUrls(app, {
    version: input.version,
    shortcode: store ?? number,
    responseType: input.response_type === "completed" ? "Completed" : "Cancelled",
    confirmationUrl: urls.confirmation,
    validationUrl: urls.validation,
  });
  ctx.note({ shortcode: number, registered: answer.outcome });
  if (answer.outcome !== "accepted") throw registrationProblem(answer);
  return await changeShortcode(ctx, number, async () => {
    const before = await loadOwnRow(ctx, input.id);
    const now = Math.max(ctx.clock.now(), before.updated_at + 1);
    const after: ShortcodeRow = {
      ...before,
      urls_version: input.version,
      urls_response_type: input.response_type,
      urls_registered_at: now,
      url_number: Math.max(before.url_number, urlNumber),
      proven_at: before.proven_at ?? now, // Daraja has taken the number with the credentials of its app
      updated_at: now,
      version: before.version + 1,
    };
    const view = await shortcodeView(ctx, after);
    await commit(ctx, input.id, [
      updateRow(after, input.id, before.version),
      abortIfUnchanged,
      auditEntry(ctx, "shortcode.urls_registered", input.id, {
        version: input.version,
        response_type: input.response_type,
        urls: urlNumber,
      }),
    ], { status: 200, body: view });
    return view;
  });
}

/** The problem for the caller if Daraja did not accept the request. */
export function registrationProblem(answer: Exclude<Answer<unknown>, { readonly outcome: "accepted" }>): Problem {
  if (answer.outcome === "rejected") {
    const { message, advice } = describeFailure(answer.code);
    const darajaText = answer.message === "" ? "" : ` (Daraja: ${answer.message})`;
    if (answer.code === "daraja_busy") return new Problem("daraja_unavailable", `${message} ${advice}`);
    const code = answer.code === "urls_already_registered" ? answer.code : "daraja_refused";
    return new Problem(code, `${message}${darajaText} ${advice}`);
  }
  const doubt = answer.outcome === "ambiguous" ? "M-Pesa gave no clear answer, so it may have been done." : "";
  return new Problem("daraja_unavailable", `${doubt || "M-Pesa could not be reached."} Try again in a few minutes.`, {
    retryAfterSeconds: 60,
  });
}
