import { mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { jsonLog } from "../../telemetry/json-log.ts";
import { type Fields, type Log, logLine } from "../../telemetry/log.ts";
import { paintFor } from "../frame/output.ts";
import { lineForPeople, parseLine } from "./line.ts";

/** A file that is larger at the start is put aside, so that a developer's disk does not fill. */
const MOST_BYTES = 20 * 1_048_576;
const encoder = new TextEncoder();

/**
 * The log of development. On a terminal it is one coloured line for each warning and each request, without the reads of
 * `malipo listen`; elsewhere it is JSON. Every line goes to the file `path` as JSON too, for `malipo logs`.
 */
export function createDevLog(path: string): Log {
  const file = openFile(path);
  const isTerminal = Deno.stdout.isTerminal();
  const paint = paintFor(isTerminal);
  return {
    write(level, event, fields = {}) {
      const text = logLine(new Date().toISOString(), level, event, fields);
      file?.writeSync(encoder.encode(`${text}\n`));
      if (!isTerminal) return jsonLog.write(level, event, fields);
      const line = level !== "info" || (event === "request" && !isListening(fields)) ? parseLine(text) : null;
      if (line !== null) console.log(lineForPeople(line, paint));
    },
  };
}

/** `malipo listen` reads the events twice a second. */
const isListening = ({ method, route, status }: Fields): boolean =>
  method === "GET" && route === "/v1/events" && status === 200;

function openFile(path: string): Deno.FsFile | null {
  try {
    mkdirSync(dirname(path), { recursive: true });
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MOST_BYTES) renameSync(path, `${path}.1`);
    return Deno.openSync(path, { append: true, create: true });
  } catch {
    return null; // development goes on without the file
  }
}
