import { historyOf } from "../model/generate.ts";
import type { History } from "../model/history.ts";
import { type FaultKind, kindsOf } from "./faults.ts";
import { Random } from "./host/random.ts";

/** All that decides a run, so that a run can be stored, made smaller, and run again. */
export interface Plan {
  readonly seed: number;
  /** Played one after the other, on one database. */
  readonly histories: readonly History[];
  /** How long (ms) the service is left alone between two histories. */
  readonly gapMs: number;
  readonly processes: number;
  readonly faults: readonly FaultKind[];
  /** The most faults that happen. */
  readonly mostFaults: number;
}

const MOST_FAULTS = 200;
/** Histories of simulations are others than those that the model plays by itself. */
const HISTORIES_FROM = 500_000;

const HOUR_MS = 3_600_000;
/** A history takes about two hours, with the time in which all settles. */
const HISTORY_MS = 2 * HOUR_MS;
const GAP_MS = 4 * HOUR_MS;
const HISTORIES_OF_A_SEED = 1_000;

/** The history in which what happens within `step` seconds happens at once: messages, customers and people meet. */
function hurried(history: History, step: number): History {
  if (step === 0) return history;
  const soon = (seconds: number): number => Math.floor(seconds / step) * step;
  return {
    ...history,
    checkouts: history.checkouts.map((checkout) => ({
      ...checkout,
      at: 0,
      prompts: checkout.prompts.map((prompt) => ({
        ...prompt,
        after: soon(prompt.after),
        answers: Math.min(prompt.answers, 10),
        told: prompt.told.map((telling) => ({ ...telling, after: soon(telling.after) })),
      })),
    })),
    walkIns: history.walkIns.map((walkIn) => ({
      ...walkIn,
      at: 10,
      told: walkIn.told.map((telling) => ({ ...telling, after: soon(telling.after) })),
    })),
    people: history.people.map((action) => ({ ...action, at: Math.max(10, soon(action.at)) })),
  };
}

/** The plan of a seed: one history, or as many as fit into so many days. */
export function planOf(seed: number, days: number | null = null): Plan {
  const random = new Random(seed, 0);
  const faults = [...kindsOf(random)];
  const processes = random.pick([1, 2, 2, 2, 3]);
  const count = days === null ? 1 : Math.ceil(days * 24 * HOUR_MS / (HISTORY_MS + GAP_MS));
  const histories = Array.from({ length: count }, (_, i) => ({
    ...hurried(historyOf(HISTORIES_FROM + seed + i * HISTORIES_OF_A_SEED), random.pick([0, 0, 150, 600])),
    reorder: null,
  }));
  return { seed, histories, gapMs: GAP_MS, processes, faults, mostFaults: MOST_FAULTS * count };
}
