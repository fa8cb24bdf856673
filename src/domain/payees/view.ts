import type { Context } from "../../context/context.ts";
import { formatTime, maskName } from "../../http/fields.ts";
import type { PayeeView } from "./contract.ts";
import { namesOf, type Payee } from "./store.ts";

/** An entry of the payee book as the API answers it to its merchant. */
export async function payeeView(ctx: Pick<Context, "vault">, row: Payee): Promise<PayeeView> {
  const { name, given } = await namesOf(ctx, row);
  return {
    id: row.id,
    phone_number: row.phone_masked,
    name,
    name_source: row.name_source,
    name_at: formatTime(row.name_at),
    given_name: given,
    match: row.match,
    confirmed: row.confirmed_by === null || row.confirmed_at === null
      ? null
      : { by: row.confirmed_by, at: formatTime(row.confirmed_at) },
    created_at: formatTime(row.created_at),
    updated_at: formatTime(row.updated_at),
    version: row.version,
  };
}

/** The same as events tell it: they are stored in clear, so the names are masked. */
export async function payeeData(ctx: Pick<Context, "vault">, row: Payee): Promise<PayeeView> {
  const view = await payeeView(ctx, row);
  return {
    ...view,
    name: maskName(view.name),
    given_name: view.given_name === null ? null : maskName(view.given_name),
  };
}
