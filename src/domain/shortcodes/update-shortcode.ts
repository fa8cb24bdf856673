import { commit, type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { auditEntry, changeOf } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { dropReconciliation, scheduleReconciliation } from "./reconciliation-schedule.ts";
import type { ShortcodeView, updateShortcode as contract } from "./contract.ts";
import { checkNameCheck, checkNumbers, checkTariff, checkValidation } from "./fields.ts";
import type { ShortcodeRow } from "../../context/shortcode.ts";
import { openShortcode } from "./lookup.ts";
import { loadOwnRow } from "./read.ts";
import { proofOf } from "./prove.ts";
import { checkCertificate, mergeSecrets, sealPullPhone, sealSecrets } from "./secrets.ts";
import { changeShortcode, clearDefault, loadOwnShortcodes, updateRow } from "./store.ts";
import { shortcodeView } from "./view.ts";

type Changes = Omit<Input<typeof contract>, "id">;

/** Changes a shortcode. Fields that are left out stay. Errors: `not_found`, `validation_failed`. */
export async function updateShortcode(ctx: Context, input: Input<typeof contract>): Promise<ShortcodeView> {
  requireScope(ctx, "shortcodes:write");
  const { id, ...changes } = input;
  return await changeShortcode(ctx, "", async () => {
    const before = await loadOwnRow(ctx, id);
    const changed = await applyChanges(ctx, before, changes);
    const isClaim = before.proven_at === null || changed.store_number !== before.store_number;
    const after = { ...changed, proven_at: isClaim ? await newProof(ctx, before, changed) : before.proven_at };
    const view = await shortcodeView(ctx, after);
    await commit(ctx, id, [
      ...(after.is_default && !before.is_default ? [clearDefault(ctx.merchantId, ctx.clock.now())] : []),
      updateRow(after, id, before.version),
      abortIfUnchanged,
      auditEntry(
        ctx,
        "shortcode.updated",
        id,
        { changed: Object.keys(changes) },
        changeOf(toldOf(before), toldOf(after)),
      ),
      ...reconciliationJobChanges(ctx, before, after),
    ], { status: 200, body: view });
    return view;
  });
}

/** What the audit trail tells of a shortcode: neither credentials nor the accounts of people. */
const toldOf = ({ number, store_number, name, is_default, validation, validation_when_down }: ShortcodeRow) => ({
  number,
  store_number,
  name,
  default: is_default,
  validation,
  validation_when_down,
});

async function applyChanges(ctx: Context, before: ShortcodeRow, changes: Changes): Promise<ShortcodeRow> {
  const known = await openShortcode(ctx.vault, before);
  const { secrets, changed } = mergeSecrets(known.credentials, changes);
  if (changed.length > 0) await checkCertificate(secrets);
  const store = changes.store_number ?? before.store_number;
  if (changes.store_number !== undefined) {
    const others = (await loadOwnShortcodes(ctx)).filter((other) => other.id !== before.id);
    checkNumbers({ kind: before.kind, number: before.number, store_number: store }, others);
  }
  if (changes.validation !== undefined) checkValidation(before.kind, changes.validation);
  checkNameCheck(before.kind, changes.name_check);
  checkTariff(before.kind, changes.tariff);
  return {
    ...before,
    store_number: store,
    name: changes.name ?? before.name,
    store: changes.store === undefined ? before.store : changes.store,
    tariff: changes.tariff === undefined ? before.tariff : changes.tariff,
    name_check: changes.name_check ?? before.name_check,
    is_default: before.is_default || changes.default === true,
    credentials: changed.length === 0 ? before.credentials : await sealSecrets(ctx, before.id, secrets),
    ...(changes.validation === undefined ? {} : {
      validation: changes.validation.rule,
      known_accounts: changes.validation.accounts ?? [],
      validation_when_down: changes.validation.when_down ?? null,
    }),
    ...await pullPhoneChanges(ctx, before, changes.nominated_number, known.pullPhone),
    updated_at: Math.max(ctx.clock.now(), before.updated_at + 1), // strictly larger: version 0.1.0 compares it
    version: before.version + 1,
  };
}

/** Asks Daraja only where an answer could be another one. */
async function newProof(ctx: Context, before: ShortcodeRow, after: ShortcodeRow): Promise<number | null> {
  const isSame = before.credentials === after.credentials && before.store_number === after.store_number;
  return !isSame && await proofOf(ctx, after) ? ctx.clock.now() : null;
}

async function pullPhoneChanges(
  ctx: Context,
  before: ShortcodeRow,
  phone: string | null | undefined,
  known: string | null,
): Promise<Partial<ShortcodeRow>> {
  if (phone === undefined || phone === known) return {};
  return { pull_phone: phone === null ? null : await sealPullPhone(ctx, before.id, phone), pull_registered_at: null };
}

function reconciliationJobChanges(ctx: Context, before: ShortcodeRow, after: ShortcodeRow): Statement[] {
  const isPulled = ({ pull_phone, proven_at }: ShortcodeRow): boolean => pull_phone !== null && proven_at !== null;
  if (isPulled(before) === isPulled(after)) return [];
  return [isPulled(after) ? scheduleReconciliation(ctx, after) : dropReconciliation(ctx, after)];
}
