import type { Services } from "../context/context.ts";
import type { Capability } from "../crypto/capability.ts";
import { DatabaseUnavailable } from "../db/database.ts";
import type { KeyValue } from "../platform/ports.ts";
import { notice } from "./inbox.ts";

const SPILLED = "spilled-notice";
const PAGE = 100;

interface Spilled {
  readonly capability: Capability;
  readonly body: string;
}

/**
 * Makes a notice durable, in one round trip, and starts the job that reads it. When the database refuses, the key-value
 * store keeps it until {@link carryOver}. Errors: `DatabaseUnavailable` when both refuse; then Daraja must not be told 0.
 */
export async function acceptNotice(
  services: Services,
  kv: KeyValue | null,
  capability: Capability,
  body: string,
): Promise<void> {
  try {
    await services.jobs.storeFirst(() => store(services, { capability, body }));
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable) || kv === null) throw error;
    await spill(services, kv, { capability, body }, error);
  }
}

/** Stores a notice with its job, and starts that; a copy is only counted. */
async function store(services: Services, { capability, body }: Spilled): Promise<void> {
  const stored = await notice(services, capability, body);
  const { job, statement } = services.jobs.insertLeased("notice", stored.notice.id);
  const [, born] = await services.db.write([stored.statement, statement]);
  if (born !== undefined && born.changes > 0) services.jobs.run(job, stored.notice);
}

async function spill(services: Services, kv: KeyValue, spilled: Spilled, cause: DatabaseUnavailable): Promise<void> {
  services.log.write("alert", "notice_spilled", { kind: spilled.capability.kind, subject: spilled.capability.id });
  const place = { table: "kv", column: SPILLED, row: spilled.capability.id };
  const sealed = await services.vault.seal(JSON.stringify(spilled), place);
  const kept = await kv.set([SPILLED, spilled.capability.id, crypto.randomUUID()], sealed).catch(() => false);
  if (!kept) throw cause;
}

/** Carries all spilled notices over into the inbox. Run by the sweep; safe to run at any time and twice. */
export async function carryOver(services: Services, kv: KeyValue): Promise<void> {
  let carried: boolean;
  do {
    const found = await kv.list([SPILLED], PAGE);
    carried = (await Promise.all(found.map((entry) => carry(services, kv, entry)))).some(Boolean);
  } while (carried); // what can't be opened stays, and is no reason to look again
}

async function carry(
  services: Services,
  kv: KeyValue,
  { key, value }: Awaited<ReturnType<KeyValue["list"]>>[number],
): Promise<boolean> {
  const spilled = await opened(services, key, value);
  if (spilled === null) return false;
  await store(services, spilled);
  await kv.delete(key);
  return true;
}

/** Null for one that can't be opened: it stays for a person, and holds up no other. */
async function opened(services: Services, key: readonly string[], sealed: Uint8Array): Promise<Spilled | null> {
  const row = key[1] ?? "";
  try {
    return JSON.parse(await services.vault.openText(sealed, { table: "kv", column: SPILLED, row }));
  } catch {
    services.log.write("alert", "spilled_notice_unreadable", { subject: row });
    return null;
  }
}
