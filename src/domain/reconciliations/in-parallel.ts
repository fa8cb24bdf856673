const PARALLEL_WRITES = 8;

/**
 * A few at once, since each is a round trip or two; money for one checkout may collide, and is then tried again. An error
 * ends the work only when all that runs has ended, so that nothing of it goes on after the job.
 */
export async function forEachInParallel<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const queue = all.values();
  const runs = await Promise.allSettled(Array.from({ length: PARALLEL_WRITES }, async () => {
    for (const one of queue) await work(one);
  }));
  const failed = runs.find((run) => run.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
