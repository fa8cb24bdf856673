import "./host/globals.ts";
import { planOf } from "./plan.ts";
import { type Outcome, simulate } from "./run.ts";
import { releaseBefore } from "./service/before.ts";
import { endBundler } from "./sabotage/bundle.ts";
import { type Hunt, hunt } from "./sabotage/hunt.ts";
import { sabotageOf } from "./sabotage/list.ts";

/** The release that runs beside this one: a commit; `last`: the last one with fewer migrations; null: none. */
export type Beside = string | null;

/** What a worker is asked to do. */
export type Task =
  | { readonly kind: "seed"; readonly seed: number; readonly days: number | null; readonly beside: Beside }
  | { readonly kind: "hunt"; readonly name: string; readonly startsLikely: boolean };

/** What came of it. `error`: it could not be done at all. */
export type Report =
  | { readonly kind: "seed"; readonly outcome: Outcome }
  | { readonly kind: "hunt"; readonly found: Hunt }
  | { readonly kind: "error"; readonly error: string }
  | { readonly kind: "ended" };

const scope = self as unknown as {
  onmessage: ((message: MessageEvent<Task | null>) => void) | null;
  postMessage(report: Report): void;
}; // the worker's own side of the channel, which the types of a window do not have

/** Read once: all tasks of a worker are about one release. */
let loaded: ReturnType<typeof load> | undefined;
const load = (beside: string) => releaseBefore(beside === "last" ? null : beside);

async function work(task: Task): Promise<Report> {
  if (task.kind === "seed") {
    const before = task.beside === null ? undefined : await (loaded ??= load(task.beside));
    return { kind: "seed", outcome: await simulate(planOf(task.seed, task.days), { before }) };
  }
  const sabotage = sabotageOf(task.name);
  return { kind: "hunt", found: await hunt(sabotage, task.startsLikely ? sabotage.likely : []) };
}

/** A worker of `deno task simulate`: an isolate of its own, with clocks of its own. It does one task at a time. */
scope.onmessage = async ({ data: task }) => {
  if (task === null) {
    await endBundler();
    return scope.postMessage({ kind: "ended" });
  }
  scope.postMessage(
    await work(task).catch((error): Report => ({ kind: "error", error: String(error?.stack ?? error) })),
  );
};
