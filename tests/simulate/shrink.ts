import type { History } from "../model/history.ts";
import type { Plan } from "./plan.ts";

/** The most runs of one reduction. */
const MOST_RUNS = 150;

/**
 * A smaller plan that still `shows` what the given one shows: with fewer kinds of faults, fewer faults, fewer checkouts,
 * prompts, walk-ins, messages and deeds of people.
 */
export async function shrink(plan: Plan, shows: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let [best, runs] = [plan, 0];
  const tries = async (next: Plan): Promise<boolean> => {
    if (runs++ >= MOST_RUNS || !(await shows(next))) return false;
    best = next;
    return true;
  };
  await tries({ ...best, faults: [] });
  for (let isSmaller = true; isSmaller && runs < MOST_RUNS;) {
    isSmaller = false;
    for (const make of smaller(best)) {
      const next = make(best);
      if (next === null) continue;
      if (await tries(next)) isSmaller = true;
    }
  }
  for (let most = Math.floor(best.mostFaults / 2); most > 0 && best.faults.length > 0; most = Math.floor(most / 2)) {
    if (!(await tries({ ...best, mostFaults: most }))) break;
  }
  return best;
}

type Make = (plan: Plan) => Plan | null;

/** One step each; a step that no longer fits the plan makes nothing of it. */
function smaller(plan: Plan): Make[] {
  return [
    ...drops(plan.histories).map((drop): Make => (now) => {
      const histories = now.histories.length > 1 ? drop(now.histories) : null;
      return histories === null ? null : { ...now, histories };
    }),
    ...plan.faults.map((kind): Make => (now) =>
      now.faults.includes(kind) ? { ...now, faults: now.faults.filter((other) => other !== kind) } : null
    ),
    ...plan.histories.flatMap((history, at) =>
      shorter(history).map((make): Make => (now) => {
        const own = now.histories[at];
        const next = own === undefined ? null : make(own);
        return next === null ? null : { ...now, histories: now.histories.with(at, next) };
      })
    ),
    (now) => (now.processes > 1 ? { ...now, processes: 1 } : null),
  ];
}

function shorter(history: History): ((now: History) => History | null)[] {
  return [
    ...drops(history.people).map((drop) => (h: History) => with_(h, "people", drop(h.people))),
    ...drops(history.walkIns).map((drop) => (h: History) => with_(h, "walkIns", drop(h.walkIns))),
    ...drops(history.moneyOut).map((drop) => (h: History) => with_(h, "moneyOut", drop(h.moneyOut))),
    ...drops(history.checkouts).map((drop) => (h: History) => with_(h, "checkouts", drop(h.checkouts))),
    ...history.checkouts.flatMap((checkout, i) =>
      drops(checkout.prompts).map((drop) => (h: History) => {
        const own = h.checkouts[i];
        const prompts = own === undefined ? null : drop(own.prompts);
        return own === undefined || prompts === null
          ? null
          : { ...h, checkouts: h.checkouts.with(i, { ...own, prompts }) };
      })
    ),
  ];
}

function with_<K extends keyof History>(history: History, key: K, value: History[K] | null): History | null {
  return value === null ? null : { ...history, [key]: value };
}

/** Ways to leave one element out, the last first. */
const drops = <T>(list: readonly T[]): ((now: readonly T[]) => readonly T[] | null)[] =>
  list.map((element) => (now: readonly T[]) => {
    const at = now.indexOf(element);
    return at < 0 ? null : now.toSpliced(at, 1);
  }).reverse();
