import type { Context } from "../../context/context.ts";
import { formatTimeOrNull, maskName } from "../../http/fields.ts";
import { compareNames } from "../payees/compare-names.ts";
import type { PayoutView } from "./contract.ts";
import type { Payout } from "./machine/facts.ts";

type NameColumn = "given_name" | "payee_name";

const namePlace = (column: NameColumn, id: string): { table: string; column: string; row: string } => ({
  table: "payouts",
  column,
  row: id,
});

export const sealName = (
  { vault }: Pick<Context, "vault">,
  column: NameColumn,
  id: string,
  name: string,
): Promise<Uint8Array> => vault.seal(name, namePlace(column, id));

/** A name of a payout; null: there is none. */
export async function openName(
  { vault }: Pick<Context, "vault">,
  column: NameColumn,
  payout: Payout,
): Promise<string | null> {
  const sealed = payout[column];
  return sealed === null ? null : await vault.openText(sealed, namePlace(column, payout.id));
}

/** The payee of a payout: its two names, and who confirmed them. */
export async function payeeOf(ctx: Pick<Context, "vault">, payout: Payout): Promise<PayoutView["payee"]> {
  const [name, given] = await Promise.all([openName(ctx, "payee_name", payout), openName(ctx, "given_name", payout)]);
  return {
    name,
    given_name: given,
    match: compareNames(given, name),
    confirmed_by: payout.name_confirmed_by,
    confirmed_at: formatTimeOrNull(payout.name_confirmed_at),
  };
}

/** The same for events, which are stored in clear: the names are masked. */
export function maskedPayee(payee: PayoutView["payee"]): PayoutView["payee"] {
  const { name, given_name } = payee;
  return {
    ...payee,
    name: name === null ? null : maskName(name),
    given_name: given_name === null ? null : maskName(given_name),
  };
}

/** The payout with the name that M-Pesa returned. The same name again changes nothing. */
export async function withPayeeName(
  ctx: Pick<Context, "vault">,
  payout: Payout,
  name: string | null,
): Promise<Payout> {
  if (name === null || await openName(ctx, "payee_name", payout) === name) return payout;
  return { ...payout, payee_name: await sealName(ctx, "payee_name", payout.id, name) };
}
