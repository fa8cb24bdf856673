import type { History, Telling } from "./history.ts";

/** The same facts, told in another order: the times of all notices change places. Everything else stays. */
export function reordered(history: History, seed: number): History {
  const times = shuffled(tellingsOf(history).map(({ after }) => after), seed);
  const change = (told: readonly Telling[]): Telling[] => told.map((t) => ({ ...t, after: times.pop() ?? t.after }));
  return {
    ...history,
    checkouts: history.checkouts.map((c) => ({
      ...c,
      prompts: c.prompts.map((p) => ({ ...p, told: change(p.told) })),
    })),
    walkIns: history.walkIns.map((w) => ({ ...w, told: change(w.told) })),
  };
}

const tellingsOf = ({ checkouts, walkIns }: History): Telling[] => [
  ...checkouts.flatMap(({ prompts }) => prompts.flatMap(({ told }) => told)),
  ...walkIns.flatMap(({ told }) => told),
];

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const all = [...list];
  let state = seed + 1;
  for (let i = all.length - 1; i > 0; i--) {
    state = (state * 48_271) % 2_147_483_647;
    const j = state % (i + 1);
    [all[i], all[j]] = [all[j] as T, all[i] as T]; // both are in the list
  }
  return all;
}
