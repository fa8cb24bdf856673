import type { Config } from "../../config/config.ts";
import { createVault, type Vault } from "../../crypto/vault.ts";
import type { Database } from "../../db/database.ts";
import { systemClock } from "../../platform/deno.ts";
import type { Clock } from "../../platform/ports.ts";
import { Problem } from "../../problems/problem.ts";
import { CommandFailed } from "./command.ts";
import { withDatabase } from "./database.ts";
import { readConfig } from "./stores.ts";

/** What commands work with that change something sealed. The command line is the author of what they do. */
export interface Desk {
  readonly config: Config;
  readonly db: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly actor: "cli";
  readonly requestId: "cli";
}

/** Opens the database and the vault of the service for a command. Errors: {@link CommandFailed}, for wrong settings too. */
export async function atDesk<T>(work: (desk: Desk) => Promise<T>): Promise<T> {
  const config = readConfig();
  const vault = await createVault(config.keys.encryption, undefined, config.keys.index);
  const run = (db: Database): Promise<T> =>
    work({ config, db, vault, clock: systemClock, actor: "cli", requestId: "cli" }).catch((error: unknown) => {
      throw error instanceof Problem ? new CommandFailed(error.detail) : error;
    });
  return await withDatabase(run, config.database.url);
}
