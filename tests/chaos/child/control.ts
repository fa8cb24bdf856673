/** What the harness tells the API's process, one JSON line each on its standard input. */
export interface Command {
  readonly do: "refuse";
  readonly table: string;
  readonly until: number;
}

/** A place where the process kills itself, the `nth` time it gets there. */
export interface CrashPoint {
  readonly when: "before" | "after";
  /** A batch that holds this SQL, or a call to Daraja whose path holds this. */
  readonly what: "write" | "daraja";
  readonly match: string;
  readonly nth: number;
}

/** What the process is started with, as JSON in `CHAOS`. */
export interface Orders {
  /** The file that says how far (ms) its clock is ahead of the machine's, read at each look at the clock. Null: not at all. */
  readonly clockFile: string | null;
  readonly crash: CrashPoint | null;
  /** A table that refuses writes until a time (ms, the machine's clock). */
  readonly refuse: { readonly table: string; readonly until: number } | null;
  readonly sabotage: string | null;
}
