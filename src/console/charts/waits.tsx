// @ts-types="@types/d3-scale"
import { scaleBand, scaleLinear } from "d3-scale";
import type { Markup } from "../../pages/markup.ts";
import type { Look } from "../kit/visit.ts";
import { ChartFigure, HEIGHT, WIDTH } from "./figure.tsx";

export interface Wait {
  readonly name: string;
  readonly count: number;
  /** The median is in it. */
  readonly hasMedian: boolean;
}

interface WaitsProps {
  readonly look: Look;
  readonly caption: string;
  readonly waits: readonly Wait[];
  readonly median: string;
  readonly heads: readonly [wait: string, count: string];
}

const [TOP, BOTTOM] = [22, 20];

/** Chart D: how long it takes to know, the class of the median marked by its word. */
export function WaitsChart({ look, caption, waits, median, heads }: WaitsProps): Markup {
  const x = scaleBand<string>().domain(waits.map(({ name }) => name)).range([0, WIDTH]).paddingInner(0.2);
  const y = scaleLinear().domain([0, Math.max(1, ...waits.map(({ count }) => count))]).range([HEIGHT - BOTTOM, TOP]);
  const isEmpty = waits.every(({ count }) => count === 0);
  const rows = isEmpty ? [] : waits.map(({ name, count }) => [name, String(count)]);
  const middle = (name: string) => (x(name) ?? 0) + x.bandwidth() / 2;
  return (
    <ChartFigure look={look} caption={caption} table={{ heads, rows }}>
      {waits.map(({ name, count, hasMedian }) => (
        <>
          <rect
            class={hasMedian ? "in" : "calm"}
            x={x(name)}
            y={y(count)}
            width={x.bandwidth()}
            height={y(0) - y(count)}
            rx={2}
          />
          <text
            class={hasMedian ? "on" : undefined}
            x={hasMedian && name === waits[0]?.name ? x(name) : middle(name)}
            y={y(count) - 5}
            text-anchor={hasMedian && name === waits[0]?.name ? "start" : "middle"}
          >
            {hasMedian ? `${count} · ${median}` : String(count)}
          </text>
          <text x={middle(name)} y={HEIGHT - 4} text-anchor="middle">{name}</text>
        </>
      ))}
      <line class="axis" x1={0} x2={WIDTH} y1={y(0)} y2={y(0)} />
    </ChartFigure>
  );
}
