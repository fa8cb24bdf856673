/** Where a command writes to. */
export interface Output {
  /** Whether the user asked for JSON, one object a line. */
  readonly json: boolean;
  /** Whether standard output is a terminal, and JSON was not asked for. */
  readonly isTerminal: boolean;
  readonly paint: Paint;
  /** Writes a record: JSON with `--json`, else `text`. */
  record(value: unknown, text: string): void;
  /** Writes records as a table on a terminal, and as JSON, one object a line, elsewhere. Each value has the same keys. */
  table(rows: readonly Readonly<Record<string, unknown>>[], whenEmpty?: string): void;
  /** Writes a sentence for the user; with `--json` as `{"message": ...}`. */
  say(text: string): void;
  /** Writes to standard error. */
  warn(text: string): void;
  /**
   * Shows how far long work is, on standard error: on a terminal one line that changes and is gone at the `end`, elsewhere a
   * plain line every 5 seconds. With `--json` nothing.
   */
  progress(what: string): Progress;
}

export interface Progress {
  update(done: number, total?: number): void;
  end(): void;
}

export type Paint = Readonly<Record<Colour, (text: string) => string>>;
type Colour = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "cyan";

const codes: Readonly<Record<Colour, number>> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  cyan: 36,
};

/** Colours for a terminal; without one, and with NO_COLOR, text stays as it is. */
export function paintFor(isTerminal: boolean): Paint {
  const isColoured = isTerminal && !Deno.noColor;
  const entries = Object.entries(codes).map(([name, code]) => [
    name,
    (text: string) => isColoured ? `\x1b[${code}m${text}\x1b[0m` : text,
  ]);
  return Object.fromEntries(entries);
}

const PROGRESS_EACH_MS = 100;
const LINE_EACH_MS = 5_000;
const encoder = new TextEncoder();

/** The output of this process. */
export function processOutput(json: boolean): Output {
  const isTerminal = !json && Deno.stdout.isTerminal();
  const paint = paintFor(isTerminal);
  return {
    json,
    isTerminal,
    paint,
    record: (value, text) => console.log(json ? JSON.stringify(value) : text),
    table(rows, whenEmpty) {
      if (!isTerminal) { for (const row of rows) console.log(JSON.stringify(row)); }
      else if (rows.length > 0) console.log(tableOf(rows, paint));
      else if (whenEmpty !== undefined) console.log(whenEmpty);
    },
    say: (text) => console.log(json ? JSON.stringify({ message: text }) : text),
    warn: (text) => console.error(text),
    progress: (what) => json ? noProgress : progressOf(what, Deno.stderr.isTerminal()),
  };
}

const noProgress: Progress = { update: () => {}, end: () => {} };

/** Progress on standard error, for tasks that have no {@link Output}. */
export const progressOf = (what: string, isTerminal: boolean): Progress =>
  isTerminal ? terminalProgress(what) : plainProgress(what, (text) => console.error(text), () => performance.now());

const line = (what: string, done: number, total: number | undefined): string =>
  `${what}: ${done}${total === undefined || total === 0 ? "" : ` of ${total} (${Math.floor(100 * done / total)} %)`}`;

/** Plain lines, the first after 5 seconds: short work says nothing. */
export function plainProgress(what: string, write: (text: string) => void, now: () => number): Progress {
  let saidAt = now();
  return {
    update(done, total) {
      if (now() - saidAt < LINE_EACH_MS) return;
      saidAt = now();
      write(line(what, done, total));
    },
    end: () => {},
  };
}

function terminalProgress(what: string): Progress {
  const write = (text: string) => Deno.stderr.writeSync(encoder.encode(`\r\x1b[K${text}`));
  let shownAt = 0;
  return {
    update(done, total) {
      const now = performance.now();
      if (now - shownAt < PROGRESS_EACH_MS && done !== total) return;
      shownAt = now;
      write(line(what, done, total));
    },
    end: () => void write(""),
  };
}

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return "-";
  return typeof value === "object" ? (Array.isArray(value) ? value.join(" ") : JSON.stringify(value)) : String(value);
};

/** Rows in columns, with the keys of the first as the header. */
export function tableOf(rows: readonly Readonly<Record<string, unknown>>[], paint: Paint): string {
  const keys = Object.keys(rows[0] ?? {});
  const widths = keys.map((key) => Math.max(key.length, ...rows.map((row) => textOf(row[key]).length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => i === cells.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd();
  const body = rows.map((row) => line(keys.map((key) => textOf(row[key]))));
  return [paint.dim(line(keys.map((key) => key.toUpperCase()))), ...body].join("\n");
}
