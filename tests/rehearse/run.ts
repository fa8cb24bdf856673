import { compare } from "../bench/load/books.ts";
import { Traffic } from "../bench/load/traffic.ts";
import { pace } from "../bench/pace.ts";
import { Storefront } from "../chaos/traffic/client.ts";
import { Child } from "../support/child.ts";
import { type ApiProcess, type Fleet, startFleet } from "../support/fleet.ts";
import type { Options } from "./options.ts";
import { migrationsIn, type Release, unpack } from "./release.ts";
import { PhaseTally } from "./tally.ts";

/** What a busy machine answers late has not failed; nginx gives up first. */
const PATIENCE_MS = 100_000;
const here = new URL("../../", import.meta.url);

export interface Outcome {
  readonly from: string;
  readonly migrations: readonly string[];
  readonly phases: readonly PhaseTally[];
  /** What the books say that differs; empty when they are equal. */
  readonly differences: readonly string[];
  readonly moved: number;
}

/** Runs a script of a release to its end. Errors: with what it said when it fails. */
async function runScript(release: URL, script: string, env: Readonly<Record<string, string>>, ...args: string[]) {
  const ran = Child.run(Deno.execPath(), ["run", "--quiet", "-P=database", script, ...args], { cwd: release, env });
  await ran.line(() => null);
  const { code } = await ran.end("SIGCONT");
  if (code !== 0) throw new Error(`${script} ${args.join(" ")} failed:\n${ran.lines.join("\n")}`);
}

/** Migrates by the old release, seeds it, and registers the paybill's URLs: what runs before the rollout. */
async function found(fleet: Fleet, old: Release): Promise<void> {
  const env = { ...fleet.env, PORT: "0" };
  const child = Child.start(new URL("tests/support/api.ts", old.folder), env);
  const ready = await child.line((line) => line.includes("test_ready") ? true : null);
  if (ready === null) throw new Error(`The old release did not start:\n${child.lines.join("\n")}`);
  await child.end("SIGTERM");
}

/** Rehearses the rollout of this folder over an older release. `say` gets what happens, line by line. */
export async function rehearse(options: Options, say: (line: string) => void): Promise<Outcome> {
  say("unpacking the release that runs now");
  const old = await unpack(options.from);
  const migrations = (await migrationsIn(here)).filter((name) => !old.migrations.includes(name));
  const fleet = await startFleet({
    env: { SIMULATOR_CALLBACK_DELAY_MS: "300", SIMULATOR_KEEP: "1000000", PAYOUT_ORIGIN: "accept_missing" },
    prepare: () => Promise.resolve(),
  });
  try {
    await found(fleet, old);
    const shop = new Storefront([fleet.url], fleet.fetch(), PATIENCE_MS);
    const traffic = new Traffic(shop, fleet.simulator);
    const phases: PhaseTally[] = [];
    /** Traffic goes on while `act` runs, and at least for the seconds of a phase. */
    const phase = async (name: string, act: () => Promise<void>) => {
      say(name);
      const tally = new PhaseTally(name);
      phases.push(tally);
      let isDone = false;
      const acting = act().finally(() => isDone = true);
      do {
        await pace(options.rate, options.seconds * 1_000, (turn) => traffic.act(turn, tally));
      } while (!isDone);
      await acting;
    };
    await rollOut(fleet, old, migrations.length, phase);
    say("waiting until nothing is under way, and comparing the books");
    const verdict = await compare(shop, fleet.simulator, traffic.wishes);
    return {
      from: old.commit,
      migrations,
      phases,
      differences: verdict.findings.map(({ wrong, what }) => `${wrong}: ${what}`),
      moved: (await fleet.transactions()).length,
    };
  } finally {
    await fleet.stop();
    await old.remove();
  }
}

type Phase = (name: string, act: () => Promise<void>) => Promise<void>;

/** The phases of docs/rollout.md, in its order. */
async function rollOut(fleet: Fleet, old: Release, steps: number, phase: Phase): Promise<void> {
  const two = (release: URL) => Promise.all([fleet.startApi(release), fleet.startApi(release)]);
  const share = (processes: readonly ApiProcess[], percent: number) =>
    percent === 0 ? [] : processes.map(({ port }) => ({ port, weight: percent / processes.length }));
  const stop = async (processes: readonly ApiProcess[]) => {
    await Promise.all(processes.map((each) => each.end()));
  };
  let before = await two(old.folder);
  await fleet.nginx.route(share(before, 100));
  await phase("release N alone", () => Promise.resolve());
  await phase("migrate", () => runScript(here, "src/cli/migrate.ts", fleet.env));
  let canary: ApiProcess | null = null;
  await phase("canary, 10 %", async () => {
    canary = await fleet.startApi(here);
    await fleet.nginx.route([...share(before, 90), ...share([canary], 10)]);
  });
  const first = canary ?? await fleet.startApi(here);
  let after = [first];
  await phase("shift, 50 %", async () => {
    after = [first, await fleet.startApi(here)];
    await fleet.nginx.route([...share(before, 50), ...share(after, 50)]);
  });
  await phase("release N+1 alone", async () => {
    await fleet.nginx.route(share(after, 100));
    await stop(before);
  });
  await phase("roll back the code", async () => {
    before = await two(old.folder);
    await fleet.nginx.route([...share(before, 50), ...share(after, 50)]);
    await fleet.nginx.route(share(before, 100));
    await stop(after);
  });
  await phase("roll back the schema", async () => {
    if (steps > 0) await runScript(here, "src/cli/migrate.ts", fleet.env, "rollback", "--steps", String(steps));
  });
}
