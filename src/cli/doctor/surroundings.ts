import type { Config } from "../../config/config.ts";
import { type Database, DatabaseUnavailable } from "../../db/database.ts";
import { type Migration, status } from "../../db/migrator.ts";
import type { Clock, Store } from "../../platform/ports.ts";
import { objectionTo } from "../../domain/shortcodes/urls.ts";
import { good, type Look, open, wrong } from "./report.ts";

const TIMEOUT_MS = 10_000;
/** Daraja compares the time inside a push's password with its own; by how much they may differ is not published. */
const SKEW_MS = 60_000;

/** Whether Daraja answers, and how far our clock is from its. */
export async function lookAtDaraja({ daraja }: Config, clock: Clock, send: typeof fetch): Promise<Look[]> {
  const url = `${daraja.baseUrl}/oauth/v1/generate?grant_type=client_credentials`;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const began = clock.now();
    const response = await send(url, { signal: abort.signal });
    const middle = (began + clock.now()) / 2;
    await response.body?.cancel();
    return [good("daraja", `${daraja.baseUrl} answers.`), clockLook(response.headers.get("date"), middle)];
  } catch {
    return [
      wrong(
        "daraja",
        `${daraja.baseUrl} does not answer.`,
        "Check DARAJA_BASE_URL, DNS, and that outgoing https is allowed.",
      ),
    ];
  } finally {
    clearTimeout(timer);
  }
}

function clockLook(date: string | null, now: number): Look {
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return open("clock", "Daraja's answer names no time to compare with.", null);
  const seconds = Math.round(Math.abs(now - theirs) / 1000);
  if (Math.abs(now - theirs) <= SKEW_MS) return good("clock", `Within ${seconds} s of Daraja's.`);
  return wrong(
    "clock",
    `${seconds} s away from Daraja's.`,
    "Set the clock by NTP: pushes carry the time in their password.",
  );
}

/** Whether Daraja can call us. */
export function lookAtAddress({ server, daraja }: Config): Look {
  const objection = daraja.simulated ? null : objectionTo(server.publicUrl);
  return objection === null ? good("address", `Callbacks come to ${server.publicUrl}.`) : wrong(
    "address",
    `Daraja will not call ${server.publicUrl}: ${objection}.`,
    "Set PUBLIC_URL to the https origin at which this service is reached from outside.",
  );
}

/** Whether the database answers and has the schema that this release expects. */
export async function lookAtDatabase(db: Database, migrations: readonly Migration[]): Promise<Look[]> {
  try {
    const waiting = (await status(db, migrations)).filter(({ appliedAt }) => appliedAt === null);
    const names = waiting.map(({ name }) => name).join(", ");
    return [
      good("database", "Answers."),
      waiting.length === 0
        ? good("schema", "Is what this release expects.")
        : wrong("schema", `Not applied: ${names}.`, "deno task migrate"),
    ];
  } catch (error) {
    const reason = error instanceof DatabaseUnavailable ? "does not answer" : (error as Error).message;
    return [wrong("database", `The database ${reason}.`, "Check DATABASE_URL and DATABASE_AUTH_TOKEN.")];
  }
}

/** Whether the key-value store keeps what is put into it. */
export async function lookAtKv({ kv }: Config, store: Store): Promise<Look> {
  if (kv.path === null) {
    return open("kv", "Not set up: timers wake jobs, and each process has a Daraja token of its own.", "Set KV_PATH.");
  }
  const key = ["doctor", crypto.randomUUID()];
  const kept = await store.keyValue.set(key, Uint8Array.of(1), { expiresInMs: 60_000 }).catch(() => false);
  const { value } = await store.keyValue.get(key).catch(() => ({ value: null }));
  await store.keyValue.delete(key).catch(() => {});
  return kept && value?.[0] === 1
    ? good("kv", "Keeps what is put into it.")
    : wrong("kv", "Does not keep what is put into it.", "Check KV_PATH and the permissions of its folder.");
}
