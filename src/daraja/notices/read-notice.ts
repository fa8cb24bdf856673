import { isObject, type JsonObject, readJson } from "../json.ts";
import { type Unreadable, unreadable } from "./unreadable.ts";

/** Opens a notice's object and hands it to `read`. The one guard that keeps every parser from throwing. */
export function readNotice<T>(raw: unknown, read: (body: JsonObject) => T | Unreadable): T | Unreadable {
  const json = readJson(raw);
  if (json === undefined) return unreadable("not_json");
  if (!isObject(json)) return unreadable("not_an_object");
  return read(json);
}
