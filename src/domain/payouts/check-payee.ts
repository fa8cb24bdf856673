import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { judgeNames, type Learned, learnName, readableName } from "../payees/learn-name.ts";
import { nameOfPayer } from "../payees/name-of-payer.ts";
import { abortIfPayeeChanged, namesOf, type Payee } from "../payees/store.ts";
import { applyFact } from "./machine.ts";
import { Evidence, type Fact, type Payout } from "./machine/facts.ts";
import { openName, withPayeeName } from "./payee-name.ts";
import { savePayout } from "./save.ts";
import { phonePlace } from "./phone-place.ts";

/** What {@link checkPayee} decided. */
export type PayeeCheck =
  /** The payout was changed and stored: it is held, or it is sent in the next step. */
  | { readonly kind: "stored" }
  /** It may be sent, with these statements in the batch of its start. */
  | { readonly kind: "send"; readonly statements: readonly Statement[] };

const has = ({ evidence }: Payout, bit: number): boolean => (evidence & bit) !== 0;

/** A refund goes back to the phone that paid, whoever has it. A request that may have left is not held any more. */
const isChecked = (payout: Payout): boolean =>
  payout.destination === "phone" && payout.refund_id === null && payout.status === "queued" &&
  !has(payout, Evidence.nameConfirmed);

/**
 * Compares the payee's names before a payout is sent for the first time. Where the paybill has the name check, it is
 * asked once; an answer that is missing or can't be read is neither a match nor a mismatch. With a mismatch that nobody
 * has confirmed the payout is held. `payee`: the entry of the book, as it was read with the payout.
 */
export async function checkPayee(ctx: Context, payout: Payout, payee: Payee | null): Promise<PayeeCheck> {
  if (!isChecked(payout)) return { kind: "send", statements: [] };
  const given = await openName(ctx, "given_name", payout);
  if (given !== null && !has(payout, Evidence.nameChecked)) {
    const { row } = await ctx.shortcodes.byId(payout.shortcode_id);
    if (row.name_check) return await askForName(ctx, payout, payee, given);
  }
  const learned = await learnFromPayments(ctx, payout, payee, given);
  const known = learned?.payee ?? payee;
  const name = known === null ? null : (await namesOf(ctx, known)).name;
  // Without a name of its own the payout waits as long as the last one that was given is not cleared up.
  const match = given === null ? known?.match : await judgeNames(ctx, known, given, name);
  const statements = learned?.statements ?? [abortIfPayeeChanged(payout, payee)];
  if (match !== "mismatch") return { kind: "send", statements };
  await hold(
    ctx,
    payout,
    await withPayeeName(ctx, payout, name),
    [{ kind: "name_mismatch" }],
    "payout.held",
    statements,
  );
  return { kind: "stored" };
}

/** Asks Safaricom whose phone it is, and stores the answer before anything else happens. */
async function askForName(ctx: Context, payout: Payout, payee: Payee | null, given: string): Promise<PayeeCheck> {
  const shortcode = await ctx.shortcodes.byId(payout.shortcode_id);
  const phone = await ctx.vault.openText(payout.phone, phonePlace(payout.id));
  const answer = await ctx.daraja.nameCheck(shortcode.app, { shortcode: shortcode.number, phone });
  const name = answer.outcome === "accepted" ? readableName(answer.value.name) : null;
  ctx.note({ name_check: answer.outcome, named: name !== null });
  if (name === null) ctx.log.write("warn", "name_check_unanswered", { payout: payout.id, outcome: answer.outcome });
  const learned = name === null ? null : await learnName(ctx, payout, payee, { name, source: "check", given });
  const isMismatch = await judgeNames(ctx, payee, given, name) === "mismatch";
  const facts: Fact[] = [{ kind: "name_checked" }, ...(isMismatch ? [{ kind: "name_mismatch" } as const] : [])];
  const action = isMismatch ? "payout.held" : "payout.name_checked";
  await hold(ctx, payout, await withPayeeName(ctx, payout, name), facts, action, learned?.statements ?? []);
  return { kind: "stored" };
}

/** Where the book has no name yet: the one that came with a payment of this phone. */
async function learnFromPayments(
  ctx: Context,
  payout: Payout,
  payee: Payee | null,
  given: string | null,
): Promise<Learned | null> {
  if (payee !== null || given === null) return null;
  const phone = await ctx.vault.openText(payout.phone, phonePlace(payout.id));
  const name = await nameOfPayer(ctx, payout.merchant_id, phone);
  return name === null ? null : await learnName(ctx, payout, null, { name, source: "payment", given });
}

async function hold(
  ctx: Context,
  before: Payout,
  named: Payout,
  facts: readonly Fact[],
  action: "payout.held" | "payout.name_checked",
  statements: readonly Statement[],
): Promise<void> {
  const now = ctx.clock.now();
  const after = facts.reduce((payout, fact) => applyFact(payout, fact, now), named);
  await savePayout(ctx, before, after, action, { statements });
}
