import { commit, type Context } from "../../context/context.ts";
import type { Shortcode, ShortcodeRow } from "../../context/shortcode.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { abortIfUnchanged, first, select, statement } from "../../db/query.ts";
import { shortcodes } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Finding } from "./contract.ts";
import { openShortcode } from "./lookup.ts";
import { loadOwnRow } from "./read.ts";
import { dropReconciliation, scheduleReconciliation } from "./reconciliation-schedule.ts";
import { checkPasskey, checkToken } from "./run-checks.ts";
import { changeShortcode, shortcodeTaken, updateRow } from "./store.ts";

/* A number is its merchant's once Daraja has taken its app and its passkey. Until then it takes no requests. */

/** Whether these findings prove that the credentials belong to the number. */
export const isProof = (findings: readonly Finding[]): boolean =>
  (["token", "passkey"] as const).every((name) => findings.some(({ check, ok }) => check === name && ok === true));

/** Asks Daraja for a token, and about a push that does not exist. Moves no money and prompts no phone. */
export async function proofOf(ctx: Context, row: ShortcodeRow): Promise<boolean> {
  const shortcode = await openShortcode(ctx.vault, row);
  const token = await checkToken(ctx, shortcode);
  return token.ok === true && isProof([token, await checkPasskey(ctx, shortcode)]);
}

/** Stores that Daraja has taken the credentials with which `asked` was asked. Errors: `shortcode_taken`. */
export async function storeProof(ctx: Context, asked: Shortcode): Promise<void> {
  await changeShortcode(ctx, asked.number, async () => {
    const before = await loadOwnRow(ctx, asked.id);
    if (before.proven_at !== null || before.version !== asked.row.version) return;
    const now = Math.max(ctx.clock.now(), before.updated_at + 1);
    const after = { ...before, proven_at: now, updated_at: now, version: before.version + 1 };
    await commit(ctx, asked.id, [
      updateRow(after, asked.id, before.version),
      abortIfUnchanged,
      auditEntry(ctx, "shortcode.proven", asked.id, { number: asked.number }),
      ...(after.pull_phone === null ? [] : [scheduleReconciliation(ctx, after)]),
    ]);
  });
}

const selectClaim = select(shortcodes, "WHERE number = ? AND merchant_id <> ? AND proven_at IS NULL");

/**
 * Statements: take the number from another merchant that has claimed it and never proved it. Nothing can refer to such a
 * row, because it takes no requests. Empty where nobody else has claimed the number.
 */
export async function displaceClaim(ctx: Context, number: string): Promise<readonly Statement[]> {
  const claim = await first(ctx.db, selectClaim(number, ctx.merchantId));
  if (claim === null) return [];
  return [
    statement("DELETE FROM shortcodes WHERE id = ? AND version = ? AND proven_at IS NULL", claim.id, claim.version),
    abortIfUnchanged,
    dropReconciliation(ctx, claim),
    auditEntry({ ...ctx, merchantId: claim.merchant_id, actor: "system" }, "shortcode.displaced", claim.id, { number }),
  ];
}

/** Runs a write that may displace a claim. Errors: `shortcode_taken` where something refers to the claim after all. */
export async function whileDisplacing<T>(number: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof ConstraintError && error.kind === "foreign_key") throw shortcodeTaken(number);
    throw error;
  }
}
