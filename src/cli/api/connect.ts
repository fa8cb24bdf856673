import { Malipo } from "../../client/mod.ts";
import { type Config, environmentNames, loadConfig } from "../../config/config.ts";
import { readEnvironment } from "../../platform/deno.ts";
import { UsageError } from "../frame/command.ts";
import { demoSecrets } from "../seed.ts";

/** The options of every command that calls the API. */
export const apiOptions = {
  url: { value: "URL", help: "the service; else MALIPO_URL, else that of the settings (http://localhost:8000)" },
  as: { value: "CLIENT", help: "in development: the seeded client that asks, such as cli_operator" },
} as const;

/** What every command that calls the API says in its help. */
export const API_DETAILS =
  `It calls the API as the client of MALIPO_CLIENT_ID and MALIPO_CLIENT_SECRET; in development as a seeded client.`;

export interface Connection {
  readonly malipo: Malipo;
  readonly url: string;
  readonly credentials: { readonly id: string; readonly secret: string };
}

/** The settings of the environment, as the service beside this command line has them; null where they are incomplete. */
export function localConfig(): Config | null {
  const env = readEnvironment(environmentNames);
  for (const mode of ["development", "start"] as const) {
    const loaded = loadConfig(env, mode);
    if (loaded.ok) return loaded.config;
  }
  return null;
}

/**
 * Connects to the API. `seeded`: the client of development that may do it. Errors: {@link UsageError} where it is not known
 * whom to ask, or as whom.
 */
export function connect(
  given: { readonly url?: string; readonly as?: string },
  seeded: string,
): Connection {
  const config = localConfig();
  const url = given.url ?? Deno.env.get("MALIPO_URL") ?? config?.server.publicUrl;
  if (url === undefined) throw new UsageError("Name the service: --url URL, or MALIPO_URL.");
  if (!URL.canParse(url)) throw new UsageError(`--url ${url} is not a URL, such as http://localhost:8000.`);
  const credentials = credentialsOf(given.as, seeded, config);
  const malipo = new Malipo({ clientId: credentials.id, clientSecret: credentials.secret, baseUrl: url, retries: 1 });
  return { malipo, url, credentials };
}

function credentialsOf(as: string | undefined, seeded: string, config: Config | null): Connection["credentials"] {
  const [id, secret] = [Deno.env.get("MALIPO_CLIENT_ID"), Deno.env.get("MALIPO_CLIENT_SECRET")];
  if (as === undefined && id && secret) return { id, secret };
  if (config?.environment !== "development" && config?.environment !== "test") {
    throw new UsageError("Name the client that asks: MALIPO_CLIENT_ID and MALIPO_CLIENT_SECRET in the environment.");
  }
  const name = as ?? seeded;
  const known = demoSecrets.get(name);
  if (known === undefined) {
    throw new UsageError(`Development has no client ${name}. It has ${[...demoSecrets.keys()].join(", ")}.`);
  }
  return { id: name, secret: known };
}
