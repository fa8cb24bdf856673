import type { Context } from "../../context/context.ts";
import { type C2bNotice, parseC2b, type ResultNotice } from "../../daraja/notices.ts";
import { readStatusFinding } from "../../daraja/result-codes.ts";
import type { Statement } from "../../db/database.ts";
import { first, type Query, select, statement } from "../../db/query.ts";
import { notices } from "../../db/schema.ts";
import { callbackUrl } from "../settlement/callback-url.ts";
import { APPLIED, type FinishNotice, type SettlementOutcome } from "../settlement/outcome.ts";
import { initiatorOf } from "../shortcodes/initiator.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { namedShortcode } from "./named-shortcode.ts";

/*
 * Whoever learns a C2B address can report payments that never were. So with `CALLBACK_SOURCES=verify` such a report
 * settles nothing until M-Pesa's own list or its Transaction Status has the receipt (docs/security.md). Nothing but the
 * list or a statement says which account was paid, so after Transaction Status the money of a paybill is recorded
 * unmatched, without the account that was reported.
 */

const MINUTE_MS = 60_000;
/** After each question so long until the next one; the last step repeats. */
const WAITS_MS = [0.5, 2, 10, 60].map((minutes) => minutes * MINUTE_MS);
const DAILY_AFTER = 52;
/** The question after which people are told: about a quarter of an hour. */
const TOLD_AFTER = 3;

/** A confirmation as the inbox has it. */
export interface Confirmation {
  readonly id: string;
  readonly subjectId: string;
  readonly body: string;
  /** Whether it came from an address of Safaricom's; null: it was stored by a version that did not look. */
  readonly sourceKnown: boolean | null;
}

const selectNotice = select(notices, "WHERE id = ?");

/**
 * A payment that M-Pesa's list, a prompt, or a statement has proved: the confirmation tells nothing else of the money. One
 * of another merchant, shortcode or amount proves nothing of it.
 */
const selectRecorded = (merchantId: string, { receipt, amount, shortcode }: C2bNotice): Query<string> => ({
  sql: "SELECT p.id FROM payments p JOIN shortcodes s ON s.id = p.shortcode_id WHERE p.receipt = ? AND p.amount = ? " +
    "AND s.merchant_id = ? AND ? IN (s.number, s.store_number) LIMIT 1",
  args: [receipt, amount, merchantId, shortcode],
  map: ([id]) => String(id),
});

/**
 * What to do with a confirmation: settle by it, quarantine it because M-Pesa says otherwise, or wait until `waitUntil`
 * (ms). Waiting asks Transaction Status, and never ends by itself.
 */
export async function proofOf(
  ctx: Context,
  notice: Confirmation,
): Promise<"settle" | "refuted" | { readonly waitUntil: number }> {
  const { sources, verifyFrom } = ctx.config.callbacks;
  if (sources !== "verify") return "settle";
  const message = parseC2b(notice.body);
  if (message.kind === "unreadable") return "settle"; // the handler says so
  if (notice.sourceKnown === true && message.amount < verifyFrom) return "settle";
  const row = await first(ctx.db, selectNotice(notice.id));
  if (row === null || row.proof === "proven") return "settle";
  if (row.proof === "refuted") return "refuted";
  const { merchantId } = await ctx.shortcodes.byId(notice.subjectId);
  if (await first(ctx.db, selectRecorded(merchantId, message)) !== null) return "settle"; // it adds only details
  const asked = row.proof_asks + 1;
  const outcome = await ask(ctx, notice, message);
  await ctx.db.write([
    statement(
      "UPDATE notices SET version = version + 1, proof_asks = ?, problem = 'awaiting_proof' WHERE id = ?",
      asked,
      notice.id,
    ),
  ]);
  if (asked === TOLD_AFTER) {
    ctx.log.write("alert", "confirmation_unproven", { notice: notice.id, receipt: message.receipt, asked: outcome });
  }
  ctx.note({ proof: "awaited", asked: outcome });
  const wait = asked > DAILY_AFTER ? 24 * 60 * MINUTE_MS : WAITS_MS[Math.min(asked, WAITS_MS.length) - 1] ?? MINUTE_MS;
  return { waitUntil: ctx.clock.now() + wait * ctx.config.plans.scale };
}

/**
 * Whether a confirmation counts for what M-Pesa does not say again when it is asked: the payer's number and the account.
 * Transaction Status names receipt, amount and payee, and no account (daraja.md section 7.1).
 */
export const isSourceBelieved = (
  { config }: Pick<Context, "config">,
  { sourceKnown }: Pick<Confirmation, "sourceKnown">,
): boolean => config.callbacks.sources !== "verify" || sourceKnown === true;

/**
 * The confirmation without the payer's number, where that is only its sender's word: M-Pesa says nothing of it, and a refund
 * by payout goes to that phone. A masked number lets nothing be sent, so it stays.
 */
export const withProvenPayer = (
  ctx: Pick<Context, "config">,
  notice: Pick<Confirmation, "sourceKnown">,
  message: C2bNotice,
): C2bNotice =>
  isSourceBelieved(ctx, notice) || message.phoneForm === "masked"
    ? message
    : { ...message, phone: { kind: "absent" }, phoneForm: "missing" };

/** Asks M-Pesa about the receipt. The answer comes as a notice about the notice. */
async function ask(ctx: Context, { id, subjectId }: Confirmation, { receipt }: C2bNotice): Promise<string> {
  const shortcode = await ctx.shortcodes.byId(subjectId);
  const initiator = await initiatorOf(shortcode);
  if (initiator === null) return "no_initiator"; // then only Pull, or a statement, can prove it
  const answer = await ctx.daraja.transactionStatus(shortcode.app, {
    shortcode: shortcode.number,
    initiator,
    of: { transactionId: receipt },
    resultUrl: callbackUrl(ctx, "c2b_status_result", id),
    timeoutUrl: callbackUrl(ctx, "c2b_status_timeout", id),
  });
  return answer.outcome;
}

/** M-Pesa's answer about a confirmation that waits. An answer that does not settle it leaves it waiting. */
export async function receiveProof(
  ctx: Context,
  noticeId: string,
  result: ResultNotice,
  finish: FinishNotice,
): Promise<SettlementOutcome> {
  const row = await first(ctx.db, selectNotice(noticeId));
  const statements: Statement[] = [];
  if (row !== null && row.status === "stored") {
    const body = await ctx.vault.openText(row.body, { table: "notices", column: "body", row: noticeId });
    const message = parseC2b(body);
    const shortcode = await ctx.shortcodes.byId(row.subject_id);
    const verdict = message.kind === "unreadable"
      ? null
      : verdictOf(message, await namesOf(ctx, shortcode, message.shortcode), result);
    ctx.note({ proof: verdict ?? "none" });
    if (verdict !== null) {
      const now = ctx.clock.now();
      statements.push(
        statement(
          "UPDATE notices SET version = version + 1, proof = ? WHERE id = ? AND proof IS NULL",
          verdict,
          noticeId,
        ),
        ctx.jobs.schedule("notice", noticeId, row.merchant_id, now),
      );
    }
  }
  await ctx.db.write([...statements, ...finish(APPLIED, row?.merchant_id ?? null)]);
  if (statements.length > 0) ctx.jobs.wake(ctx.clock.now());
  return APPLIED;
}

/** The numbers under which M-Pesa knows the shortcode that a confirmation names: another one than that of its address, perhaps. */
async function namesOf(ctx: Context, url: Shortcode, number: string): Promise<readonly (string | null)[]> {
  const named = await namedShortcode(ctx, url, number);
  return named.kind === "own" ? [named.shortcode.number, named.shortcode.storeNumber] : [number];
}

/** `names`: see {@link namesOf}. Null: it proves nothing. */
function verdictOf(
  message: C2bNotice,
  names: readonly (string | null)[],
  result: ResultNotice,
): "proven" | "refuted" | null {
  const finding = readStatusFinding(result);
  if (finding.outcome === "failed") return "refuted";
  const { amount, receipt, creditParty } = result.facts;
  if (finding.outcome !== "completed" || amount.kind !== "read" || receipt.kind !== "read") return null;
  if (receipt.value !== message.receipt) return null; // the answer to another question
  const payee = creditParty?.number ?? null;
  const isOther = payee !== null && !payee.includes("*") && !names.includes(payee);
  return amount.value === message.amount && !isOther ? "proven" : "refuted";
}
