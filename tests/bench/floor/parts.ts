import { DEMO_MERCHANT, seed } from "../../../src/cli/seed.ts";
import { formatProblems, loadConfig } from "../../../src/config/config.ts";
import { createVault } from "../../../src/crypto/vault.ts";
import { migrate } from "../../../src/db/migrator.ts";
import { openDatabase } from "../../../src/db/open.ts";
import { loadMigrations } from "../../../src/platform/deno/migrations.ts";
import { systemClock } from "../../../src/platform/deno.ts";
import { initiatorOf } from "../../../src/domain/shortcodes/initiator.ts";
import { Shortcodes } from "../../../src/domain/shortcodes/lookup.ts";
import { Daraja } from "./daraja.ts";
import { openStore, type Store } from "./store.ts";
import { createTokens, type Tokens } from "./tokens.ts";
import { addEndpoint } from "./webhook.ts";

/** The paybill that the floor serves, read once at the start: the product looks it up no oftener on its hot paths. */
export interface Paybill {
  readonly id: string;
  readonly number: string;
}

export type Send = (url: string, init: RequestInit) => Promise<Response>;

/** Everything that the floor's operations work with. */
export interface Parts {
  readonly store: Store;
  readonly send: Send;
  readonly tokens: Tokens;
  readonly daraja: Daraja;
  readonly paybill: Paybill;
  readonly publicUrl: string;
  /** Whether a callback is settled after its acknowledgement, or only stored. */
  readonly settles: boolean;
  /** Whether a webhook endpoint is told of each checkout that is created. */
  readonly tells: boolean;
  readonly host: string;
  readonly port: number;
}

/** Who a token speaks for. */
export interface Principal {
  readonly clientId: string;
  readonly merchantId: string;
}

/** What the environment says: the product's settings, and the floor's own. */
export type Values = Readonly<Record<string, string | undefined>>;

/**
 * Migrates and seeds the database by the product's own code, as tests/support/api.ts does, and opens what serves.
 * `send` is the way to Daraja and to webhook endpoints.
 */
export async function prepare(values: Values, send: Send = fetch): Promise<Parts> {
  const loaded = loadConfig(values, "start");
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const { database, keys, kv, server, daraja } = loaded.config;
  const vault = await createVault(keys.encryption);
  const db = await openDatabase(database.url);
  await migrate(db, await loadMigrations());
  await seed({ db, clock: systemClock, vault });
  const shortcode = await new Shortcodes(db, vault).pick(DEMO_MERCHANT, undefined);
  await db.close();
  const app = {
    ...shortcode.app,
    passkey: shortcode.credentials.passkey,
    initiator: await initiatorOf(shortcode),
  };
  const way = new Daraja(daraja.baseUrl, app, send);
  await way.begin(kv.path === null ? undefined : `${kv.path}.token`);
  const store = await openStore(database.url);
  const endpoint = values.FLOOR_WEBHOOK_URL;
  if (endpoint !== undefined) await addEndpoint(store, endpoint);
  return {
    store,
    send,
    tokens: await createTokens(keys.signing[0], server.publicUrl),
    daraja: way,
    paybill: { id: shortcode.id, number: shortcode.number },
    publicUrl: server.publicUrl,
    settles: values.FLOOR_SETTLES === "1",
    tells: endpoint !== undefined,
    host: server.host,
    port: server.port,
  };
}
