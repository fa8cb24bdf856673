// @ts-types="@types/d3-scale"
import { scaleBand, scaleLinear } from "d3-scale";
import { shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import { dayText } from "../kit/values.tsx";
import type { Look } from "../kit/visit.ts";
import { ChartFigure, Grid, HEIGHT, WIDTH } from "./figure.tsx";

/** The sums of a day in cents. `at`: some moment of it, in ms. */
export interface Day {
  readonly at: number;
  readonly in: number;
  readonly out: number;
}

interface DaysProps {
  readonly look: Look;
  readonly caption: string;
  readonly days: readonly Day[];
  readonly heads: readonly [day: string, income: string, outgo: string];
}

const [LEFT, TOP, BOTTOM] = [38, 8, 20];
/** Every so many days have their name on the axis. */
const NAMED = 4;

/** Chart B: money by day, in above zero, out below it and hatched. */
export function DaysChart({ look, caption, days, heads }: DaysProps): Markup {
  const x = scaleBand<number>().domain(days.map(({ at }) => at)).range([LEFT, WIDTH]).paddingInner(0.25);
  const low = Math.min(0, ...days.map((day) => -day.out));
  const high = Math.max(1, ...days.map((day) => day.in));
  const y = scaleLinear().domain([low, high]).nice(4).range([HEIGHT - BOTTOM, TOP]);
  const isEmpty = days.every((day) => day.in === 0 && day.out === 0);
  const rows = isEmpty
    ? []
    : days.map((day) => [dayText(day.at, look), shillings(day.in), shillings(day.out === 0 ? 0 : -day.out)]);
  return (
    <ChartFigure look={look} caption={caption} table={{ heads, rows }}>
      <defs>
        <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch-back" width="6" height="6" />
          <path class="hatch" d="M0 0V6" />
        </pattern>
      </defs>
      <Grid left={LEFT} ticks={y.ticks(4)} y={y} />
      {days.map((day) => (
        <>
          {day.in > 0 && (
            <rect class="in" x={x(day.at)} y={y(day.in)} width={x.bandwidth()} height={y(0) - y(day.in)} rx={2} />
          )}
          {day.out > 0 && <rect class="out" x={x(day.at)} y={y(0)} width={x.bandwidth()} height={y(-day.out) - y(0)} />}
        </>
      ))}
      <line class="axis" x1={LEFT} x2={WIDTH} y1={y(0)} y2={y(0)} />
      {days.filter((_, i) => i % NAMED === 0).map(({ at }) => (
        <text key={at} x={x(at)} y={HEIGHT - 4}>{dayText(at, look)}</text>
      ))}
    </ChartFigure>
  );
}
