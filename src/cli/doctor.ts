import { type Config, environmentNames, formatProblems, loadConfig } from "../config/config.ts";
import { openDatabase } from "../db/open.ts";
import { openStore, readEnvironment, systemClock } from "../platform/deno.ts";
import { loadMigrations } from "../platform/deno/migrations.ts";
import { examine, type Wanted } from "./doctor/examine.ts";
import { thisMachine } from "./doctor/host.ts";
import { createOutside } from "./doctor/outside.ts";
import { type DoctorCheck, formatReport, isWrong } from "./doctor/report.ts";
import { command, CommandFailed } from "./frame/command.ts";
import { runTask } from "./frame/main.ts";

async function runChecks(config: Config, wanted: Wanted): Promise<DoctorCheck[]> {
  const place = { path: config.kv.path, hasQueue: config.deployment === null };
  const store = await openStore(place, systemClock, { write: () => {} });
  const db = await openDatabase(config.database.url, config.database.authToken ?? undefined).catch(() => null);
  try {
    const migrations = await loadMigrations();
    const outside = createOutside(config);
    return await examine(
      { config, clock: systemClock, fetch, outside, machine: thisMachine, store, db, migrations },
      wanted,
    );
  } finally {
    store.close();
    await db?.close();
  }
}

/** `doctor`: everything that can be wrong with an installation, with what to do about it. */
export const doctor = command({
  summary: "says what is wrong with this installation, and what to do",
  details:
    `It checks settings, the public address and the way to it, Daraja and the clock, files, stores, migrations, jobs, cron,
webhooks, and all shortcodes or those named. Each line is ok, warn or fail. Ends with 1 if one fails. Moves no money and
rings no phone.`,
  words: ["[NUMBER...]"],
  options: { urls: { help: "lists the C2B callback addresses too; they are secret" } },
  examples: ["", "600000 --urls"],
  async run({ words, options, out }) {
    const env = readEnvironment(environmentNames);
    const loaded = loadConfig(env, env["APP_ENV"] ? "start" : "development");
    if (!loaded.ok) throw new CommandFailed(formatProblems(loaded.problems));
    const checks = await runChecks(loaded.config, { numbers: words, urls: options.urls === true });
    out.record(checks, formatReport(checks, out.paint));
    return checks.some(isWrong) ? 1 : 0;
  },
});

if (import.meta.main) await runTask(doctor, "deno task doctor");
