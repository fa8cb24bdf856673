import { verify } from "../../src/cli/replay.ts";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../src/cli/seed.ts";
import { openDatabase } from "../../src/db/open.ts";
import { findDifferences } from "../../src/domain/ledger/find-differences.ts";
import { leaksIn } from "../support/logs.ts";
import { troubleClock } from "./faults/clock.ts";
import { Life } from "./faults/life.ts";
import { troubleStores } from "./faults/stores.ts";
import type { Options } from "./options.ts";
import { judgeCollections } from "./oracle/collections.ts";
import { gather } from "./oracle/evidence.ts";
import { judgeHeld } from "./oracle/held.ts";
import { history } from "./oracle/history.ts";
import { judgePayouts } from "./oracle/payouts.ts";
import { judgeAnswers, judgeEvents, judgeInbox, judgeStillness } from "./oracle/promises.ts";
import { settleDown } from "./oracle/quiet.ts";
import { readRows, type Rows } from "./oracle/rows.ts";
import { Verdict } from "./oracle/verdict.ts";
import { report } from "./report.ts";
import { setStage, type Stage } from "./stage.ts";
import { progress, sleep } from "./tally.ts";
import { Storefront } from "./traffic/client.ts";
import { Ledger } from "./traffic/ledger.ts";
import { onlyCallbackTells } from "./traffic/scenarios.ts";
import { runTraffic, type Scene } from "./traffic/traffic.ts";

/** Traffic and faults end after this time whatever they did: the machine is too slow for a chaos run, or it hangs. */
const MOST_SECONDS = 240;
const LOOK_MS = 100;

export interface Outcome {
  readonly good: boolean;
  readonly verdict: Verdict;
  readonly faults: number;
  readonly kinds: number;
  readonly operations: number;
  /** The table, and what tells how the first wrong came. */
  readonly text: string;
}

/** One run: traffic under faults, then peace, then the comparison with the books. */
export async function chaos(options: Options): Promise<Outcome> {
  const stage = await setStage(options);
  const life = new Life(stage);
  try {
    await life.ready();
    const scene: Scene = {
      stage,
      shop: new Storefront(stage.ports.map((port) => `http://127.0.0.1:${port}`)),
      ledger: new Ledger(),
      paths: await pathsOf(stage),
    };
    await storm(scene, life);
    progress("settling");
    const endless = await settleDown(scene, life);
    progress("judging");
    const rows = await readRows(scene.shop, scene.paths);
    const verdict = await judge(scene, life, rows);
    for (const { kind, id, subject } of endless) {
      verdict.add("stuck", `${kind} job ${id} runs again and again`, subject);
    }
    return await outcomeOf(scene, rows, verdict);
  } finally {
    const kept = Deno.env.get("CHAOS_LOG");
    await life.end();
    if (kept !== undefined) await keep(stage, kept);
    await stage.close();
  }
}

/** Keeps the log, the database of a file and the books for whoever looks for a cause. */
async function keep({ lines, folder, simulator }: Stage, path: string): Promise<void> {
  await Deno.writeTextFile(path, lines.join("\n"));
  const books = simulator.world.transactions.list().map((money) => JSON.stringify(money));
  await Deno.writeTextFile(`${path}.books`, books.join("\n"));
  await Deno.copyFile(`${folder}/malipo.db`, `${path}.db`).catch(() => {}); // sqld has its own
}

async function pathsOf(stage: Stage): Promise<ReadonlySet<string>> {
  const response = await fetch(`${stage.config.server.publicUrl}/openapi.json`);
  const { paths }: { paths: Record<string, unknown> } = await response.json();
  return new Set(Object.keys(paths));
}

async function storm(scene: Scene, life: Life): Promise<void> {
  const { stage, shop } = scene;
  let ended = false;
  const going = () => !ended;
  stage.callbacks.spares = (body) => {
    const phone = /"PhoneNumber","Value":(\d{12})/.exec(body)?.[1] ?? phoneById(stage, body);
    return !onlyCallbackTells(phone.slice(-4));
  };
  const traffic = runTraffic(scene, going);
  stage.callbacks.start();
  stage.daraja.start();
  const lives = life.run();
  const troubles = [troubleStores(stage, life, going), troubleClock(stage, life, going)];
  await untilDone(scene);
  ended = true;
  await Promise.all(troubles);
  progress("healing");
  stage.callbacks.heal();
  stage.daraja.heal();
  await life.heal(lives);
  progress("healed");
  shop.stop();
  await traffic;
  shop.go();
}

/** Resolves when the seconds of the run are over and it has done what it must at least. */
async function untilDone({ stage, ledger }: Scene): Promise<void> {
  const { seconds, least } = stage.options;
  const { faults } = stage;
  const began = Date.now();
  const passed = () => (Date.now() - began) / 1000;
  const enough = () =>
    least === undefined || ledger.operations >= least.operations && faults.total >= least.faults &&
      faults.kinds >= least.kinds && faults.of("killed", "killed_at_mark") >= least.kills;
  while (passed() < seconds || !enough() && passed() < MOST_SECONDS) await sleep(LOOK_MS);
}

/** A failed push names no phone in its callback. */
function phoneById(stage: Stage, body: string): string {
  const id = /"CheckoutRequestID":"([^"]+)"/.exec(body)?.[1] ?? "";
  return stage.simulator.world.pushes.get(id)?.phone ?? "";
}

async function judge(scene: Scene, life: Life, rows: Rows): Promise<Verdict> {
  const verdict = new Verdict();
  const evidence = await gather(scene, rows, Date.now() + life.offsetMs);
  judgeCollections(evidence, verdict);
  judgePayouts(evidence, verdict);
  judgeHeld(evidence, verdict);
  judgeAnswers(evidence, verdict);
  judgeEvents(evidence, verdict);
  await judgeInbox(evidence, verdict);
  await judgeBooks(scene, verdict);
  await judgeStillness(evidence, verdict);
  return verdict;
}

/** The ledger of each merchant agrees with its payments, payouts and refunds; the inbox read again gives the same payments. */
async function judgeBooks({ stage }: Scene, verdict: Verdict): Promise<void> {
  const { url } = stage.config.database;
  const db = await openDatabase(url);
  for (const merchant of [DEMO_MERCHANT, OTHER_MERCHANT]) {
    for (const finding of await findDifferences({ db }, merchant)) {
      verdict.add("ledger differs", JSON.stringify(finding));
    }
  }
  await db.close();
  for (const difference of (await verify(url)).differences) {
    // Notices alone do not say where people, statements and refunds have put money: held.ts compares that.
    if (!/ checkout \S+, replayed /.test(difference)) verdict.add("lost", `replayed: ${difference}`);
  }
}

async function outcomeOf(scene: Scene, rows: Rows, verdict: Verdict): Promise<Outcome> {
  const { stage, ledger } = scene;
  const leaks = leaksIn(stage.lines);
  const lines = [
    report(stage, ledger.operations, rows, verdict),
    `  ${"log lines that leak".padEnd(28)} ${String(leaks.length).padStart(8)}`,
  ];
  const [worst] = verdict.findings;
  if (worst !== undefined) {
    lines.push("", `seed ${stage.options.seed}: ${worst.wrong}: ${worst.what}`, ...await history(scene, worst));
    const others = verdict.findings.slice(1, 15).map(({ wrong, what }) => `  ${wrong}: ${what}`);
    if (others.length > 0) lines.push("", "also:", ...others);
  }
  lines.push(...leaks.slice(0, 3));
  return {
    good: worst === undefined && leaks.length === 0,
    verdict,
    faults: stage.faults.total,
    kinds: stage.faults.kinds,
    operations: ledger.operations,
    text: lines.join("\n"),
  };
}
