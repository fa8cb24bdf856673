import { demoShortcodes } from "../../../src/simulator/demo.ts";
import { createSimulator } from "../../../src/simulator/simulator.ts";

/**
 * Run by a stand in the simulator's place: the simulator, which thinks about each push (after the first `SPARED`) for
 * `SLOW_MS`, or for as long as it takes until `GATHER` of them wait at once, which Malipo's patience limits.
 */
const whole = (name: string): number => Number(Deno.env.get(name));
const PATIENCE_MS = 25_000;
const [slowMs, gather, spared] = [whole("SLOW_MS"), whole("GATHER"), whole("SPARED")];
const simulator = createSimulator({
  callbackDelayMs: whole("SIMULATOR_CALLBACK_DELAY_MS"),
  lateCallbackDelayMs: 90_000,
  maxEntries: whole("SIMULATOR_KEEP"),
  shortcodes: demoShortcodes,
});

let pushes = 0;
let waiting = 0;
let most = 0;
let first = 0;
/** How long is thought about each: as long as the last of those gathered came after the first. */
const thought = Promise.withResolvers<number>();

async function think(): Promise<void> {
  const arrived = performance.now();
  if (first === 0) {
    first = arrived;
    setTimeout(() => thought.resolve(PATIENCE_MS), PATIENCE_MS);
  }
  most = Math.max(most, ++waiting);
  if (most === gather) thought.resolve(Math.max(slowMs, Math.min(PATIENCE_MS, arrived - first)));
  const leftMs = arrived + await thought.promise - performance.now();
  await new Promise((resolve) => setTimeout(resolve, leftMs));
  waiting--;
}

Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => console.log(JSON.stringify({ simulator: `http://127.0.0.1:${port}` })),
}, async (request) => {
  const { pathname } = new URL(request.url);
  if (pathname === "/_slow") return Response.json({ most });
  if (slowMs > 0 && pathname.endsWith("/stkpush/v1/processrequest") && ++pushes > spared) await think();
  return await simulator.app.fetch(request);
});
