import { z } from "zod";
import { type DoctorCheck, failed, passed } from "../doctor/report.ts";

/** The `deploy` block: the keys that both the editor's schema and the documentation of Deno Deploy know. */
const deployBlock = z.strictObject({
  org: z.string().optional(),
  app: z.string().optional(),
  install: z.string().optional(),
  build: z.string().optional(),
  predeploy: z.string(),
  runtime: z.strictObject({
    entrypoint: z.string(),
    args: z.array(z.string()).optional(),
    cwd: z.string().optional(),
  }),
  include: z.array(z.string()).optional(),
  exclude: z.array(z.string()).optional(),
});

/** What `deno task build` makes. A clone has it only after a build, and Deploy builds before it starts. */
const BUILD = "deno task build";
const BUNDLE = "dist/service/malipo.js";

const manifestSchema = z.object({ deploy: deployBlock, tasks: z.record(z.string(), z.string()) });

/** Checks the `deploy` block of deno.json: its keys, its entrypoint, and that migrations run before a deployment. */
export async function checkManifest(manifest: unknown, place: URL): Promise<DoctorCheck[]> {
  const read = manifestSchema.safeParse(manifest);
  if (!read.success) {
    const { path, message } = read.error.issues[0] ?? { path: ["deploy"], message: "missing" };
    return [failed("deno.json", `${path.join(".")}: ${message}.`, "Restore the deploy block of the release.")];
  }
  const { deploy, tasks } = read.data;
  const isBuilt = deploy.build === BUILD && deploy.runtime.entrypoint === BUNDLE;
  const entrypoint = isBuilt ? BUNDLE : await Deno.stat(new URL(deploy.runtime.entrypoint, place)).catch(() => null);
  const task = tasks[/^deno task (\S+)$/.exec(deploy.predeploy)?.[1] ?? ""];
  return [
    entrypoint === null
      ? failed("entrypoint", `${deploy.runtime.entrypoint} does not exist.`, "Restore deploy.runtime.entrypoint.")
      : passed("entrypoint", deploy.runtime.entrypoint),
    task?.includes("src/cli/migrate.ts") === true
      ? passed("predeploy", "Migrates the database, and stops the deployment if that fails.")
      : failed("predeploy", "Runs no migrations.", "Set deploy.predeploy to `deno task migrate`."),
  ];
}
