// @ts-types="@types/d3-scale"
import { scaleLinear } from "d3-scale";
import type { Markup } from "../../pages/markup.ts";
import type { Look } from "../kit/visit.ts";
import { ChartFigure, WIDTH } from "./figure.tsx";

export interface Share {
  readonly name: string;
  readonly count: number;
}

interface SharesProps {
  readonly look: Look;
  readonly caption: string;
  /** The most frequent first. */
  readonly shares: readonly Share[];
  readonly heads: readonly [name: string, count: string, share: string];
}

const ROW = 26;

/** Chart C: flat bars, each with its name above and its count and share beside it. */
export function SharesChart({ look, caption, shares, heads }: SharesProps): Markup {
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...shares.map(({ count }) => count));
  const x = scaleLinear().domain([0, most]).range([2, WIDTH]);
  const percent = (count: number) => `${Math.round((count / total) * 100)}%`;
  const rows = shares.map(({ name, count }) => [name, String(count), percent(count)]);
  return (
    <ChartFigure look={look} caption={caption} height={Math.max(1, shares.length) * ROW} table={{ heads, rows }}>
      {shares.map(({ name, count }, i) => (
        <>
          <text class="on" x={0} y={i * ROW + 11}>{name}</text>
          <text x={WIDTH} y={i * ROW + 11} text-anchor="end">{`${count}, ${percent(count)}`}</text>
          <rect class="trouble" x={0} y={i * ROW + 15} width={x(count)} height={5} rx={2} />
        </>
      ))}
    </ChartFigure>
  );
}
