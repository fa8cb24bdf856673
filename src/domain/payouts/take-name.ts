import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { learnName, readableName } from "../payees/learn-name.ts";
import type { Payee } from "../payees/store.ts";
import type { Fact, Payout } from "./machine/facts.ts";
import { openName, withPayeeName } from "./payee-name.ts";
import type { PayoutNotice } from "./payout-notice.ts";

/** The name of the payee in a notice that says: paid, to this payout's phone. Null: it names nobody. */
export function nameIn(received: PayoutNotice, facts: readonly Fact[]): string | null {
  const isPaid = facts.some((fact) => fact.kind === "paid" && !fact.paid.foreign);
  if (!isPaid || (received.at !== "result" && received.at !== "status")) return null;
  const { receiver, creditParty } = received.notice.facts;
  return readableName((received.at === "result" ? receiver : creditParty)?.name ?? null);
}

/** What {@link takeName} works on. */
interface Naming {
  readonly before: Payout;
  readonly settled: Payout;
  readonly payee: Payee | null;
  readonly name: string | null;
}

/** Stores the name that M-Pesa returned: with the payout, and in the payee book of a phone. */
export async function takeName(
  ctx: Context,
  { before, settled, payee, name }: Naming,
): Promise<{ readonly after: Payout; readonly statements: readonly Statement[] }> {
  if (name === null || before.destination !== "phone") return { after: settled, statements: [] };
  const after = await withPayeeName(ctx, settled, name);
  const given = await openName(ctx, "given_name", before);
  const { statements } = await learnName(ctx, before, payee, { name, source: "payout", given });
  return { after, statements };
}
