/** The variables by which Deno Deploy tells a process where it runs. Nobody sets them by hand. */
export const deploymentNames: readonly string[] = ["DENO_DEPLOY", "DENO_TIMELINE"];

/** A process on Deno Deploy. */
export interface Deployment {
  /** `production`, `git-branch/NAME` or `preview/ID`. Null when Deploy does not say: then it is not production. */
  readonly timeline: string | null;
}

/** Reads where the process runs. Null anywhere but on Deno Deploy. */
export function deploymentOf(env: Readonly<Record<string, string | undefined>>): Deployment | null {
  return env.DENO_DEPLOY ? { timeline: env.DENO_TIMELINE || null } : null;
}

/**
 * Whether the process may run scheduled work by itself. Deploy runs the crons of every branch as well, and they move
 * money, so only the production timeline has them. Anywhere else than on Deploy there is only one deployment.
 */
export const isProductionTimeline = (deployment: Deployment | null): boolean =>
  deployment === null || deployment.timeline === "production";
