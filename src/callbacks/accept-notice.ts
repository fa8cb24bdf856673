import type { Services } from "../context/context.ts";
import type { CallbackKind } from "../crypto/capability.ts";
import { DatabaseUnavailable } from "../db/database.ts";
import type { KeyValue } from "../platform/ports.ts";
import { sealNotice } from "./inbox.ts";

const SPILLED = "spilled-notice";
const PAGE_SIZE = 100;

/** The callback URL that a message came to: its kind, and the row that it is about. */
interface CallbackTarget {
  readonly kind: CallbackKind;
  readonly id: string;
}

/** A message as the key-value store keeps it, in encrypted JSON. */
interface SpilledNotice {
  readonly capability: CallbackTarget;
  readonly body: string;
}

/**
 * Stores a notice in one round trip, and starts the job that processes it. If the database refuses, the key-value store
 * keeps the notice until {@link restoreSpilledNotices}. Errors: `DatabaseUnavailable` if both refuse; Daraja must then
 * not get an answer that says "accepted".
 */
export async function acceptNotice(
  services: Services,
  kv: KeyValue | null,
  target: CallbackTarget,
  body: string,
): Promise<void> {
  try {
    await services.jobs.storeFirst(() => storeNotice(services, target, body));
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable) || kv === null) throw error;
    await spillNotice(services, kv, { capability: target, body }, error);
  }
}

/** Stores a notice with its job, and starts the job. A copy of a known message only raises its count. */
async function storeNotice(services: Services, target: CallbackTarget, body: string): Promise<void> {
  const sealed = await sealNotice(services, target, body);
  const { job, statement } = services.jobs.insertLeased("notice", sealed.notice.id);
  const [, insertedJob] = await services.db.write([sealed.statement, statement]);
  if (insertedJob !== undefined && insertedJob.changes > 0) services.jobs.run(job, sealed.notice);
}

async function spillNotice(
  services: Services,
  kv: KeyValue,
  spilled: SpilledNotice,
  cause: DatabaseUnavailable,
): Promise<void> {
  const { kind, id } = spilled.capability;
  services.log.write("alert", "notice_spilled", { kind, subject: id });
  const sealed = await services.vault.seal(JSON.stringify(spilled), { table: "kv", column: SPILLED, row: id });
  const isKept = await kv.set([SPILLED, id, crypto.randomUUID()], sealed).catch(() => false);
  if (!isKept) throw cause;
}

/** Moves all spilled notices into the inbox. The sweep runs it; it is safe to run at any time, and twice. */
export async function restoreSpilledNotices(services: Services, kv: KeyValue): Promise<void> {
  let restoredAny: boolean;
  do {
    const entries = await kv.list([SPILLED], PAGE_SIZE);
    restoredAny = (await Promise.all(entries.map((entry) => restoreNotice(services, kv, entry)))).some(Boolean);
  } while (restoredAny); // entries that can't be decrypted stay, so the list does not become empty
}

async function restoreNotice(
  services: Services,
  kv: KeyValue,
  { key, value }: Awaited<ReturnType<KeyValue["list"]>>[number],
): Promise<boolean> {
  const spilled = await openSpilled(services, key, value);
  if (spilled === null) return false;
  await storeNotice(services, spilled.capability, spilled.body);
  await kv.delete(key);
  return true;
}

/** Null for an entry that can't be decrypted: it stays for a person to look at, and does not stop the others. */
async function openSpilled(
  services: Services,
  key: readonly string[],
  sealed: Uint8Array,
): Promise<SpilledNotice | null> {
  const row = key[1] ?? "";
  try {
    return JSON.parse(await services.vault.openText(sealed, { table: "kv", column: SPILLED, row }));
  } catch {
    services.log.write("alert", "spilled_notice_unreadable", { subject: row });
    return null;
  }
}
