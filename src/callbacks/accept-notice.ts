import { z } from "zod";
import type { Services } from "../context/context.ts";
import type { CallbackKind } from "../crypto/capability.ts";
import { DatabaseUnavailable } from "../db/database.ts";
import type { KeyValue } from "../platform/ports.ts";
import { sealNotice } from "./inbox.ts";

const SPILLED = "spilled-notice";
/** Where entries are kept that can't be read. */
const SET_ASIDE = "spilled-notice-unreadable";
const PAGE_SIZE = 100;

/** The callback URL that a message came to: its kind, and the row that it is about. */
interface CallbackTarget {
  readonly kind: CallbackKind;
  readonly id: string;
  /** Whether it came from an address of Safaricom's; null: nobody looked. */
  readonly sourceKnown: boolean | null;
}

/** A message as the key-value store keeps it, in encrypted JSON. */
const spilledNotice = z.object({
  // A newer version may have stored a kind that this one does not know; then the inbox says that nobody reads it.
  capability: z.object({
    kind: z.string().min(1).transform((kind) => kind as CallbackKind),
    id: z.string().min(1),
    sourceKnown: z.boolean().nullable().default(null), // older versions did not look
  }),
  body: z.string(),
});
type SpilledNotice = z.infer<typeof spilledNotice>;

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
  const sealed = await sealNotice(services, target, body, target.sourceKnown);
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

/**
 * Moves all spilled notices into the inbox. The sweep runs it; it is safe to run at any time, and twice. An entry that
 * can't be read is moved to a list of its own, with an alert, so that it never stops the others. Each sweep tries that
 * list too: a key that was missing may be back.
 */
export async function restoreSpilledNotices(services: Services, kv: KeyValue): Promise<void> {
  await restorePage(services, kv, SET_ASIDE);
  while (await restorePage(services, kv, SPILLED) === PAGE_SIZE);
}

/** Returns how many entries the page had. */
async function restorePage(services: Services, kv: KeyValue, prefix: string): Promise<number> {
  const entries = await kv.list([prefix], PAGE_SIZE);
  const outcomes = await Promise.allSettled(entries.map((entry) => restoreNotice(services, kv, entry)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason; // the others of the page are stored; the next sweep goes on
  return entries.length;
}

async function restoreNotice(
  services: Services,
  kv: KeyValue,
  { key, value }: Awaited<ReturnType<KeyValue["list"]>>[number],
): Promise<void> {
  const spilled = await openSpilled(services, key, value);
  if (spilled === null) {
    if (key[0] === SET_ASIDE) return;
    services.log.write("alert", "spilled_notice_unreadable", { subject: key[1] ?? "" });
    await kv.set([SET_ASIDE, ...key.slice(1)], value);
  } else {
    await storeNotice(services, spilled.capability, spilled.body);
  }
  await kv.delete(key);
}

/** Null for an entry that can't be decrypted, or that is not a spilled notice. */
async function openSpilled(
  services: Services,
  key: readonly string[],
  sealed: Uint8Array,
): Promise<SpilledNotice | null> {
  try {
    const text = await services.vault.openText(sealed, { table: "kv", column: SPILLED, row: key[1] ?? "" });
    return spilledNotice.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
