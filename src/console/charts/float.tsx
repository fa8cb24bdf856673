// @ts-types="@types/d3-scale"
import { scaleLinear } from "d3-scale";
// @ts-types="@types/d3-shape"
import { curveStepAfter, line } from "d3-shape";
import { shillings } from "../../lib/shillings.ts";
import type { Markup } from "../../pages/markup.ts";
import { dayText, shortTime } from "../kit/values.tsx";
import type { Look } from "../kit/visit.ts";
import { ChartFigure, Grid, HEIGHT, WIDTH } from "./figure.tsx";

export interface Point {
  /** ms. */
  readonly at: number;
  readonly cents: number;
}

interface FloatProps {
  readonly look: Look;
  readonly caption: string;
  /** Oldest first. */
  readonly points: readonly Point[];
  /** Cents below which an alert is raised; null: none. */
  readonly alertBelow: number | null;
  readonly from: number;
  readonly heads: readonly [time: string, float: string];
  readonly alert: string;
}

const [LEFT, TOP, BOTTOM, RIGHT] = [38, 14, 20, 4];
const DAY_MS = 86_400_000;

/** Chart E: the float of the last days, with the alert level dashed and the last value written. */
export function FloatChart({ look, caption, points, alertBelow, from, heads, alert }: FloatProps): Markup {
  const most = Math.max(1, alertBelow ?? 0, ...points.map(({ cents }) => cents));
  const x = scaleLinear().domain([from, look.now]).range([LEFT, WIDTH - RIGHT]);
  const y = scaleLinear().domain([0, most]).nice(4).range([HEIGHT - BOTTOM, TOP]);
  const path = line<Point>().x(({ at }) => x(at)).y(({ cents }) => y(cents)).curve(curveStepAfter);
  const last = points.at(-1);
  const drawn = last === undefined ? points : [...points, { ...last, at: look.now }];
  const rows = points.map(({ at, cents }) => [shortTime(at, look), shillings(cents)]);
  return (
    <ChartFigure look={look} caption={caption} table={{ heads, rows }}>
      <Grid left={LEFT} ticks={y.ticks(4)} y={y} />
      {alertBelow !== null && (
        <>
          <line class="compare" x1={LEFT} x2={WIDTH} y1={y(alertBelow)} y2={y(alertBelow)} />
          <text x={LEFT + 4} y={y(alertBelow) - 4}>{alert}</text>
        </>
      )}
      <path class="line" d={path(drawn) ?? ""} />
      {last !== undefined && (
        <text class="on" x={WIDTH - RIGHT} y={Math.max(TOP - 2, y(last.cents) - 6)} text-anchor="end">
          {shillings(last.cents)}
        </text>
      )}
      {[0, 2, 4, 6].map((days) => (
        <text x={x(from + days * DAY_MS)} y={HEIGHT - 4}>{dayText(from + days * DAY_MS, look)}</text>
      ))}
    </ChartFigure>
  );
}
