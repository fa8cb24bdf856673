import { listShortcodes } from "../../domain/shortcodes/read.ts";
import type { Filter } from "./filters.ts";
import { type StatusKind, statusOptions } from "./statuses.ts";

const MOST_SHORTCODES = 100;

/** The filter by state, with the words of the chips. */
export const statusFilter = (kind: StatusKind): Filter => ({
  kind: "choice",
  name: "status",
  label: ({ text }) => text.status,
  options: ({ language }) => statusOptions(kind, language),
});

/** The filter by one of the merchant's shortcodes. */
export const shortcodeFilter: Filter = {
  kind: "choice",
  name: "shortcode",
  label: ({ text }) => text.shortcode,
  options: async ({ ctx, viewer }) => {
    if (!viewer.scopes.has("shortcodes:read")) return [];
    const { data } = await listShortcodes(ctx, { limit: MOST_SHORTCODES });
    return data.map(({ number, name }) =>
      [number, name === null || name === number ? number : `${number}, ${name}`] as const
    );
  },
};
