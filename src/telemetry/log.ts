import { beginning } from "../lib/beginning.ts";

/** The fields of a log line besides its time, level and event. They can't use those three names, because a line has each key once. */
export type Fields = Readonly<Record<string, unknown>> & {
  readonly at?: never;
  readonly level?: never;
  readonly event?: never;
};

/** Structured logging: one line for each event. Fields never contain personal data or secrets. */
export interface Log {
  write(level: "info" | "warn" | "error" | "alert", event: string, fields?: Fields): void;
}

/** One line of the log, as JSON. `at` is in ISO 8601. */
export function logLine(at: string, level: string, event: string, fields: Fields): string {
  const more = JSON.stringify(fields); // a copy of the object with more keys would take much longer to serialize
  const head = `{"at":"${at}","level":"${level}","event":"${event}"`;
  return more === "{}" ? `${head}}` : `${head},${more.slice(1)}`;
}

const PHONE = /(?<![0-9a-z])(\+?254|0)([17])\d{5}(\d{3})(?![0-9a-z])/gi;

const MAX_READ = 4_096;
const MAX_TEXT = 500;

/** An error as text for a log line or a row: name and message, without the stack, phone numbers, ids of Daraja and tokens. At most 500 characters. */
export function errorText(error: unknown): string {
  const text = beginning(error instanceof Error ? `${error.name}: ${error.message}` : String(error), MAX_READ);
  return text.replace(PHONE, "$1$2•••••$3").replace(/ws_CO_\w+/g, "[checkout request id]")
    .replace(/\beyJ[\w-]+\.[\w.-]+/g, "[token]").replace(/[0-9a-f]{98}/g, "[capability]").slice(0, MAX_TEXT);
}
