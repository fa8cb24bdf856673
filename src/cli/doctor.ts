import { type Config, environmentNames, formatProblems, loadConfig } from "../config/config.ts";
import type { Log } from "../context/context.ts";
import { openDatabase } from "../db/open.ts";
import { loadMigrations } from "../platform/deno/migrations.ts";
import { openStore, readEnvironment, systemClock } from "../platform/deno.ts";
import { createServices } from "../app/services.ts";
import { command, CommandFailed } from "./frame/command.ts";
import { runTask } from "./frame/main.ts";
import { type DoctorCheck, failed, formatReport, passed } from "./doctor/report.ts";
import { checkShortcodes } from "./doctor/shortcodes.ts";
import { checkAddress, checkDaraja, checkDatabase, checkKv } from "./doctor/surroundings.ts";

interface DoctorOptions {
  readonly numbers: readonly string[];
  readonly urls: boolean;
}

/** Runs all checks: everything that can be wrong before the first payment. */
async function runChecks(config: Config, { numbers, urls }: DoctorOptions): Promise<DoctorCheck[]> {
  const quiet: Log = { write: () => {} };
  const checks: DoctorCheck[] = [passed("settings", `Complete, for ${config.environment}.`), checkAddress(config)];
  checks.push(...await checkDaraja(config, systemClock, fetch));
  const store = await openStore({ path: config.kv.path, hasQueue: config.deployment === null }, systemClock, quiet);
  const db = await openDatabase(config.database.url, config.database.authToken ?? undefined).catch(() => null);
  try {
    checks.push(await checkKv(config, store));
    if (db === null) {
      return [...checks, failed("database", "Can't be opened.", "Check DATABASE_URL and DATABASE_AUTH_TOKEN.")];
    }
    const stored = await checkDatabase(db, await loadMigrations());
    checks.push(...stored);
    if (stored.some(({ ok }) => ok === false)) return checks;
    const { keyValue: kv, queue } = store;
    const services = await createServices({ config, clock: systemClock, db, kv, queue, log: quiet, fetch });
    checks.push(...await checkShortcodes(services, numbers, urls));
    services.daraja.close?.();
    return checks;
  } finally {
    store.close();
    await db?.close();
  }
}

/** `doctor`: everything that can be wrong before the first payment, with what to do about it. */
export const doctor = command({
  summary: "checks settings, clock, stores, Daraja, and all shortcodes or those named",
  details: "Exits with 1 if anything is wrong. Moves no money and rings no phone.",
  words: ["[NUMBER...]"],
  options: { urls: { help: "lists the C2B callback addresses too; they are secret" } },
  async run({ words, options, out }) {
    const env = readEnvironment(environmentNames);
    const loaded = loadConfig(env, env["APP_ENV"] ? "start" : "development");
    if (!loaded.ok) throw new CommandFailed(formatProblems(loaded.problems));
    const checks = await runChecks(loaded.config, { numbers: words, urls: options.urls === true });
    out.record(checks, formatReport(checks));
    return checks.some(({ ok }) => ok === false) ? 1 : 0;
  },
});

if (import.meta.main) await runTask(doctor, "deno task doctor");
