import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Place } from "../../crypto/vault.ts";
import type { Statement } from "../../db/database.ts";
import { event } from "../../db/trail.ts";
import { compareNames, type NameMatch, wordsOf } from "./compare-names.ts";
import {
  abortIfPayeeChanged,
  insertPayee,
  namePlace,
  namesOf,
  type Payee,
  type PayeeKey,
  updatePayee,
} from "./store.ts";
import { payeeData } from "./view.ts";

const MAX_NAME = 200;

/** What M-Pesa returned about a payee. */
export interface ReturnedName {
  readonly name: string;
  readonly source: Payee["name_source"];
  /** The name that the caller gave for the same payout; null: none. */
  readonly given: string | null;
}

/** What the book says about a payee after {@link learnName}. */
export interface Learned {
  readonly payee: Payee;
  /** Whether the given name and the returned one are of one person, or a person has said so. */
  readonly match: Payee["match"];
  /** Put these into the batch. It fails with `conflict` if the entry was changed meanwhile. Empty: nothing is new. */
  readonly statements: readonly Statement[];
}

/** A name as it is stored: of M-Pesa's length at most, without spaces around it. Null: it says nothing. */
export function readableName(text: string | null): string | null {
  const name = text?.replace(/\s+/g, " ").trim().slice(0, MAX_NAME) ?? "";
  return wordsOf(name).length === 0 ? null : name;
}

const pairPlace = (id: string): Place => ({ table: "payees", column: "confirmed_pair", row: id });
const pairOf = (given: string, returned: string): string =>
  JSON.stringify([wordsOf(given).toSorted(), wordsOf(returned).toSorted()]);

/** Two names as they are compared, sealed: what a person confirms is this pair, and no other. */
export const sealPair = (
  { vault }: Pick<Context, "vault">,
  payeeId: string,
  given: string,
  returned: string,
): Promise<Uint8Array> => vault.seal(pairOf(given, returned), pairPlace(payeeId));

/** Whether a person has confirmed these two names of the payee. */
export async function isConfirmed(
  { vault }: Pick<Context, "vault">,
  payee: Payee | null,
  given: string,
  returned: string,
): Promise<boolean> {
  if (payee === null || payee.confirmed_pair === null) return false;
  return await vault.openText(payee.confirmed_pair, pairPlace(payee.id)) === pairOf(given, returned);
}

/** How the names compare, with what a person has confirmed. */
export async function judgeNames(
  ctx: Pick<Context, "vault">,
  payee: Payee | null,
  given: string | null,
  returned: string | null,
): Promise<Payee["match"]> {
  const match: NameMatch = compareNames(given, returned);
  const isSaid = match === "mismatch" && given !== null && returned !== null;
  return isSaid && await isConfirmed(ctx, payee, given, returned) ? "confirmed" : match;
}

/**
 * Writes a returned name into the payee book. A name with hidden letters does not replace a whole one that fits it. If
 * the names don't match and nobody has confirmed them, an event tells it.
 */
export async function learnName(
  ctx: Context,
  key: PayeeKey,
  before: Payee | null,
  { name, source, given }: ReturnedName,
): Promise<Learned> {
  const known = before === null ? null : await namesOf(ctx, before);
  const isVaguer = known !== null && source === "check" && compareNames(known.name, name) === "match";
  const next = { name: isVaguer ? known.name : name, given: given ?? known?.given ?? null };
  const match = await judgeNames(ctx, before, next.given, next.name);
  if (before !== null && known?.name === next.name && known.given === next.given && before.match === match) {
    return { payee: before, match, statements: [] };
  }
  const now = ctx.clock.now();
  const id = before?.id ?? newId("pye");
  const payee: Payee = {
    ...(before ?? { ...key, id, confirmed_pair: null, confirmed_by: null, confirmed_at: null, created_at: now }),
    name: await ctx.vault.seal(next.name, namePlace("name", id)),
    ...(isVaguer && before !== null
      ? { name_source: before.name_source, name_at: before.name_at }
      : { name_source: source, name_at: now }),
    given_name: next.given === null ? null : await ctx.vault.seal(next.given, namePlace("given_name", id)),
    match,
    updated_at: now,
    version: (before?.version ?? 0) + 1,
  };
  const own: Context = { ...ctx, merchantId: key.merchant_id };
  return {
    payee,
    match,
    statements: [
      abortIfPayeeChanged(key, before),
      before === null ? insertPayee(payee) : updatePayee(payee, id, before.version),
      ...(match === "mismatch" && before?.match !== "mismatch"
        ? [event(own, "payee.name_mismatch", id, { ...await payeeData(ctx, payee) })]
        : []),
    ],
  };
}
