import type { Child } from "hono/jsx";
import type { PayoutView } from "../../domain/payouts/contract.ts";
import { rejectPayout } from "../../domain/payouts/decide.ts";
import { rejection } from "../../domain/payouts/decision-contract.ts";
import { validationProblem } from "../../http/respond.ts";
import type { Act, LinkedAct } from "../kit/act.ts";
import { nameOf } from "../kit/actor.tsx";
import { Field, inputProps, typedIn } from "../kit/form.tsx";
import { APPROVERS } from "../kit/roles.ts";
import type { Look, Visit } from "../kit/visit.ts";
import { signHref } from "../signing/sign-page.tsx";
import { isHeld } from "./acts.tsx";
import { isOwn } from "./own.ts";
import { payoutsText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => payoutsText[language];

/** Whether this visitor may decide about it by itself. A batch is decided as a whole. */
export const isToDecide = (row: PayoutView, visit: Visit): boolean =>
  row.status === "awaiting_approval" && row.batch === null && !isOwn(row, visit);

/** Lets a payout be sent (c17): the person signs what they see. */
export const approveAct: LinkedAct<PayoutView> = {
  name: "approve",
  roles: APPROVERS,
  scopes: ["payouts:approve"],
  label: (look) => words(look).approve,
  offered: isToDecide,
  href: ({ id }, visit) => signHref(visit, "payouts", id),
};

/** The field of a rejection's reason. */
export function ReasonField(visit: Visit, form: FormData): Child {
  const { reason, reasonHint } = words(visit);
  return (
    <Field name="reason" label={reason} hint={reasonHint}>
      <input {...inputProps("reason")} value={typedIn(form, "reason")} maxlength={200} autocomplete="off" required />
    </Field>
  );
}

/** Errors: `validation_failed`. */
export function rejectionReason(form: FormData): string {
  const read = rejection.safeParse({ reason: form.get("reason") });
  if (!read.success) throw validationProblem(read.error, "json");
  return read.data.reason;
}

/** Ends it, with a reason that its maker sees (c19). */
export const rejectAct: Act<PayoutView> = {
  name: "reject",
  roles: APPROVERS,
  scopes: ["payouts:approve"],
  label: (look) => words(look).reject,
  offered: (row, visit) => isHeld(row) || isToDecide(row, visit),
  isGrave: true,
  fields: (_row, visit, form) => ReasonField(visit, form),
  consequence: async (row, visit) => words(visit).rejectSays(await nameOf(visit, row.created_by)),
  run: (ctx, { id }, form) => rejectPayout(ctx, { id, reason: rejectionReason(form) }),
  did: (look) => words(look).rejected,
};
