import { command, type Given, type Options, UsageError } from "./command.ts";
import { commandHelp } from "./help.ts";
import { parse } from "./parse.ts";

/** What a task that is a script says of itself. */
interface About<O extends Options> {
  readonly summary: string;
  readonly details?: string;
  readonly options?: O;
  readonly examples?: readonly string[];
}

/**
 * The options of a task that is a script with top-level code. `--help` prints its help and ends the process with 0, an
 * unknown option with 2.
 */
export function taskOptions<const O extends Options = Record<never, never>>(path: string, about: About<O>): Given<O> {
  const described = command({ ...about, run: () => Promise.resolve() });
  const help = commandHelp(path, described, { json: false });
  try {
    const { options, help: asked } = parse(described, Deno.args);
    if (!asked) return options as Given<O>; // parsed by these very options
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return refuse(error.message, help);
  }
  console.log(help);
  Deno.exit(0);
}

/** Ends the process with 2, after a message and the help of the task. */
function refuse(message: string, help: string): never {
  console.error(`${message}\n\n${help}`);
  Deno.exit(2);
}
