import { DatabaseUnavailable } from "../../db/database.ts";
import { errorText } from "../../telemetry/log.ts";
import { CommandFailed } from "./command.ts";

const UNEXPECTED = "This is a fault of Malipo's. The trace above helps whoever mends it.";

/** Why a command failed, in a sentence with what to do. Only a fault of the code prints its trace. */
export function reasonOf(error: unknown): string {
  if (error instanceof CommandFailed) return error.message;
  if (error instanceof DatabaseUnavailable) {
    return `unavailable: ${error.message}. Check DATABASE_URL and DATABASE_AUTH_TOKEN.`;
  }
  if (!(error instanceof Error)) return String(error);
  if (/no such (table|column)/.test(error.message)) {
    return `The database has not the schema of this release (${error.message}). Run deno task migrate.`;
  }
  if (error instanceof Deno.errors.AddrInUse) return portInUse();
  if (error instanceof Deno.errors.NotFound) return `There is no such file: ${error.message}.`;
  if (error instanceof Deno.errors.NotCapable) return `Deno has not allowed it: ${error.message}.`;
  if (error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError) {
    console.error(error.stack);
    return UNEXPECTED;
  }
  return errorText(error).replace(/^\w*Error: /, "");
}

/** What to do when a port is taken. */
export function portInUse(port?: number, setting = "PORT"): string {
  const which = port === undefined ? "The port" : `Port ${port}`;
  return `${which} is in use by another program, perhaps by another \`deno task dev\` or \`deno task start\`. ` +
    `Stop that one (\`ss -ltnp\` shows which it is), or choose another port: ${setting}=${(port ?? 8000) + 1}.`;
}
