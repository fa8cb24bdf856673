import type { Config } from "../../config/config.ts";
import { type Database, DatabaseUnavailable } from "../../db/database.ts";
import { type Migration, status } from "../../db/migrator.ts";
import type { Clock, Store } from "../../platform/ports.ts";
import { type DoctorCheck, failed, passed, warned } from "./report.ts";

const TIMEOUT_MS = 10_000;
/** Daraja compares the time in the password of a push with its own clock. The allowed difference is not published. */
const MAX_CLOCK_SKEW_MS = 60_000;

/** Checks whether Daraja answers, and how far our clock differs from Daraja's. */
export async function checkDaraja({ daraja }: Config, clock: Clock, send: typeof fetch): Promise<DoctorCheck[]> {
  const url = `${daraja.baseUrl}/oauth/v1/generate?grant_type=client_credentials`;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const began = clock.now();
    const response = await send(url, { signal: abort.signal });
    const middle = (began + clock.now()) / 2;
    await response.body?.cancel();
    return [passed("daraja", `${daraja.baseUrl} answers.`), checkClock(response.headers.get("date"), middle)];
  } catch {
    return [
      failed(
        "daraja",
        `${daraja.baseUrl} does not answer.`,
        "Check DARAJA_BASE_URL, DNS, and that outgoing https is allowed.",
      ),
    ];
  } finally {
    clearTimeout(timer);
  }
}

function checkClock(date: string | null, now: number): DoctorCheck {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) {
    return warned("clock", "Daraja's answer names no time to compare with.", "Compare the clock by hand: date -u.");
  }
  const seconds = Math.round(Math.abs(now - theirs) / 1000);
  if (Math.abs(now - theirs) <= MAX_CLOCK_SKEW_MS) return passed("clock", `Within ${seconds} s of Daraja's.`);
  return failed(
    "clock",
    `${seconds} s away from Daraja's.`,
    "Set the clock by NTP: pushes carry the time in their password.",
  );
}

/** Checks whether the database answers and has the schema that this release expects. */
export async function checkDatabase(db: Database, migrations: readonly Migration[]): Promise<DoctorCheck[]> {
  try {
    const waiting = (await status(db, migrations)).filter(({ appliedAt }) => appliedAt === null);
    const names = waiting.map(({ name }) => name).join(", ");
    return [
      passed("database", "Answers."),
      waiting.length === 0
        ? passed("schema", "Is what this release expects.")
        : failed("schema", `Not applied: ${names}.`, "deno task migrate"),
    ];
  } catch (error) {
    const reason = error instanceof DatabaseUnavailable ? "does not answer" : (error as Error).message;
    return [failed("database", `The database ${reason}.`, "Check DATABASE_URL and DATABASE_AUTH_TOKEN.")];
  }
}

/** Checks whether the key-value store returns what was stored. */
export async function checkKv({ kv }: Config, store: Store): Promise<DoctorCheck> {
  if (kv.path === null) {
    return warned(
      "kv",
      "Not set up: timers wake jobs, and each process has a Daraja token of its own.",
      "Set KV_PATH.",
    );
  }
  const key = ["doctor", crypto.randomUUID()];
  const kept = await store.keyValue.set(key, Uint8Array.of(1), { expiresInMs: 60_000 }).catch(() => false);
  const { value } = await store.keyValue.get(key).catch(() => ({ value: null }));
  await store.keyValue.delete(key).catch(() => {});
  return kept && value?.[0] === 1
    ? passed("kv", "Keeps what is put into it.")
    : failed("kv", "Does not keep what is put into it.", "Check KV_PATH and the permissions of its folder.");
}
