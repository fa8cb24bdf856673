import { z } from "zod";
import { Problem } from "../problems/problem.ts";
import { kenyanMobile } from "./fields.ts";

export interface Page<T> {
  readonly data: T[];
  readonly next_cursor: string | null;
}

/** The query parameters of every list. */
export const pageQuery = {
  limit: z.string().regex(/^([1-9][0-9]?|100)$/, { error: "must be a whole number from 1 to 100" })
    .transform(Number).default(20).meta({
      description: "1 to 100. Default: 20.",
      examples: ["20"],
      override: { type: "integer", minimum: 1, maximum: 100 },
    }),
  cursor: z.string().max(200).optional().meta({ description: "`next_cursor` of the page before." }),
};

/** The query parameter of lists that reach other merchants. */
export const merchantQuery = {
  merchant: z.string().max(64).optional().meta({
    description: "Another merchant's id, or `all`. Needs the scope `platform`.",
  }),
};

type WholeNumber = z.ZodOptional<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>>;
type Search = z.ZodOptional<z.ZodString>;

const moment = (what: string): WholeNumber =>
  z.string().transform((text, ctx) => {
    // A plus that is not encoded arrives as a space.
    const asked = z.iso.datetime({ offset: true }).safeParse(text.replace(/ (?=\d\d:\d\d$)/, "+"));
    if (asked.success) return Date.parse(asked.data);
    ctx.addIssue({ code: "custom", message: "must be an RFC 3339 time, such as 2026-11-29T00:00:00+03:00" });
    return z.NEVER;
  }).optional().meta({
    description: `Only what was created ${what} this time. RFC 3339, with a time zone.`,
    examples: ["2026-11-29T00:00:00+03:00"],
    override: { type: "string", format: "date-time" },
  });

const cents = (what: string): WholeNumber =>
  z.string().regex(/^(0|[1-9][0-9]{0,14})$/, { error: "must be a whole number of cents, such as 150000 for KES 1,500" })
    .transform(Number).optional().meta({
      description: `Only amounts of ${what} this many cents of KES.`,
      examples: ["150000"],
      override: { type: "integer", minimum: 0 },
    });

const phone = z.string().transform((text, ctx) => {
  const digits = kenyanMobile(text);
  if (digits !== null) return digits;
  ctx.addIssue({ code: "custom", message: "must be a Kenyan mobile number, such as 0712345678 or +254712345678" });
  return z.NEVER;
}).optional().meta({
  description: "Only those of this Kenyan mobile number, in any usual form.",
  examples: ["0712345678"],
});

const MAX_SEARCH = 64;

const search = (searched: string): Search =>
  z.string().trim().min(1, { error: "must not be empty" })
    .max(MAX_SEARCH, { error: `must be at most ${MAX_SEARCH} characters` })
    .optional().meta({
      description: `Searches ${searched}: the whole of it, or its beginning.`,
      examples: ["order-1001"],
    });

/** The filter of {@link listQuery} for lists of money. */
export const amountQuery: { readonly amount_min: WholeNumber; readonly amount_max: WholeNumber } = {
  amount_min: cents("at least"),
  amount_max: cents("at most"),
};

/** The filter of {@link listQuery} for lists where each row has a phone. */
export const phoneQuery: { readonly phone: typeof phone } = { phone };

/** The parameters of {@link pageQuery}, and the filters of every list. `searched` says what `q` finds: `the reference, and the id`. */
export const listQuery = (
  searched: string,
): typeof pageQuery & { readonly created_from: WholeNumber; readonly created_to: WholeNumber; readonly q: Search } => ({
  ...pageQuery,
  created_from: moment("at or after"),
  created_to: moment("before"),
  q: search(searched),
});

export const pageSchema = <T extends z.ZodType>(
  item: T,
): z.ZodObject<{ data: z.ZodArray<T>; next_cursor: z.ZodNullable<z.ZodString> }> =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() });

/** The id in a cursor: the next page holds rows with smaller ids. Without a cursor: "~", which is larger than every id. Errors: `invalid_query`. */
export function idBeforeCursor(cursor: string | undefined): string {
  if (cursor === undefined) return "~";
  const id = decodeBase64(cursor);
  if (id !== null && /^[a-z]{3}_[0-9a-z_]{1,40}$/.test(id)) return id;
  throw invalidCursor();
}

/** What a cursor that is none gets: `invalid_query`. */
export const invalidCursor = (): Problem =>
  new Problem("invalid_query", "cursor: is not valid. Send next_cursor of the page before, unchanged.", {
    errors: [{ pointer: "cursor", detail: "must be next_cursor of the page before" }],
  });

function decodeBase64(cursor: string): string | null {
  try {
    return atob(cursor);
  } catch {
    return null;
  }
}

/** A page, newest first. `rows` holds up to `limit + 1` rows: the extra row shows that there is a next page. */
export function toPage<R extends { readonly id: string }, T>(
  rows: readonly R[],
  limit: number,
  view: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown.map(view), next_cursor: rows.length > limit && last !== undefined ? btoa(last.id) : null };
}
