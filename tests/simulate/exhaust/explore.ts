/** A machine whose facts are told in every order. */
export interface Machine<S, F> {
  readonly name: string;
  readonly start: S;
  readonly facts: readonly F[];
  /** One more fact; `step` numbers it along its sequence. */
  readonly apply: (state: S, fact: F, step: number) => S;
  /** Two states with one key are the same for all that may follow. */
  readonly key: (state: S) => string;
  /** What must hold after these facts, whatever their order; null: it holds. */
  readonly wrong: (state: S, told: readonly F[]) => string | null;
  /** Whether the order may leave several states behind. What must not depend on it is in `wrong`. */
  readonly mayDiffer: boolean;
}

/** What a search has seen. */
export interface Explored {
  readonly name: string;
  /** How many facts a sequence has at most, of how many. */
  readonly facts: number;
  readonly of: number;
  readonly states: number;
  readonly steps: number;
  /** So many different sequences lead through these states. */
  readonly sequences: number;
}

/**
 * Goes through all sequences of up to `most` facts, breadth first: from each state that some order of a set of facts leads
 * to, each further fact, and each fact once more. A crash loses a fact, which comes later or never, or makes it come twice,
 * and two processes store facts one after the other: each of these is a sequence too. Errors: on the first state in which
 * something is wrong.
 */
export function explore<S, F>(machine: Machine<S, F>, most: number): Explored {
  const { name, facts, apply, key, wrong, mayDiffer } = machine;
  let layer = new Map<string, { readonly told: readonly number[]; readonly states: Map<string, S> }>();
  layer.set("", { told: [], states: new Map([[key(machine.start), machine.start]]) });
  let [states, steps] = [1, 0];
  for (let size = 1; size <= most; size++) {
    const next: typeof layer = new Map();
    for (const { told, states: known } of layer.values()) {
      for (const state of known.values()) {
        for (const [n, fact] of facts.entries()) {
          const after = apply(state, fact, size);
          steps++;
          if (told.includes(n)) {
            if (key(after) !== key(state)) fail(machine, told, `${text(fact)} again changes it`);
            continue;
          }
          const all = [...told, n].sort((a, b) => a - b);
          const id = all.join();
          const entry = next.get(id) ?? { told: all, states: new Map<string, S>() };
          next.set(id, entry);
          if (entry.states.has(key(after))) continue;
          entry.states.set(key(after), after);
          states++;
          if (!mayDiffer && entry.states.size > 1) fail(machine, all, "the end depends on the order");
          const problem = wrong(after, all.map((i) => facts[i] as F)); // indexes of that very list
          if (problem !== null) fail(machine, all, problem);
        }
      }
    }
    layer = next;
  }
  return { name, facts: most, of: facts.length, states, steps, sequences: sequencesOf(facts.length, most) };
}

/** How many sequences of up to `most` different ones of `n` facts there are. */
function sequencesOf(n: number, most: number): number {
  let [sum, product] = [1, 1];
  for (let i = 0; i < most; i++) {
    product *= n - i;
    sum += product;
  }
  return sum;
}

const text = (fact: unknown): string => JSON.stringify(fact);

function fail<S, F>({ name, facts }: Machine<S, F>, told: readonly number[], problem: string): never {
  const list = told.map((i) => `  ${text(facts[i])}`).join("\n");
  throw new Error(`${name}: ${problem}, after these facts in some order:\n${list}`);
}
