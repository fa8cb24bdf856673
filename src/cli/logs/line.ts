import { nairobiDateTime } from "../../daraja/time.ts";
import type { Paint } from "../frame/output.ts";

/** A line of the service's log. */
export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly at: string;
  readonly level: string;
  readonly event: string;
}

/** The levels, from the quietest. */
export const LEVELS: readonly string[] = ["info", "warn", "error", "alert"];

/** A line of the log as it was written, or null where the text is none. */
export function parseLine(text: string): LogLine | null {
  if (!text.startsWith("{")) return null;
  try {
    const line = JSON.parse(text);
    const isLine = typeof line?.at === "string" && typeof line.level === "string" && typeof line.event === "string";
    return isLine ? line : null;
  } catch {
    return null;
  }
}

/** What `logs` shows. */
export interface LogFilter {
  /** This level and those above it. */
  readonly level: string;
  /** The beginning of the event's name. */
  readonly event: string;
  /** A text that one of the fields has: an id, a request's id, a route. */
  readonly id: string;
}

export function matches(line: LogLine, text: string, { level, event, id }: LogFilter): boolean {
  return LEVELS.indexOf(line.level) >= LEVELS.indexOf(level) && line.event.startsWith(event) &&
    (id === "" || text.includes(id));
}

const levelColours: Readonly<Record<string, keyof Paint>> = { warn: "yellow", error: "red", alert: "red" };
const statusColour = (status: number): keyof Paint => status < 300 ? "green" : status < 500 ? "yellow" : "red";
/** Fields of a request's line that its beginning says already, or that only a machine needs. */
const SAID = ["at", "level", "event", "method", "route", "status", "ms", "request_id"];

/** One line for people: a request as method, route, status and time; anything else as its event and fields. */
export function lineForPeople(line: LogLine, paint: Paint): string {
  const { at, level, event, method, route, status, ms } = line;
  const time = paint.dim(nairobiDateTime(Date.parse(at)).slice(11));
  if (event === "request" && typeof status === "number") {
    const code = paint[statusColour(status)](String(status));
    const head = `${String(method).padEnd(6)} ${String(route).padEnd(34)}`;
    return `${time}  ${head} ${code} ${paint.dim(`${ms} ms`.padStart(8))}  ${paint.dim(fieldsOf(line, SAID))}`
      .trimEnd();
  }
  const colour = levelColours[level];
  const name = event.padEnd(41);
  const shown = colour === undefined ? name : paint[colour](`${level} ${event}`.padEnd(41));
  return `${time}  ${shown} ${paint.dim(fieldsOf(line, ["at", "level", "event"]))}`.trimEnd();
}

function fieldsOf(line: LogLine, without: readonly string[]): string {
  const fields = Object.entries(line).filter(([name, value]) => !without.includes(name) && value !== null);
  return fields.map(([name, value]) => `${name}=${typeof value === "object" ? JSON.stringify(value) : value}`).join(
    " ",
  );
}
