// @ts-types="@types/d3-scale"
import { scaleBand, scaleLinear } from "d3-scale";
// @ts-types="@types/d3-shape"
import { curveStep, line } from "d3-shape";
import { shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import type { Look } from "../kit/visit.ts";
import { ChartFigure, Grid, HEIGHT, WIDTH } from "./figure.tsx";

interface HoursProps {
  readonly look: Look;
  readonly caption: string;
  /** Cents by hour of the day. */
  readonly today: ReadonlyMap<number, number>;
  readonly before: ReadonlyMap<number, number>;
  readonly heads: readonly [hour: string, today: string, before: string];
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const [LEFT, TOP, BOTTOM] = [34, 8, 20];

/** Chart A: money by hour, with the same weekday of the week before as a dashed step. */
export function HoursChart({ look, caption, today, before, heads }: HoursProps): Markup {
  const most = Math.max(1, ...today.values(), ...before.values());
  const x = scaleBand<number>().domain(HOURS).range([LEFT, WIDTH]).paddingInner(0.2);
  const y = scaleLinear().domain([0, most]).nice(4).range([HEIGHT - BOTTOM, TOP]);
  const step = line<number>().x((hour) => (x(hour) ?? 0) + x.bandwidth() / 2).y((hour) => y(before.get(hour) ?? 0))
    .curve(curveStep);
  const some = HOURS.filter((hour) => today.has(hour) || before.has(hour));
  const rows = some.map((hour) => [
    `${String(hour).padStart(2, "0")}:00`,
    shillings(today.get(hour) ?? 0),
    shillings(before.get(hour) ?? 0),
  ]);
  return (
    <ChartFigure look={look} caption={caption} table={{ heads, rows }}>
      <Grid left={LEFT} ticks={y.ticks(4)} y={y} />
      {HOURS.filter((hour) => today.has(hour)).map((hour) => (
        <rect
          class="in"
          x={x(hour)}
          y={y(today.get(hour) ?? 0)}
          width={x.bandwidth()}
          height={y(0) - y(today.get(hour) ?? 0)}
          rx={2}
        />
      ))}
      {before.size > 0 && <path class="compare" d={step(HOURS) ?? ""} />}
      <line class="axis" x1={LEFT} x2={WIDTH} y1={y(0)} y2={y(0)} />
      {[0, 6, 12, 18].map((hour) => (
        <text key={hour} x={x(hour)} y={HEIGHT - 4}>{`${String(hour).padStart(2, "0")}:00`}</text>
      ))}
    </ChartFigure>
  );
}
