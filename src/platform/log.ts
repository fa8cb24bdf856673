import type { Fields, Log } from "../log.ts";

/** One JSON line an event, on standard output. */
export const jsonLog: Log = {
  write(level, event, fields: Fields = {}) {
    console.log(JSON.stringify({ at: new Date().toISOString(), level, event, ...fields }));
  },
};
