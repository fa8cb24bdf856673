import type { Config } from "../config/config.ts";
import type { Capabilities } from "../crypto/capability.ts";
import type { Vault } from "../crypto/vault.ts";
import type { Daraja } from "../daraja/daraja.ts";
import type { Database } from "../db/database.ts";
import type { Clock, Outbound } from "../platform/ports.ts";
import type { Log } from "../telemetry/log.ts";
import type { JobQueue } from "./jobs.ts";
import type { ShortcodeDirectory } from "./shortcode.ts";

/** Sends events to webhook endpoints in the background. The rows are the truth: what it misses, jobs find. */
export interface DeliveryWorker {
  /** Something is due to the endpoint. */
  wake(endpointId: string): void;
  /** Until when (ms) the endpoint asked not to be called; 0 where it did not ask. */
  pausedUntil(endpointId: string): number;
}

/** Everything that is not pure, so that a test can control the time and make any part fail. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly db: Database;
  readonly vault: Vault;
  readonly capabilities: Capabilities;
  readonly daraja: Daraja;
  readonly jobs: JobQueue;
  readonly deliveries: DeliveryWorker;
  /** The way out to webhook endpoints. */
  readonly outbound: Outbound;
  readonly shortcodes: ShortcodeDirectory;
  readonly log: Log;
}
