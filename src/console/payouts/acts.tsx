import type { PayoutView } from "../../domain/payouts/contract.ts";
import { confirmPayee } from "../../domain/payouts/confirm-payee.ts";
import { cancelPayout } from "../../domain/payouts/decide.ts";
import { refreshPayout } from "../../domain/payouts/refresh-payout.ts";
import type { Act } from "../kit/act.ts";
import { APPROVERS, KEEPERS } from "../kit/roles.ts";
import type { Look } from "../kit/visit.ts";
import { isOwn } from "./own.ts";
import { payoutsText } from "./text.ts";

const words = ({ language }: Pick<Look, "language">) => payoutsText[language];

/** Asks M-Pesa what became of it. It moves nothing. */
export const askNow: Act<PayoutView> = {
  name: "ask-now",
  roles: KEEPERS,
  scopes: ["payouts:write"],
  label: (look) => words(look).askNow,
  offered: ({ status }) => status === "submitted" || status === "in_doubt",
  run: (ctx, { id }) => refreshPayout(ctx, { id }),
  did: (look) => words(look).askedNow,
};

/** Ends a payout that has not left (c20). */
export const cancelAct: Act<PayoutView> = {
  name: "cancel",
  roles: KEEPERS,
  scopes: ["payouts:write"],
  label: (look) => words(look).cancel,
  offered: ({ status }) => status === "awaiting_approval" || status === "queued",
  isGrave: true,
  consequence: (_row, look) => words(look).cancelSays,
  button: (_row, look) => words(look).cancelButton,
  run: (ctx, { id }) => cancelPayout(ctx, { id }),
  did: (look) => words(look).cancelled,
};

/** Whether it waits because M-Pesa has another name for the phone. */
export const isHeld = ({ status, needs_person }: PayoutView): boolean => status === "queued" && needs_person;

/** Says that both names are of the payee, so that the payout is sent. */
export const confirmName: Act<PayoutView> = {
  name: "confirm-name",
  roles: APPROVERS,
  scopes: ["payouts:approve"],
  label: (look) => words(look).confirmName,
  offered: (row, visit) => isHeld(row) && !isOwn(row, visit),
  isGrave: true,
  consequence: ({ payee }, look) => words(look).confirmSays(payee.given_name ?? "—", payee.name ?? "—"),
  run: (ctx, { id }) => confirmPayee(ctx, { id }),
  did: (look) => words(look).confirmed,
};
