import { type Fields, type Log, logLine } from "./log.ts";

/** Lines of one moment are written together: a write for each costs a request more than its JSON does. */
const GATHER_MS = 10;
const GATHER_MOST = 256;

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

/** One JSON line an event, on standard output: at once where it warns, else within 10 ms and before the process exits. */
export const jsonLog: Log = {
  write(level, event, fields: Fields = {}) {
    lines.push(logLine(new Date().toISOString(), level, event, fields));
    if (level !== "info" || lines.length >= GATHER_MOST) flush();
    else timer ??= setTimeout(flush, GATHER_MS);
  },
};

globalThis.addEventListener("unload", flush);
