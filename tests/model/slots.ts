import { VIRTUAL_START_MS, virtualUuids } from "../support/time.ts";

/** Longer than any history takes, and all slots begin at the same few times of the day. */
const SLOT_MS = 6 * 3_600_000;
/** So many seeds have slots of their own; a service plays far fewer. */
const SEEDS = 500;
/** A history may be played a second time, in another order. */
const SLOTS_OF_A_SEED = 2;

/**
 * A history is played in a slot of virtual time. Its ids, its phones and its receipts follow from the slot, so that it
 * ends the same whatever was played before it.
 */
export const slotOf = (seed: number): number => SLOTS_OF_A_SEED * (seed % SEEDS);

/** When a slot begins (ms). */
export const beginOf = (slot: number): number => VIRTUAL_START_MS + slot * SLOT_MS;

/** The ids of a service on which histories are played: of a clock, and of randomness that a slot decides. */
export class SlotIds {
  #make = () => "";
  #now = (): number => 0;

  /** What the service makes ids with. */
  readonly by = (now: () => number): () => string => {
    this.#now = now;
    this.begin(0);
    return () => this.#make();
  };

  /** From now on ids are those of this slot, whose time must have come. */
  begin(slot: number): void {
    const random = randomOf(slot);
    this.#make = virtualUuids(this.#now, (bytes) => bytes.forEach((_, i) => bytes[i] = random() & 0xff));
  }
}

/** Numbers of 32 bits that look random and follow from the seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}
