import { command, CommandFailed, UsageError } from "./frame/command.ts";
import { databaseOption, databaseUrl } from "./frame/database.ts";
import { runTask } from "./frame/main.ts";
import { compare, type Comparison } from "./replay/compare.ts";
import { copyRequests } from "./replay/copy.ts";
import { inCopy } from "./replay/in-copy.ts";
import { replayNotices } from "./replay/notices.ts";

/** Replays the inbox of a database in a temporary copy without settlements. Errors: `Error` if a setting is missing or wrong. */
export const verify = (url: string, onProgress?: (done: number, total: number) => void): Promise<Comparison> =>
  inCopy(url, async ({ from, to, services, clock }) => {
    await copyRequests(from, to);
    const { texts, problems } = await replayNotices(from, services, clock, onProgress);
    const comparison = await compare(from, to, texts);
    return { ...comparison, differences: [...problems, ...comparison.differences] };
  });

/** `replay --verify`: compares the recorded payments with what their notices say. */
export const replay = command({
  summary: "processes every notice of received money again, in a copy, and compares the payments",
  details: "Changes nothing. Needs ENCRYPTION_KEYS, to decrypt the notices.",
  options: { verify: { help: "required: says that nothing is to be changed" }, ...databaseOption },
  examples: ["--verify"],
  async run({ options, out }) {
    if (options.verify !== true) throw new UsageError("Give --verify; there is no other replay.");
    const progress = out.progress("Notices");
    const { same, elsewhere, differences } = await verify(options.database ?? databaseUrl(), progress.update)
      .finally(progress.end);
    if (differences.length > 0) throw new CommandFailed(`The inbox tells otherwise:\n${differences.join("\n")}`);
    const text =
      `${same} payments are what their notices say; ${elsewhere} more were learnt by asking, and have no notice.`;
    out.record({ same, elsewhere, differences: 0 }, text);
  },
});

if (import.meta.main) await runTask(replay, "deno task replay");
