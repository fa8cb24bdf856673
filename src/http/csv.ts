import type { Context as HonoContext } from "hono";
import { accepts } from "hono/accepts";
import { z } from "zod";
import type { Context } from "../context/context.ts";
import { nairobiDay } from "../daraja/time.ts";
import { csvRecord } from "../lib/csv-writer.ts";
import { errorText } from "../telemetry/log.ts";
import { type CsvColumn, csvColumns } from "./csv-columns.ts";
import type { Env } from "./env.ts";
import type { Operation, Route } from "./operation.ts";
import type { Page } from "./pagination.ts";
import { takesGzip } from "./static-text.ts";

/** A page of a list, or all rows at once. */
type Rows = Omit<Page<unknown>, "next_cursor"> & { readonly next_cursor?: string | null };

/** Rows that are read at once: what a stream keeps in memory. */
const ROWS_AT_ONCE = 500;

/** The columns of an operation's rows as CSV; null where it is no list. */
export function csvColumnsOf({ query, response, rowsAsCsv }: Operation): readonly CsvColumn[] | null {
  const isList = rowsAsCsv === true || (query instanceof z.ZodObject && Object.hasOwn(query.shape, "cursor"));
  if (!isList || !(response instanceof z.ZodObject)) return null;
  const data: unknown = response.shape.data;
  return data instanceof z.ZodArray ? csvColumns(data.element as z.ZodType) : null; // zod types it as its core type
}

/** Whether the caller would rather have CSV than JSON. */
export const wantsCsv = (c: HonoContext<Env>): boolean =>
  accepts(c, { header: "Accept", supports: ["application/json", "text/csv"], default: "application/json" }) ===
    "text/csv";

/**
 * The whole list as CSV, from the cursor on, read page by page as the caller takes it. The first page is read before the
 * answer begins, so that a refusal is a problem. If a later page can't be read the stream breaks off, and the caller sees
 * that it is not complete. It is compressed on the way for who takes gzip, and has no ETag: to make one, all pages would
 * have to be read first.
 */
export async function csvResponse(
  c: HonoContext<Env>,
  ctx: Context,
  route: Route,
  columns: readonly CsvColumn[],
  input: object,
): Promise<Response> {
  const read = async (from: object): Promise<Rows> =>
    await route.run(ctx, { ...input, limit: ROWS_AT_ONCE, ...from }) as Rows; // a list, by its contract
  const textOf = ({ data }: Rows): string =>
    data.map((row) => csvRecord(columns.map((column) => column.read(row)))).join("");
  let page: Rows | null = await read({});
  let isFirst = true;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        if (page === null) return controller.close();
        const header = isFirst ? csvRecord(columns.map(({ name }) => name)) : "";
        isFirst = false;
        controller.enqueue(encoder.encode(header + textOf(page)));
        page = page.next_cursor == null ? null : await read({ cursor: page.next_cursor });
      } catch (error) {
        ctx.log.write("error", "csv_broken_off", { route: route.operation.path, error: errorText(error) });
        controller.error(error);
      }
    },
  }, { highWaterMark: 0 });
  const name = route.operation.path.replace(/^\/v1\//, "").replaceAll(/[^a-z]+/g, "-");
  const headers = {
    ...c.get("headers"),
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": `attachment; filename="${name}-${nairobiDay(ctx.clock.now())}.csv"`,
    vary: "Accept, Accept-Encoding",
  };
  c.set("headers", null);
  if (!takesGzip(c.req.header("accept-encoding") ?? "")) return new Response(body, { headers });
  const compressed = body.pipeThrough(new CompressionStream("gzip"));
  return new Response(compressed, { headers: { ...headers, "content-encoding": "gzip" } });
}
