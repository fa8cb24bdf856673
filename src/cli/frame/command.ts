import type { Output } from "./output.ts";

/** An option with a value, such as `--to URL`. */
export interface TextOption {
  /** What stands for the value in the help, such as `URL`. */
  readonly value: string;
  readonly help: string;
}

/** An option without a value. */
export interface FlagOption {
  readonly help: string;
}

export type Options = Readonly<Record<string, TextOption | FlagOption>>;

/** The options that were given. */
export type Given<O extends Options> = { readonly [K in keyof O]?: O[K] extends TextOption ? string : true };

/** What a command is called with. */
export interface Call<G = Readonly<Record<string, string | true>>> {
  readonly words: readonly string[];
  readonly options: G;
  readonly out: Output;
}

/**
 * A command that runs. It ends well (exit code 0), throws {@link CommandFailed} or any other error (1), or throws
 * {@link UsageError} (2). It returns 1 where its output says already what is wrong.
 */
export interface Command {
  /** One sentence for the list of commands. */
  readonly summary: string;
  /** What else the reader of `--help` should know. */
  readonly details?: string;
  /** The words after the name: `ID` is required, `[FILE]` may be left out, and `SCOPE...` stands for one or more. */
  readonly words?: readonly string[];
  readonly options: Options;
  /** Each is what follows the name of the command. */
  readonly examples?: readonly string[];
  readonly run: (call: Call) => Promise<void | 0 | 1>;
}

/** Commands under one name, such as `merchants create` and `merchants list`. */
export interface Group {
  readonly summary: string;
  readonly details?: string;
  readonly commands: Readonly<Record<string, Entry>>;
  /** The command that runs where none is named. */
  readonly default?: string;
  readonly examples?: readonly string[];
}

/** A command or group that is loaded only when it is called. */
export interface Later {
  readonly summary: string;
  readonly load: () => Promise<Command | Group>;
}

export type Entry = Command | Group | Later;

/** A command whose `run` knows the types of its options. */
export function command<const O extends Options = Record<never, never>>(
  definition: Omit<Command, "options" | "run"> & {
    readonly options?: O;
    readonly run: (call: Call<Given<O>>) => Promise<void | 0 | 1>;
  },
): Command {
  const { options, run } = definition;
  return {
    ...definition,
    options: options ?? {},
    run: (call) => run(call as Call<Given<O>>), // parsed by these very options
  };
}

/** A wrong use of the command: exit code 2. The message says what was wrong and what was expected. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The command could not do its work: exit code 1. The message says why, and what to do. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
}
