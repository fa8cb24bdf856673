// @ts-types="@types/d3-scale"
import { scaleBand } from "d3-scale";
import type { MinuteState } from "../../monitoring/health/read-status.ts";
import type { Markup } from "../../pages/markup.ts";
import { clockText } from "../kit/values.tsx";
import type { Look } from "../kit/visit.ts";
import { ChartFigure, WIDTH } from "./figure.tsx";

interface MinutesChartProps {
  readonly look: Look;
  readonly caption: string;
  /** Oldest first. */
  readonly cells: readonly MinuteState[];
  readonly states: Readonly<Record<MinuteState["state"], string>>;
  readonly heads: readonly [minute: string, state: string];
}

const HEIGHT = 40;
const CELL = 22;

/** Chart G: one cell for each minute: blank well, half slow, full failing. */
export function MinutesChart({ look, caption, cells, states, heads }: MinutesChartProps): Markup {
  const x = scaleBand<number>().domain(cells.map(({ minute }) => minute)).range([0, WIDTH]).paddingInner(0.15);
  const rows = cells.filter(({ state }) => state !== "none").map((
    { minute, state },
  ) => [clockText(minute), states[state]]);
  return (
    <ChartFigure look={look} caption={caption} height={HEIGHT} isFlat table={{ heads, rows }}>
      {cells.map(({ minute, state }) => (
        <>
          <rect class={state === "none" ? "unasked" : "cell"} x={x(minute)} y={0} width={x.bandwidth()} height={CELL} />
          {state === "slow" && (
            <rect class="trouble" x={x(minute)} y={CELL / 2} width={x.bandwidth()} height={CELL / 2} />
          )}
          {state === "failing" && <rect class="bad" x={x(minute)} y={0} width={x.bandwidth()} height={CELL} />}
        </>
      ))}
      {cells.filter((_, i) =>
        i % 20 === 0
      ).map(({ minute }) => <text x={x(minute)} y={HEIGHT - 5}>{clockText(minute)}</text>)}
    </ChartFigure>
  );
}
