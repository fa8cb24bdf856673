/** The ports for Deno. */
export { createDenoAead } from "./deno/aead.ts";
export { createDenoCron, declareDenoCron, noCron } from "./deno/cron.ts";
export { createDenoMailer } from "./deno/mailer.ts";
export { createDenoOutbound } from "./deno/outbound.ts";
export { endProcess, makeFilesPrivate, readEnvironment, systemClock, untilStopped } from "./deno/process.ts";
export { type Address, PortInUse, serve } from "./deno/serve.ts";
export { openStore } from "./deno/store.ts";
