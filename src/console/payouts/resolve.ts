import type { PayoutView } from "../../domain/payouts/contract.ts";
import type { LinkedAct } from "../kit/act.ts";
import { RESOLVERS } from "../kit/roles.ts";
import { signHref } from "../signing/sign-page.tsx";
import { isHeld } from "./acts.tsx";
import { isOwn } from "./own.ts";
import { payoutsText } from "./text.ts";

/** A person says what they saw in the M-Pesa portal (c26, c27), and signs it. */
export const resolveAct: LinkedAct<PayoutView> = {
  name: "resolve",
  roles: RESOLVERS,
  scopes: ["operator"],
  label: ({ language }) => payoutsText[language].resolve,
  offered: (row, visit) => (row.status === "in_doubt" || row.needs_person) && !isHeld(row) && !isOwn(row, visit),
  href: ({ id }, visit) => signHref(visit, "payout-results", id),
};
