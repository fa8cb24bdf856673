import { dirname, join } from "node:path";
import { pathOf } from "../../db/file.ts";

/** Where `deno task dev` writes its log: beside the database file, such as `.data/malipo.log`. */
export function logFileBeside(databaseUrl: string): string {
  if (!databaseUrl.startsWith("file:")) return join(".data", "malipo.log");
  const path = pathOf(databaseUrl);
  return join(dirname(path), "malipo.log");
}
