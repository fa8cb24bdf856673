import { LoadProcess } from "../stand.ts";

/** One request on its way there and back, in ms since the epoch. */
export interface Trip {
  readonly from: number;
  readonly to: number;
}

/** Something that stands before a server and makes the way there longer. */
export interface Between {
  readonly url: string;
  readonly process: LoadProcess;
  /** The trips that have ended since it was last asked. */
  told(): Promise<readonly Trip[]>;
}

/** Puts a way of `delayMs` more before `target`: a process of its own, which logs to `log`. */
export async function startBetween(target: string, delayMs: number, log: string): Promise<Between> {
  const env = { PROXY_TARGET: target, PROXY_DELAY_MS: String(delayMs) };
  const process = LoadProcess.start(new URL("./proxy.ts", import.meta.url), env, log);
  const [, url = "", told = ""] = await process.says(/"proxy":"([^"]+)","told":"([^"]+)"/);
  return { url, process, told: async () => await (await fetch(told)).json() };
}

/** Now, by the clock that trips go by. */
export const now = (): number => performance.timeOrigin + performance.now();
