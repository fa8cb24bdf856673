// @ts-types="@types/d3-scale"
import { scaleLinear } from "d3-scale";
import type { Markup } from "../../pages/markup.ts";
import type { Look } from "../kit/visit.ts";
import { ChartFigure, WIDTH } from "./figure.tsx";

/** A part of the bar: cases of one age. */
export interface Part {
  readonly name: string;
  readonly count: number;
  /** Their list. */
  readonly href: string;
  readonly weight: "new" | "aging" | "old";
}

interface AgesProps {
  readonly look: Look;
  readonly caption: string;
  readonly parts: readonly Part[];
  readonly heads: readonly [age: string, count: string];
}

const HEIGHT = 34;
const classes = { new: "calm", aging: "trouble", old: "bad" } as const;

/** Chart F: one bar of open cases by age. Below it each part is a link to its list. */
export function AgesChart({ look, caption, parts, heads }: AgesProps): Markup {
  const shown = parts.filter(({ count }) => count > 0);
  const total = shown.reduce((sum, { count }) => sum + count, 0);
  const x = scaleLinear().domain([0, Math.max(1, total)]).range([0, WIDTH]);
  const starts = shown.map((_, i) => shown.slice(0, i).reduce((sum, { count }) => sum + count, 0));
  const rows = shown.map(({ name, count }) => [name, String(count)]);
  return (
    <>
      <ChartFigure look={look} caption={caption} height={HEIGHT} isFlat table={{ heads, rows }}>
        {shown.map(({ count, weight }, i) => (
          <>
            <rect
              class={classes[weight]}
              x={x(starts[i] ?? 0)}
              y={0}
              width={Math.max(2, x(count) - 2)}
              height={16}
              rx={3}
            />
            <text class="on" x={x(starts[i] ?? 0)} y={HEIGHT - 4}>{String(count)}</text>
          </>
        ))}
      </ChartFigure>
      <ul class="legend">
        {shown.map(({ name, count, href }) => (
          <li>
            <a href={href}>{name}: {count}</a>
          </li>
        ))}
      </ul>
    </>
  );
}
