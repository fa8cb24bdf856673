import { command, CommandFailed, type Group, UsageError } from "./frame/command.ts";
import { runTask } from "./frame/main.ts";
import { type Stores, withStores } from "./frame/stores.ts";
import { acceptTrail, reportLines, type Trail, verifyTrail } from "./audit/trail.ts";

const trailOf = ({ config, db, kv, clock }: Stores): Trail => ({ db, kv, clock, keys: config.keys.signing });

const verify = command({
  summary: "follows the chain of every merchant, and names entries that were changed, removed, added or moved",
  details: "Compares the chains with the anchors in the key-value store. Exits with 1 if anything was changed.",
  options: { anchors: { value: "FILE", help: "also compares the anchors in a log of the service (lines of JSON)" } },
  examples: ["", "--anchors /var/log/malipo.log"],
  async run({ options, out }) {
    const log = options.anchors === undefined ? [] : await readLines(options.anchors);
    return await withStores(async (stores) => {
      if (!stores.hasKv) out.warn("KV_PATH names no store, so only anchors of a log are compared.");
      const report = await verifyTrail(trailOf(stores), log);
      out.record(report, reportLines(report).join("\n"));
      return report.isWhole ? 0 : 1;
    });
  },
});

const accept = command({
  summary: "accepts that the database is behind its anchors, as after a restore from a backup",
  details: "Anchors each such chain as it is now, and records who did it and why in its audit trail.",
  options: { because: { value: "REASON", help: "why; required" }, by: { value: "NAME", help: "who; default: cli" } },
  examples: ['--because "restored from the backup of 1 December"'],
  async run({ options, out }) {
    const { because = "", by = "cli" } = options;
    if (because.trim() === "") throw new UsageError("Say why with --because.");
    const accepted = await withStores((stores) => acceptTrail(trailOf(stores), by, because));
    out.record({ accepted }, accepted.length === 0 ? "There was nothing to accept." : accepted.join("\n"));
  },
});

async function readLines(path: string): Promise<readonly string[]> {
  try {
    return (await Deno.readTextFile(path)).split("\n");
  } catch (error) {
    throw new CommandFailed(`${path} can't be read: ${(error as Error).message}`);
  }
}

/** `audit`: whether the audit trail was changed. */
export const audit: Group = {
  summary: "whether the audit trail was changed",
  commands: { verify, accept },
  default: "verify",
};

if (import.meta.main) await runTask(audit, "deno task malipo audit");
