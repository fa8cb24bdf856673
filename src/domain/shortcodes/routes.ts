import { type Route, route } from "../../http/operation.ts";
import { checkShortcode } from "./check-shortcode.ts";
import * as contract from "./contract.ts";
import { createShortcode } from "./create-shortcode.ts";
import { deleteShortcode } from "./delete-shortcode.ts";
import { getShortcode, listShortcodes } from "./read.ts";
import { registerUrls } from "./register-urls.ts";
import { revokeUrls } from "./revoke-urls.ts";
import { updateShortcode } from "./update-shortcode.ts";

export const shortcodeRoutes: readonly Route[] = [
  route(contract.createShortcode, createShortcode),
  route(contract.listShortcodes, listShortcodes),
  route(contract.getShortcode, getShortcode),
  route(contract.updateShortcode, updateShortcode),
  route(contract.deleteShortcode, deleteShortcode),
  route(contract.registerUrls, registerUrls),
  route(contract.revokeUrls, revokeUrls),
  route(contract.checkShortcode, checkShortcode),
];
