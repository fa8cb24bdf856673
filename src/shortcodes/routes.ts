import { type Route, route } from "../http/operation.ts";
import * as contract from "./contract.ts";
import { getShortcode, listShortcodes } from "./read.ts";

export const shortcodeRoutes: readonly Route[] = [
  route(contract.listShortcodes, listShortcodes),
  route(contract.getShortcode, getShortcode),
];
