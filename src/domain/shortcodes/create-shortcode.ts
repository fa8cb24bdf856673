import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import { scheduleReconciliation } from "./reconciliation-schedule.ts";
import type { createShortcode as contract, ShortcodeView } from "./contract.ts";
import { checkNameCheck, checkNumbers, checkTariff, checkValidation } from "./fields.ts";
import type { ShortcodeRow } from "../../context/shortcode.ts";
import { displaceClaim, proofOf, whileDisplacing } from "./prove.ts";
import { checkCertificate, mergeSecrets, sealPullPhone, sealSecrets } from "./secrets.ts";
import { changeShortcode, clearDefault, insertShortcode, loadOwnShortcodes } from "./store.ts";
import { shortcodeView } from "./view.ts";

/**
 * Adds a paybill or till. It takes no requests until Daraja has accepted its credentials, which is asked here. Errors: `validation_failed`, `shortcode_taken`.
 */
export async function createShortcode(ctx: Context, input: Input<typeof contract>): Promise<ShortcodeView> {
  requireScope(ctx, "shortcodes:write");
  const { secrets, changed } = mergeSecrets({}, input);
  await checkCertificate(secrets);
  if (input.validation !== undefined) checkValidation(input.kind, input.validation);
  checkNameCheck(input.kind, input.name_check);
  checkTariff(input.kind, input.tariff);
  const id = newId("sho");
  const claimed = await rowOf(ctx, id, input, await sealSecrets(ctx, id, secrets));
  const isProven = await proofOf(ctx, claimed);
  const row = isProven ? { ...claimed, proven_at: ctx.clock.now() } : claimed;
  const view = await changeShortcode(ctx, input.number, async () => {
    const own = await loadOwnShortcodes(ctx);
    const same = own.find((other) => other.number === input.number);
    if (same !== undefined) {
      throw new Problem("shortcode_taken", `You have ${input.number} already: ${same.id}. PATCH changes it.`);
    }
    checkNumbers({ ...input, store_number: input.store_number }, own);
    const isDefault = input.default === true || own.every((other) => !other.isDefault);
    const view = await shortcodeView(ctx, { ...row, is_default: isDefault });
    const displaced = isProven ? await displaceClaim(ctx, input.number) : [];
    await whileDisplacing(input.number, () =>
      commit(ctx, id, [
        ...displaced,
        ...(isDefault ? [clearDefault(ctx.merchantId, ctx.clock.now())] : []),
        insertShortcode({ ...row, is_default: isDefault }),
        auditEntry(ctx, "shortcode.created", id, {
          kind: row.kind,
          number: row.number,
          secrets: changed,
          proven: isProven,
        }),
        ...(row.pull_phone === null || !isProven ? [] : [scheduleReconciliation(ctx, row)]),
      ], { status: 201, body: view }));
    return view;
  });
  ctx.note({ shortcode: input.number, proven: isProven });
  return view;
}

async function rowOf(
  ctx: Context,
  id: string,
  input: Input<typeof contract>,
  credentials: Uint8Array,
): Promise<ShortcodeRow> {
  const now = ctx.clock.now();
  return {
    id,
    merchant_id: ctx.merchantId,
    kind: input.kind,
    number: input.number,
    store_number: input.store_number ?? null,
    name: input.name,
    is_default: false,
    credentials,
    created_at: now,
    updated_at: now,
    validation: input.validation?.rule ?? "accept_all",
    known_accounts: input.validation?.accounts ?? [],
    validation_when_down: input.validation?.when_down ?? null,
    urls_version: null,
    urls_response_type: null,
    urls_registered_at: null,
    pull_phone: input.nominated_number === undefined ? null : await sealPullPhone(ctx, id, input.nominated_number),
    pull_registered_at: null,
    version: 1,
    proven_at: null,
    url_number: 1,
    urls_revoked: 0,
    name_check: input.name_check ?? false,
    store: input.store ?? null,
    tariff: input.tariff ?? null,
  };
}
