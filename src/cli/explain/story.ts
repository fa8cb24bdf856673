import { nairobiDateTime } from "../../daraja/time.ts";
import type { Paint } from "../frame/output.ts";

/** A line of a timeline, as the API answers it. */
export interface StoryEntry {
  readonly at: string;
  readonly kind: string;
  readonly text: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const MOST_WIDTH = 84;
const colourOf = (kind: string): keyof Paint | null => {
  if (kind === "next" || kind.endsWith(".review") || kind.endsWith(".in_doubt")) return "yellow";
  if (kind.endsWith(".succeeded") || kind === "payment.received") return "green";
  return /\.(failed|expired|cancelled|rejected)$/.test(kind) ? "red" : null;
};

/** Each step with its time in Nairobi, in words, and what it is known from. */
export function storyLines(entries: readonly StoryEntry[], paint: Paint): string[] {
  const width = Math.min(MOST_WIDTH, Math.max(...entries.map(({ text }) => text.length)));
  return entries.map(({ at, kind, text, detail }) => {
    const colour = colourOf(kind);
    const time = nairobiDateTime(Date.parse(at)).slice(11);
    const line = text.padEnd(width);
    const evidence = evidenceOf(detail);
    const shown = colour === null ? line : paint[colour](line);
    return `  ${paint.dim(time)}  ${shown}${evidence === "" ? "" : `  ${paint.dim(evidence)}`}`.trimEnd();
  });
}

/** What the text says already. */
const SAID = ["type", "status", "kind"];

function evidenceOf(detail: StoryEntry["detail"]): string {
  const known = Object.entries(detail).filter(([name, value]) =>
    value !== null && value !== undefined && !SAID.includes(name) && !(name === "copies" && value === 1)
  );
  return known.map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`).join(
    ", ",
  );
}
