import { merchantName } from "../../domain/merchants/merchants.ts";
import { pausePayouts as contract } from "../../domain/payouts/control-contract.ts";
import { ALL, listPauses, pausePayouts } from "../../domain/payouts/pause.ts";
import type { Context } from "../../context/context.ts";
import { validationProblem } from "../../http/respond.ts";
import { jobsByKind, MOST_AT_ONCE, retryKind } from "../../jobs/by-kind.ts";
import { Problem } from "../../problems/problem.ts";
import { Field, inputProps, typedIn } from "../kit/form.tsx";
import type { Page } from "../kit/page.ts";
import { longTime } from "../kit/values.tsx";
import type { Look, Visit } from "../kit/visit.ts";
import { ALL_MERCHANTS } from "../signing/signables.tsx";
import { formPage } from "./form-page.tsx";
import { platformText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => platformText[language];

const pauseOf = async (ctx: Context, id: string) =>
  (await listPauses(ctx)).find(({ scope }) => scope === (id === ALL_MERCHANTS ? ALL : id)) ?? null;

/** Stops money out (c29). It asks for no passkey: whoever sees that something goes wrong stops it at once. */
const pausePage: Page = formPage({
  path: "merchants/:id/pause",
  async show(visit, id, form) {
    const text = words(visit);
    const name = id === ALL_MERCHANTS ? text.all : await merchantName(visit.ctx, id);
    const pause = await pauseOf(visit.ctx, id);
    return {
      title: text.pauseTitle,
      summary: (
        <>
          <b>{name}</b>
          {pause !== null && <span>{text.paused}: {text.since(longTime(pause.paused_at, visit))}</span>}
        </>
      ),
      consequence: pause === null ? text.pauseSays : null,
      button: text.pause,
      fields: (
        <Field name="reason" label={text.reason} hint={text.reasonHint}>
          <input {...inputProps("reason")} value={typedIn(form, "reason")} maxlength={200} autocomplete="off" />
        </Field>
      ),
    };
  },
  async run(ctx, id, form, visit) {
    const read = contract.body?.safeParse({ merchant: id, reason: typedIn(form, "reason").trim() || undefined });
    if (read === undefined) throw new Error("Pausing has no body");
    if (!read.success) throw validationProblem(read.error, "json");
    if (await pauseOf(ctx, id) !== null) throw new Problem("wrong_state", "It is paused already.");
    await pausePayouts(ctx, read.data);
    return words(visit).didPause;
  },
});

const stuckOf = async (visit: Visit, kind: string): Promise<number> =>
  (await jobsByKind(visit.ctx)).find((one) => one.kind === kind)?.stuck ?? 0;

/** Runs the stuck jobs of a kind again. */
const runAgainPage: Page = formPage({
  path: "jobs/:id/run-again",
  async show(visit, kind) {
    const text = words(visit);
    const stuck = await stuckOf(visit, kind);
    return {
      title: text.runTitle(kind),
      summary: <b>{stuck === 0 ? text.noneStuck : `${text.stuck}: ${stuck}`}</b>,
      consequence: stuck === 0 ? null : text.runSays(String(stuck), String(MOST_AT_ONCE)),
      button: text.runAgain,
    };
  },
  run: async (ctx, kind, _form, visit) => words(visit).didRun(String((await retryKind(ctx, { kind })).count)),
});

/** What people of the platform do. */
export const platformForms: readonly Page[] = [pausePage, runAgainPage];
