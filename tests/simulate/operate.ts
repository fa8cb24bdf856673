import { rotateKeys } from "./outside/operator.ts";
import { configOf, type Scene } from "./scene.ts";

const LATEST_DEPLOYMENT_MS = 20 * 60_000;
const LATEST_BACKUP_MS = 10 * 60_000;

/** What people who run the service do meanwhile: they copy the database, rotate keys, and deploy the release as it stands. */
export function operate({ scheduler, fleet, faults, db, store, release, capabilities }: Scene): void {
  const { random } = scheduler.world;
  if (faults.now("restore")) {
    scheduler.add(random.below(LATEST_BACKUP_MS), scheduler.world, "a backup", () => store.backUp());
  }
  const tools = { scheduler, fleet, db, isOver: () => !faults.isActive };
  if (faults.counts.has("old_release")) {
    scheduler.add(random.below(LATEST_DEPLOYMENT_MS), scheduler.world, "a deployment", () => {
      void fleet.deploy({ release, config: configOf(release) });
    });
  } else if (faults.now("keys_rotate")) {
    void rotateKeys({
      ...tools,
      configWith: (settings) => configOf(release, settings),
      rotated: (step, { callback }) => {
        faults.counts.set("keys_rotate", (faults.counts.get("keys_rotate") ?? 0) + 1);
        if (step === "activate") {
          void release.createCapabilities(callback).then((own) => capabilities.push(own));
        }
      },
    }, random.pick(["callback", "signing", "encryption", "index"] as const));
  }
}
