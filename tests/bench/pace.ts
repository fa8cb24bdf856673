/** What one start of {@link pace} is given: its number from 0, and when it was due (`performance.now()`). */
export interface Turn {
  readonly n: number;
  readonly due: number;
}

/** All that was begun, and by how much each start was behind its time, ms. */
export interface Paced<T> {
  readonly done: readonly T[];
  readonly late: readonly number[];
}

/**
 * Begins `act` so many times a second for so long, whatever comes back: who is slow gets no fewer. Resolves when all
 * have ended.
 */
export async function pace<T>(perSecond: number, forMs: number, act: (turn: Turn) => Promise<T>): Promise<Paced<T>> {
  const start = performance.now();
  const many = Math.max(1, Math.round(perSecond * forMs / 1000));
  const flying: Promise<T>[] = [];
  const late: number[] = [];
  while (flying.length < many) {
    const due = start + flying.length * 1000 / perSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    else {
      late.push(-early);
      flying.push(act({ n: flying.length, due }));
      // what came back meanwhile is read in between, or its latency would be ours
      if (flying.length % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }
  return { done: await Promise.all(flying), late };
}
