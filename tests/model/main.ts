import { taskOptions } from "../../src/cli/frame/task.ts";
import { type Chunk, chunksOf, explainSeed, type Played } from "./chunk.ts";
import { historyOf } from "./generate.ts";
import type { History } from "./history.ts";
import { script } from "./print.ts";
import { linesOf, verdictOf } from "./report.ts";
import { inTheatre, type Theatre } from "./theatre.ts";
import type { Report } from "./worker.ts";

/** `deno task model`: histories of money, played and judged. */
const values = taskOptions("deno task model", {
  summary: "plays random histories of money against a model of what is allowed, on all cores",
  details: "Ends with code 1 where something is not allowed that KNOWN does not list.",
  options: {
    seed: { value: "N", help: "the first seed; 1 if left out" },
    count: { value: "M", help: "how many seeds; 200 if left out" },
    file: { value: "FILE", help: "plays a stored history instead" },
    brief: { help: "names the failing seeds without their shortest histories" },
  },
});
const seed = Number(values.seed ?? "1");
const count = Number(values.count ?? "200");
if (!Number.isInteger(seed) || !Number.isInteger(count) || seed < 0 || count < 1) {
  console.error("--seed and --count must be whole numbers");
  Deno.exit(2);
}

/** A service is replaced after this many histories, so that its database stays small. */
const HISTORIES_OF_A_SERVICE = 50;
/** Each has one service at a time, for the services of one process share what makes their ids. */
const WORKERS = navigator.hardwareConcurrency;
const SHOWN_EACH_MS = 10_000;

const known = new Map<string, number[]>();
/** The first seed that shows each rule. */
const firstOf = new Map<string, number>();
const started = performance.now();
let shown = started;
let failed = 0;
let played = 0;

if (values.file !== undefined) {
  const history: History = JSON.parse(await Deno.readTextFile(values.file));
  await inTheatre((theatre) => showOne(theatre, history));
} else if (count === 1) {
  await inTheatre((theatre) => showOne(theatre, historyOf(seed), seed), { seed });
} else {
  await playAll();
  console.log(progress());
  for (const [item, seeds] of [...known].sort()) {
    console.log(`known ${item}: ${seeds.length} histories, such as ${seeds.slice(0, 8).join(" ")}`);
  }
  if (!values.brief) { for (const [rule, at] of firstOf) console.log(await explainSeed(at, rule)); }
}
Deno.exit(failed === 0 ? 0 : 1);

async function showOne(theatre: Theatre, history: History, seed?: number): Promise<void> {
  console.log(script(history));
  const violations = await theatre.violations(history, seed);
  console.log(linesOf(violations).join("\n"));
  const { known, unknown } = verdictOf(violations, history);
  for (const { item, what } of known) console.log(`known ${item}: ${what}`);
  failed += unknown.length;
}

async function playAll(): Promise<void> {
  const chunks = chunksOf(seed, count, HISTORIES_OF_A_SERVICE).values();
  await Promise.all(Array.from({ length: WORKERS }, () => playOnWorker(chunks)));
}

/** One worker, which plays one chunk after the other. */
async function playOnWorker(chunks: Iterator<Chunk>): Promise<void> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const next = () => {
    const { value, done } = chunks.next();
    if (done === true) resolve();
    else worker.postMessage(value);
  };
  worker.onerror = (event) => reject(new Error(event.message));
  worker.onmessage = ({ data }: MessageEvent<Report>) => {
    if (data === null) next();
    else note(data);
  };
  next();
  await promise;
  worker.terminate();
}

function note({ seed: at, known: items, unknown }: Played): void {
  played++;
  for (const item of items) known.set(item, [...known.get(item) ?? [], at].sort((a, b) => a - b));
  if (unknown.length > 0) {
    failed++;
    console.log(`seed ${at} shows ${unknown.join(", ")}`);
  }
  for (const rule of unknown) firstOf.set(rule, Math.min(at, firstOf.get(rule) ?? Infinity));
  if (performance.now() - shown > SHOWN_EACH_MS) {
    shown = performance.now();
    console.log(progress());
  }
}

function progress(): string {
  const each = played / ((performance.now() - started) / 1_000);
  return `${played} of ${count} histories, ${each.toFixed(1)} a second, ${failed} with unknown violations`;
}
