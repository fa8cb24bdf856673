/** One measured thing, and what it should reach. */
export interface Figure {
  readonly name: string;
  /** Where it was measured: `file`, `sqld`, `sqld x2`, or empty. */
  readonly on: string;
  readonly value: number;
  /** `/s`, `ms`, `MiB`, `ratio`, `round trips`, ... */
  readonly unit: string;
  readonly goal?: { readonly least: number } | { readonly most: number };
  /** What stands beside it: the floor's figure, the spread of the runs. */
  readonly note?: string;
}

/** Whether a figure reaches its goal; null where it has none. */
export function reached({ value, goal }: Figure): boolean | null {
  if (goal === undefined) return null;
  return "least" in goal ? value >= goal.least : value <= goal.most;
}

/** The middle of a list; of an even number the lower one. */
export function median(list: readonly number[]): number {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

const digits = (value: number): string =>
  !Number.isFinite(value) ? String(value) : Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);

/** Figures as a table with pass marks, for a terminal and for docs alike. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { goal } = figure;
    const mark = reached(figure);
    const asked = goal === undefined ? "" : "least" in goal ? `>= ${goal.least}` : `<= ${goal.most}`;
    const value = `${digits(figure.value)} ${figure.unit}`;
    return [figure.name, figure.on, value, asked, mark === null ? "" : mark ? "pass" : "MISSED", figure.note ?? ""];
  });
  const head = ["what", "on", "figure", "goal", "", "beside it"];
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join("\n");
}
