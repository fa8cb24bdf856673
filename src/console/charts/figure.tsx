import type { Child } from "hono/jsx";
import type { Markup } from "../../pages/markup.ts";
import { bilingual } from "../text/bilingual.ts";
import type { Look } from "../kit/visit.ts";

const words = bilingual({
  en: { table: "As a table", none: "There is nothing to show yet." },
  sw: { table: "Kama jedwali", none: "Bado hakuna cha kuonyesha." },
});

/** The size of a chart in its own units. */
export const WIDTH = 360;
export const HEIGHT = 170;

/** The figures of a chart as a table: the heads of the columns, and the rows. */
export interface ChartTable {
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface ChartFigureProps {
  readonly look: Look;
  /** The answer in a sentence. */
  readonly caption: string;
  readonly height?: number;
  /** It is a bar, which does not grow with the page. */
  readonly isFlat?: true;
  readonly table: ChartTable;
  readonly children: Child;
}

/** A chart with its answer as the caption, and its figures as a table. Without figures it says so. */
export function ChartFigure({ look, caption, height = HEIGHT, isFlat, table, children }: ChartFigureProps): Markup {
  const text = words[look.language];
  if (table.rows.length === 0) {
    return (
      <figure class="chart">
        <figcaption>{caption}</figcaption>
        <p class="soft">{text.none}</p>
      </figure>
    );
  }
  return (
    <figure class={isFlat ? "chart flat" : "chart"}>
      <figcaption>{caption}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={caption}>
        {children}
      </svg>
      <details>
        <summary>{text.table}</summary>
        <table>
          <thead>
            <tr>{table.heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr>
          </thead>
          <tbody>
            {table.rows.map(([name, ...values]) => (
              <tr>
                <th scope="row">{name}</th>
                {values.map((value, i) => <td key={i}>{value}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

interface GridProps {
  readonly left: number;
  /** Cents. */
  readonly ticks: readonly number[];
  readonly y: (cents: number) => number;
}

/** The lines behind a chart of amounts, each with its amount. */
export function Grid({ left, ticks, y }: GridProps): Markup {
  return (
    <>
      {ticks.map((tick) => (
        <>
          <line class="grid" x1={left} x2={WIDTH} y1={y(tick)} y2={y(tick)} />
          <text x={left - 4} y={y(tick) + 4} text-anchor="end">{shortShillings(tick)}</text>
        </>
      ))}
    </>
  );
}

/** Amounts on an axis, short: `1.2M`, `40k`, `500`. In shillings, of cents. */
function shortShillings(cents: number): string {
  const shillings = Math.abs(cents) / 100;
  const sign = cents < 0 ? "\u2212" : "";
  if (shillings >= 1_000_000) return `${sign}${trim(shillings / 1_000_000)}M`;
  return shillings >= 1_000 ? `${sign}${trim(shillings / 1_000)}k` : `${sign}${trim(shillings)}`;
}

const trim = (value: number): string => String(Number(value.toFixed(1)));
