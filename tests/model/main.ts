import { parseArgs } from "node:util";
import { historyOf } from "./generate.ts";
import type { History } from "./history.ts";
import { script } from "./print.ts";
import { explain, linesOf, verdict, verdictOf } from "./report.ts";
import { inTheatre, type Theatre } from "./theatre.ts";

/**
 * `deno task model --seed N --count M`: plays the histories of M seeds from N on. `--file F` plays a stored one. Ends
 * with code 1 where something is not allowed that KNOWN does not list.
 */
const { values } = parseArgs({
  args: Deno.args,
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "200" },
    file: { type: "string" },
  },
});
const seed = Number(values.seed);
const count = Number(values.count);
if (!Number.isInteger(seed) || !Number.isInteger(count) || seed < 0 || count < 1) {
  console.error("--seed and --count must be whole numbers");
  Deno.exit(2);
}

/** A service is replaced after this many histories, so that its database stays small. */
const HISTORIES_OF_A_SERVICE = 100;
/** Services at once: while one waits for its disk, another works. */
const LANES = 4;
const SHOWN_EACH_MS = 10_000;

const known = new Map<string, number[]>();
const explained = new Set<string>();
const started = performance.now();
let shown = started;
let failed = 0;
let played = 0;

if (values.file !== undefined) {
  const history: History = JSON.parse(await Deno.readTextFile(values.file));
  await inTheatre((theatre) => showOne(theatre, history));
} else if (count === 1) {
  await inTheatre((theatre) => showOne(theatre, historyOf(seed)));
} else {
  const chunks = Array.from(
    { length: Math.ceil(count / HISTORIES_OF_A_SERVICE) },
    (_, i) => seed + i * HISTORIES_OF_A_SERVICE,
  )
    .values();
  await Promise.all(Array.from({ length: LANES }, async () => {
    for (const from of chunks) {
      const to = Math.min(seed + count, from + HISTORIES_OF_A_SERVICE);
      await inTheatre((theatre) => playAll(theatre, from, to));
    }
  }));
  console.log(progress());
  for (const [item, seeds] of [...known].sort()) {
    console.log(`known ${item}: ${seeds.length} histories, such as ${seeds.slice(0, 8).join(" ")}`);
  }
}
Deno.exit(failed === 0 ? 0 : 1);

async function showOne(theatre: Theatre, history: History): Promise<void> {
  console.log(script(history));
  const violations = await theatre.violations(history);
  console.log(linesOf(violations).join("\n"));
  const { known, unknown } = verdictOf(violations, history);
  for (const { item, what } of known) console.log(`known ${item}: ${what}`);
  failed += unknown.length;
}

async function playAll(theatre: Theatre, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at++) {
    const { known: found, unknown } = await verdict(theatre, historyOf(at));
    played++;
    for (const item of new Set([...found].map((k) => k.item))) known.set(item, [...known.get(item) ?? [], at].sort());
    if (unknown.length > 0) failed++;
    for (const rule of new Set(unknown.map((v) => v.rule))) {
      if (explained.has(rule)) {
        console.log(`seed ${at} shows ${rule} too`);
        continue;
      }
      explained.add(rule); // shrinking takes a minute; once for each rule is enough
      console.log(await explain(theatre, at, rule));
    }
    if (performance.now() - shown > SHOWN_EACH_MS) {
      shown = performance.now();
      console.log(progress());
    }
  }
}

function progress(): string {
  const each = played / ((performance.now() - started) / 1_000);
  return `${played} of ${count} histories, ${each.toFixed(1)} a second, ${failed} with unknown violations`;
}
