import { isObject, type JsonObject, readJson } from "../json.ts";
import { type Unreadable, unreadable } from "./unreadable.ts";

/** Parses a notice and passes its object to `read`. Every parser uses it, so that bad JSON never makes one throw. */
export function readNotice<T>(raw: unknown, read: (body: JsonObject) => T | Unreadable): T | Unreadable {
  const json = readJson(raw);
  if (json === undefined) return unreadable("not_json");
  if (!isObject(json)) return unreadable("not_an_object");
  return read(json);
}
