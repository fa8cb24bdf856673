import { RINGS } from "../../domain/keys/known-keys.ts";
import { type Command, command, UsageError } from "../frame/command.ts";
import { withStores } from "../frame/stores.ts";
import { keyTable, nextStep, SETTINGS } from "./rotation.ts";

/** `keys rotate RING`. */
export const rotate: Command = command({
  summary: "prints the next step of the rotation of a ring, or says why it has to wait",
  details:
    `Rings: ${RINGS.join(", ")}. Call it with the settings of the service. Each step prints a new value of one ` +
    "setting: deploy it to every process, and call it again with that value. Exits with 1 if the step has to wait.",
  words: ["RING"],
  examples: ["encryption"],
  async run({ words: [word = ""], out }) {
    const ring = RINGS.find((name) => name === word);
    if (ring === undefined) throw new UsageError(`There is no ring ${word}. Rings: ${RINGS.join(", ")}.`);
    const step = await withStores(({ db, config, clock }) =>
      nextStep({ db, keys: config.keys, now: clock.now() }, ring)
    );
    if ("refused" in step) {
      const reasons = step.refused.map((reason) => `  ${reason}`).join("\n");
      out.record(step, `The step ${step.step} of ${SETTINGS[ring]} has to wait:\n${reasons}`);
      return 1;
    }
    out.record(step, `${step.setting}='${step.value}'`);
    if (!out.json) out.warn(step.next);
    return 0;
  },
});

/** `keys status`. */
export const status: Command = command({
  summary: "lists the keys with their states, and which processes know them",
  async run({ out }) {
    out.table(await withStores(({ db, config, clock }) => keyTable({ db, keys: config.keys, now: clock.now() })));
  },
});
