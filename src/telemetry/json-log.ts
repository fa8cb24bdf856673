import { type Fields, type Log, logLine } from "./log.ts";

/** Lines are collected and written together, because one write takes longer than making the JSON of a line. */
const MAX_DELAY_MS = 10;
const MAX_LINES = 256;

let lines: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  if (lines.length === 0) return;
  const text = lines.join("\n");
  lines = [];
  console.log(text);
}

/** One JSON line for each event, on standard output. Warnings and errors are written at once, the rest within 10 ms and before the process exits. */
export const jsonLog: Log = {
  write(level, event, fields: Fields = {}) {
    lines.push(logLine(new Date().toISOString(), level, event, fields));
    if (level !== "info" || lines.length >= MAX_LINES) flush();
    else timer ??= setTimeout(flush, MAX_DELAY_MS);
  },
};

globalThis.addEventListener("unload", flush);
