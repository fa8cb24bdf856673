import { z } from "zod";
import { shortcodeNumber, timestamp } from "../http/fields.ts";
import { idParam, operation } from "../http/operation.ts";
import { pageOf, pageQuery } from "../http/pagination.ts";

export const shortcode = z.object({
  id: z.string().meta({ examples: ["sho_01kamcvdf2ej5s2k8sxw9ggk6t"] }),
  kind: z.enum(["paybill", "till"]),
  number: shortcodeNumber,
  store_number: z.string().nullable().meta({ description: "A till's store (head office) number; null for a paybill." }),
  name: z.string(),
  default: z.boolean(),
  created_at: timestamp,
  updated_at: timestamp,
}).meta({ id: "Shortcode", description: "A paybill or till. Its secrets are never shown." });
export type ShortcodeView = z.infer<typeof shortcode>;

export const getShortcode = operation({
  id: "getShortcode",
  method: "GET",
  path: "/v1/shortcodes/{id}",
  tag: "Shortcodes",
  summary: "Read a shortcode",
  scope: "shortcodes:read",
  params: idParam,
  status: 200,
  response: shortcode,
  problems: ["not_found"],
});

export const listShortcodes = operation({
  id: "listShortcodes",
  method: "GET",
  path: "/v1/shortcodes",
  tag: "Shortcodes",
  summary: "List shortcodes, newest first",
  scope: "shortcodes:read",
  query: z.strictObject(pageQuery),
  status: 200,
  response: pageOf(shortcode),
  problems: ["invalid_query"],
});
