import { untilStopped } from "../platform/deno.ts";
import { command, CommandFailed, UsageError } from "./frame/command.ts";
import { databaseUrl } from "./frame/database.ts";
import { logFileBeside } from "./logs/file.ts";
import { followedLines, linesOf } from "./logs/follow.ts";
import { LEVELS, lineForPeople, matches, parseLine } from "./logs/line.ts";

/** `logs`: the lines of the service's log, for people. */
export const logs = command({
  summary: "shows the service's log, and filters it",
  details: `Without FILE: the log that \`deno task dev\` writes beside its database. FILE can be - for standard input:
journalctl -u malipo -o cat | deno task malipo logs - --level warn`,
  words: ["[FILE]"],
  options: {
    follow: { help: "goes on with what is written from now on" },
    level: { value: LEVELS.join("|"), help: "this level and those above it" },
    event: { value: "NAME", help: "only events whose name begins so, such as request or daraja_call" },
    id: { value: "TEXT", help: "only lines that name this id, request id, route or shortcode" },
    last: { value: "N", help: "how many of the matching lines to begin with; 50 if left out" },
  },
  examples: ["--follow", "--level warn --follow", "--id chk_01kamcvdf2ej5s2k8sxw9ggk6p"],
  async run({ words: [path = logFileBeside(databaseUrl())], options, out }) {
    const filter = { level: options.level ?? "info", event: options.event ?? "", id: options.id ?? "" };
    if (!LEVELS.includes(filter.level)) throw new UsageError(`--level is one of ${LEVELS.join(", ")}.`);
    const last = Number(options.last ?? "50");
    if (!Number.isInteger(last) || last < 0) throw new UsageError("--last is a whole number from 0 up.");
    const show = (text: string) => {
      const line = parseLine(text);
      if (line !== null) console.log(out.json ? text : lineForPeople(line, out.paint));
    };
    const fits = (text: string) => {
      const line = parseLine(text);
      return line !== null && matches(line, text, filter);
    };
    if (path === "-") {
      for await (const text of linesOf(Deno.stdin.readable)) if (fits(text)) show(text);
      return;
    }
    const { kept, size } = await lastLines(path, last, fits);
    kept.forEach(show);
    if (options.follow !== true) return;
    const stop = new AbortController();
    const stopped = untilStopped();
    void stopped.signal.then(() => stop.abort());
    for await (const text of followedLines(path, size, stop.signal)) if (fits(text)) show(text);
  },
});

async function lastLines(path: string, most: number, fits: (text: string) => boolean) {
  const file = await Deno.open(path).catch(() => {
    throw new CommandFailed(
      `There is no log at ${path}. Name its file, or - for standard input; \`deno task dev\` writes one beside its database.`,
    );
  });
  const { size } = await file.stat();
  const kept: string[] = [];
  for await (const text of linesOf(file.readable)) {
    if (!fits(text)) continue;
    kept.push(text);
    if (kept.length > most) kept.shift();
  }
  return { kept, size };
}
