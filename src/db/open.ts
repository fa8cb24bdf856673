import type { Database } from "./database.ts";

/**
 * Opens the store that the URL names: `file:` by the native addon, `http:`, `https:` or `libsql:` by a libSQL server.
 * Each driver loads only when chosen, so that a build for the edge never meets the addon.
 * Errors: TypeError on another scheme, {@link DatabaseUnavailable} when a file can't be opened. A server is first
 * spoken to by the first statement.
 */
export async function openDatabase(url: string, authToken?: string): Promise<Database> {
  if (url.startsWith("file:")) {
    const { openFile } = await import("./file.ts");
    return await openFile(url);
  }
  if (/^(https?|libsql):/.test(url)) {
    const { openRemote } = await import("./remote.ts");
    return openRemote(url, authToken);
  }
  throw new TypeError("DATABASE_URL must begin with file:, http:, https: or libsql:");
}
