import type { Database } from "./database.ts";

/**
 * Opens the database of a URL: `file:` by the native addon; `http:`, `https:` and `libsql:` by the client of a libSQL
 * server. A driver is loaded only when it is needed, so that a build for the edge does not contain the addon. A server is
 * first contacted by the first statement.
 * Errors: TypeError on another scheme, {@link DatabaseUnavailable} when a file can't be opened.
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
