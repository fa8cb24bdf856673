import type { BatchView } from "../../domain/payouts/batch-contract.ts";
import { rejectBatch } from "../../domain/payouts/decide-batch.ts";
import type { Act, LinkedAct } from "../kit/act.ts";
import { nameOf } from "../kit/actor.tsx";
import { APPROVERS } from "../kit/roles.ts";
import type { Look, Visit } from "../kit/visit.ts";
import { ReasonField, rejectionReason } from "../payouts/decide.tsx";
import { isOwn } from "../payouts/own.ts";
import { signHref } from "../signing/sign-page.tsx";
import { batchesText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => batchesText[language];
const isToDecide = (row: BatchView, visit: Visit): boolean =>
  (row.counts.awaiting_approval ?? 0) > 0 && !isOwn(row, visit);

/** Lets all of it be sent that awaits approval (c18): the person signs what they see. */
export const approveBatchAct: LinkedAct<BatchView> = {
  name: "approve",
  roles: APPROVERS,
  scopes: ["payouts:approve"],
  label: (look) => words(look).approve,
  offered: isToDecide,
  href: ({ id }, visit) => signHref(visit, "payout-batches", id),
};

/** Ends all of it that awaits approval (c19). */
export const rejectBatchAct: Act<BatchView> = {
  name: "reject",
  roles: APPROVERS,
  scopes: ["payouts:approve"],
  offered: isToDecide,
  isGrave: true,
  label: (look) => words(look).reject,
  fields: (_row, visit, form) => ReasonField(visit, form),
  consequence: async (row, visit) => words(visit).rejectSays(await nameOf(visit, row.created_by)),
  run: (ctx, { id }, form) => rejectBatch(ctx, { id, reason: rejectionReason(form) }),
  did: (look) => words(look).rejected,
};
