import { nextStep, type StepName } from "../../../src/cli/keys/rotation.ts";
import type { Config } from "../../../src/config/config.ts";
import type { Database } from "../../../src/db/database.ts";
import type { RingName } from "../../../src/db/schema.ts";
import type { Scheduler } from "../scheduler.ts";
import type { Fleet } from "../service/fleet.ts";

const SHORTEST_PAUSE_MS = 20_000;
const LONGEST_PAUSE_MS = 120_000;
/** In a rotation that meets many faults, so many questions are enough. */
const MOST_QUESTIONS = 200;

/** What an operator works with. */
export interface Tools {
  readonly scheduler: Scheduler;
  readonly fleet: Fleet;
  readonly db: Database;
  /** The settings with some of them changed, read as the service reads them. */
  readonly configWith: (settings: Readonly<Record<string, string>>) => Config;
  /** Whether nothing more is to be changed. */
  readonly isOver: () => boolean;
  readonly rotated: (step: StepName, keys: Config["keys"]) => void;
}

/**
 * Rotates a key while the service runs, as `malipo keys rotate` says: asks for the next step from time to time, and deploys
 * it to one process after the other.
 */
export async function rotateKeys({ scheduler, fleet, db, ...tools }: Tools, ring: RingName): Promise<void> {
  const { random } = scheduler.world;
  const settings: Record<string, string> = {};
  let { keys } = tools.configWith({});
  for (let asked = 0; asked < MOST_QUESTIONS; asked++) {
    await fleet.pause(SHORTEST_PAUSE_MS + random.below(LONGEST_PAUSE_MS));
    if (tools.isOver()) return;
    const next = await nextStep({ db, keys, now: scheduler.time }, ring).catch(() => null);
    if (next === null || "refused" in next) continue; // the database is down, or it is too early
    settings[next.setting] = next.value;
    const config = tools.configWith(settings);
    keys = config.keys;
    scheduler.note(`the operator takes the step ${next.step} of ${ring}`);
    await fleet.deploy({ config });
    tools.rotated(next.step, keys);
    if (next.step === "remove") return;
  }
}
