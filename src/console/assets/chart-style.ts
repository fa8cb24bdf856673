/** Charts and figures. */
export const chartCss = `
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:12px}
.figure{background:var(--card);border-radius:12px;box-shadow:var(--shadow);padding:12px 16px;display:grid;gap:2px;align-content:start}
.figure .label{font-size:.875rem;color:var(--soft)}
.figure .value{font-size:1.75rem;line-height:1.2;font-weight:750;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.figure .than{font-size:.875rem;color:var(--soft)}
.figure .up{color:var(--green);font-weight:600}.figure .down{color:var(--red);font-weight:600}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:16px}
.chart{background:var(--card);border-radius:12px;box-shadow:var(--shadow);padding:16px;display:grid;gap:8px;align-content:start}
.chart figcaption{font-weight:600}
.chart svg{display:block;width:100%;height:auto}
.chart.flat svg{max-width:26rem}
.chart text{fill:var(--soft);font-size:11px;font-variant-numeric:tabular-nums}
.chart text.on{fill:var(--ink);font-weight:600}
.chart .axis{stroke:var(--edge);stroke-width:1}.chart .grid{stroke:var(--line);stroke-width:1}
.chart .in{fill:var(--green)}.chart .out{fill:url(#hatch);stroke:var(--blue);stroke-width:1}
.chart .hatch{stroke:var(--blue);stroke-width:2}.chart .hatch-back{fill:var(--blue-tint)}
.chart .compare{fill:none;stroke:var(--soft);stroke-width:1.5;stroke-dasharray:4 3}
.chart .trouble{fill:var(--amber)}.chart .bad{fill:var(--red)}.chart .calm{fill:var(--edge)}
.chart .line{fill:none;stroke:var(--green);stroke-width:2}
.chart .cell{fill:none;stroke:var(--edge)}.chart .unasked{fill:none;stroke:var(--line)}
.chart details{font-size:.875rem}.chart summary{cursor:pointer;color:var(--deep);min-height:24px}
.legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.875rem}
.legend a{display:inline-flex;min-height:24px;align-items:center}
.chart table{width:100%;border-collapse:collapse;margin-top:8px}
.chart th,.chart td{text-align:left;padding:2px 8px 2px 0;border-top:1px solid var(--line);font-weight:400}
.chart th+th,.chart td{text-align:right;font-variant-numeric:tabular-nums}
`;
