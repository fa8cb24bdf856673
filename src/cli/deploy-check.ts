import { loadConfig, settingNames } from "../config/config.ts";
import { DatabaseUnavailable } from "../db/database.ts";
import { openDatabase } from "../db/open.ts";
import { checkTimeline } from "../db/timeline-owner.ts";
import { loadMigrations } from "../platform/deno/migrations.ts";
import { readEnvironment } from "../platform/deno.ts";
import { command } from "./frame/command.ts";
import { runTask } from "./frame/main.ts";
import { checkManifest } from "./deploy-check/manifest.ts";
import { checkAddress } from "./doctor/address.ts";
import { type DoctorCheck, failed, formatReport, isWrong, passed } from "./doctor/report.ts";
import { checkDatabase } from "./doctor/surroundings.ts";

const MANIFEST = new URL("../../deno.json", import.meta.url);

async function runChecks(): Promise<DoctorCheck[]> {
  const env = { ...readEnvironment(settingNames), DENO_DEPLOY: "1", DENO_TIMELINE: "production" };
  const checks = await checkManifest(JSON.parse(await Deno.readTextFile(MANIFEST)), MANIFEST);
  const loaded = loadConfig(env, "start");
  if (!loaded.ok) {
    const missing = loaded.problems.map(({ name, problem, expected }) =>
      failed(name, `${problem}.`, `Set it in the Production context of the app. Expected: ${expected}.`)
    );
    return [...checks, ...missing];
  }
  const { config } = loaded;
  checks.push(passed("settings", `Complete, for ${config.environment}.`), checkAddress(config));
  if (config.kv.path !== "default") {
    checks.push(
      failed("KV_PATH", "Deno Deploy has no files that last.", "Remove KV_PATH, and link a KV database to the app."),
    );
  }
  if (config.database.url.startsWith("file:")) {
    const remedy = "Set DATABASE_URL to a libSQL server, such as libsql://NAME.turso.io.";
    return [...checks, failed("database", "A file is lost when Deploy stops the process.", remedy)];
  }
  return [...checks, ...await checkStored(config.database)];
}

/** A schema that lacks migrations is right here: the predeploy command applies them. */
async function checkStored({ url, authToken }: { url: string; authToken: string | null }): Promise<DoctorCheck[]> {
  const db = await openDatabase(url, authToken ?? undefined);
  try {
    const found = await checkDatabase(db, await loadMigrations());
    const answers = found.filter(({ of }) => of === "database");
    if (answers.some(isWrong)) return answers;
    await checkTimeline(db, "production");
    const waits = found.find((check) => check.of === "schema" && isWrong(check));
    return [
      ...answers,
      passed("schema", waits === undefined ? "Up to date." : `${waits.detail} predeploy applies them.`),
    ];
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return [failed("database", "Does not answer.", "Check DATABASE_URL.")];
    return [failed("timeline", (error as Error).message, "Set another DATABASE_URL in the Production context.")];
  } finally {
    await db.close();
  }
}

/** `deploy:check`: what is missing before a deployment on Deno Deploy. */
export const deployCheck = command({
  summary: "says what is missing before a deployment on Deno Deploy",
  details:
    `It reads deno.json, the settings of the environment as the production timeline would have them, and the database.
Exits with 1 if anything is missing. It changes nothing.`,
  async run({ out }) {
    const checks = await runChecks();
    out.record(checks, formatReport(checks, out.paint));
    return checks.some(isWrong) ? 1 : 0;
  },
});

if (import.meta.main) await runTask(deployCheck, "deno task deploy:check");
