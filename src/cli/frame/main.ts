import { makeFilesPrivate } from "../../platform/deno/process.ts";
import { type Command, type Entry, type Group, UsageError } from "./command.ts";
import { reasonOf } from "./failure.ts";
import { commandHelp, groupHelp } from "./help.ts";
import { processOutput } from "./output.ts";
import { parse } from "./parse.ts";

const isHelp = (word: string | undefined): boolean => word === "--help" || word === "-h";

/** Runs what the arguments name, and returns the exit code: 0 done, 1 failed, 2 wrong use. `path` is how it is called. */
export async function execute(entry: Entry, path: string, args: readonly string[]): Promise<0 | 1 | 2> {
  const loaded = "load" in entry ? await entry.load() : entry;
  return "commands" in loaded ? await executeGroup(loaded, path, args) : await executeCommand(loaded, path, args);
}

async function executeGroup(group: Group, path: string, args: readonly string[]): Promise<0 | 1 | 2> {
  const [name] = args;
  const isNamed = name !== undefined && !name.startsWith("-");
  const chosen = isNamed && Object.hasOwn(group.commands, name) ? group.commands[name] : undefined;
  if (chosen !== undefined) return await execute(chosen, `${path} ${name}`, args.slice(1));
  if (isHelp(name)) {
    console.log(groupHelp(path, group));
    return 0;
  }
  const standard = group.default === undefined || isNamed ? undefined : group.commands[group.default];
  if (standard !== undefined) return await execute(standard, `${path} ${group.default}`, args);
  const names = Object.keys(group.commands).join(", ");
  const wrong = name === undefined ? "Name a command" : `There is no ${isNamed ? "command" : "option"} ${name} here`;
  console.error(`${wrong}: ${names}.\n\n${groupHelp(path, group)}`);
  return 2;
}

async function executeCommand(command: Command, path: string, args: readonly string[]): Promise<0 | 1 | 2> {
  const json = args.includes("--json");
  try {
    const { words, options, help } = parse(command, args);
    if (help) {
      console.log(commandHelp(path, command));
      return 0;
    }
    return await command.run({ words, options, out: processOutput(json) }) ?? 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const message = isUsage ? error.message : reasonOf(error);
    if (json) console.error(JSON.stringify({ error: message }));
    else console.error(isUsage ? `${message}\n\n${commandHelp(path, command)}` : message);
    return isUsage ? 2 : 1;
  }
}

/** Runs a task and ends the process with its exit code. The files that it makes can be read by their owner only. */
export async function runTask(entry: Entry, path: string): Promise<never> {
  makeFilesPrivate();
  Deno.exit(await execute(entry, path, Deno.args));
}
