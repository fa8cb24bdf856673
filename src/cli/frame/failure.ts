import { isMalipoError, type MalipoError } from "../../client/mod.ts";
import { DatabaseUnavailable } from "../../db/database.ts";
import { errorText } from "../../telemetry/log.ts";
import { PortInUse } from "../../platform/deno/serve.ts";
import { CommandFailed } from "./command.ts";

const UNEXPECTED = "This is a fault of Malipo's. The trace above helps whoever mends it.";

/** Why a command failed, in a sentence with what to do. Only a fault of the code prints its trace. */
export function reasonOf(error: unknown): string {
  if (error instanceof CommandFailed) return error.message;
  if (isMalipoError(error)) return reasonOfApi(error);
  if (error instanceof DatabaseUnavailable) {
    return `unavailable: ${error.message}. Check DATABASE_URL and DATABASE_AUTH_TOKEN.`;
  }
  if (!(error instanceof Error)) return String(error);
  if (/no such (table|column)/.test(error.message)) {
    return `The database has not the schema of this release (${error.message}). Run deno task migrate.`;
  }
  if (error instanceof PortInUse) return `unavailable: ${error.message}: PORT=${error.port + 1}.`;
  if (error instanceof Deno.errors.NotFound) return `There is no such file: ${error.message}.`;
  if (error instanceof Deno.errors.NotCapable) return `Deno has not allowed it: ${error.message}.`;
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) {
    console.error(error.stack);
    return UNEXPECTED;
  }
  return errorText(error).replace(/^\w*Error: /, "");
}

function reasonOfApi(error: MalipoError): string {
  if (error.code === "network_error") {
    return `network_error: the service does not answer (${errorText(error.cause)}). Start it (deno task dev), ` +
      "or name another: --url, MALIPO_URL, or the PORT that it was started with.";
  }
  const fields = error.errors.map(({ pointer, detail }) => `\n  ${pointer}: ${detail}`);
  return `${error.message}${fields.join("")}`;
}
