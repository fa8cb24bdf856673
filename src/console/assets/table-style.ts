/** Lists, details and timelines. */
export const tableCss = `
.filters{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:end}
.filters .field label{font-size:.8125rem;font-weight:400;color:var(--soft)}
.filters .field{min-width:0}
.filters select,.filters input,.filters button{min-height:36px;padding-block:2px;font-size:.9375rem}
.filters select{max-width:13rem}.filters input{width:7rem}
.filters .clear,.filters>.chip{align-self:end;min-height:36px;display:inline-flex;align-items:center}
.more summary{cursor:pointer;color:var(--deep);min-height:36px;display:inline-flex;align-items:center;font-weight:400}
.more[open]{display:contents}.more[open] summary{display:none}
.more>div{display:flex;flex-wrap:wrap;gap:8px 12px}
.buttons.acts .act{min-height:36px;padding:4px 14px;box-shadow:inset 0 0 0 1px var(--edge)}
.buttons.acts:empty{display:none}
.bar{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;justify-content:space-between;min-height:32px}
.totals{font-weight:600;font-variant-numeric:tabular-nums}
.rows{width:100%;border-collapse:separate;border-spacing:0;background:var(--card);border-radius:12px;box-shadow:var(--shadow);
font-size:.875rem}
.rows th{position:sticky;top:0;background:var(--card);text-align:left;font-weight:600;color:var(--soft);font-size:.8125rem;
border-bottom:1px solid var(--line);z-index:1;border-radius:12px 12px 0 0}
.rows th,.rows td{padding:0 8px;height:40px}.rows th:first-child,.rows td:first-child{padding-left:16px}
.rows th:last-child,.rows td:last-child{padding-right:16px}
.rows td{border-top:1px solid var(--line);overflow-wrap:anywhere;max-width:22rem}
.rows tbody tr:first-child td{border-top:0}
.rows tbody tr:hover{background:color-mix(in srgb,var(--grey-tint) 45%,transparent)}
.rows .below td{height:auto;padding:4px 16px 16px;border-top:0;max-width:none}.below .card{box-shadow:none;padding:0}.above{position:relative;z-index:1;margin-left:-8px}
.rows .end{text-align:right}.rows td.end{white-space:nowrap}
.rows time,.rows .whole{white-space:nowrap}
.rows .open{color:inherit;text-decoration:none;font-weight:600}
.rows .open:hover{color:var(--deep);text-decoration:underline}
.till .big{font-size:1.75rem;font-weight:600}.till input:not([type=checkbox]){width:100%;min-width:0}.till button{min-height:48px}
.till .check{display:flex;gap:12px;align-items:center;font-weight:400}
.pad{display:none}html[data-js] .pad{display:grid;grid-template-columns:repeat(3,1fr);gap:8px}
.pad button,.page .pad button{min-height:64px;font-size:1.375rem}
.pad~button{position:sticky;bottom:8px;z-index:1}
.act[aria-current]{background:var(--tint)}
.result{justify-items:center;text-align:center;padding:32px 16px;margin-inline:auto;width:100%}
.result .big{font-size:2.4rem;line-height:1.2;font-weight:750}.result.succeeded{background:var(--tint)}
.qr{display:grid;justify-items:center;gap:8px;font-weight:600}.qr svg{width:min(100%,16rem);height:auto;background:#fff;border-radius:8px}
.wide{overflow-x:auto;background:var(--card);border-radius:12px;box-shadow:var(--shadow)}
.sums{width:100%;border-collapse:collapse;font-size:.875rem}
.sums th,.sums td{padding:0 16px;height:40px;text-align:left;white-space:nowrap;font-weight:400;border-top:1px solid var(--line)}
.sums thead th{border-top:0;color:var(--soft);font-size:.8125rem;font-weight:600}.sums .end{text-align:right}
.sums tfoot th,.sums tfoot td{font-weight:600}
.cut{display:inline-block;max-width:min(16rem,11vw);overflow:hidden;text-overflow:ellipsis;white-space:nowrap;vertical-align:bottom}
.rows tr.done{background:var(--tint)}
.rows tr:focus{outline:3px solid var(--green);outline-offset:-3px;border-radius:8px}
.rows tr[aria-current]{background:var(--grey-tint)}
.did{display:block;font-size:.8125rem;font-weight:600;color:var(--green)}
.acts form{display:inline}
.acts{white-space:nowrap}
.act,button.act{background:none;color:var(--deep);font-size:.875rem;font-weight:600;min-height:28px;padding:2px 8px;
display:inline-flex;align-items:center;border-radius:8px;text-decoration:none}
.act:hover,button.act:hover{background:var(--tint);filter:none}
.acts>*+*{margin-left:4px}
.menu{display:inline-block;position:relative;vertical-align:middle}
.menu summary{list-style:none;cursor:pointer;min-width:28px;min-height:28px;display:grid;place-items:center;border-radius:8px;color:var(--deep)}
.menu summary::-webkit-details-marker{display:none}.menu summary:hover{background:var(--tint)}
.menu>div{position:absolute;right:0;top:100%;z-index:3;background:var(--card);border:1px solid var(--line);border-radius:8px;
box-shadow:0 8px 24px #0003;padding:4px;display:grid;justify-items:stretch;min-width:9rem}
.menu .act{width:100%;min-height:36px;justify-content:flex-start}
.empty{background:var(--card);border-radius:12px;box-shadow:var(--shadow);padding:32px 16px;display:grid;gap:8px;
justify-items:center;text-align:center}
.pager{display:flex;gap:20px;justify-content:end}
.pager a{min-height:32px;display:inline-flex;align-items:center;font-weight:600}
.columns{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:16px;align-items:start}
.columns>div{display:grid;gap:16px;min-width:0}
.facts{display:grid;grid-template-columns:minmax(7rem,auto) minmax(0,1fr);gap:8px 16px;font-size:.9375rem}
.facts dt{color:var(--soft)}.facts dd{overflow-wrap:anywhere}
.sum{font-size:1.75rem;line-height:1.2;font-weight:750;letter-spacing:-.02em;font-variant-numeric:tabular-nums}
.timeline{list-style:none;padding:0;display:grid}
.timeline li{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 12px;padding:0 0 16px 20px;position:relative;
border-left:2px solid var(--line);margin-left:6px;font-size:.9375rem}
.timeline li:last-child{border-color:transparent;padding-bottom:0}
.timeline li::before{content:"";position:absolute;left:-7px;top:6px;width:12px;height:12px;border-radius:50%;
background:var(--card);border:2px solid var(--edge)}
.timeline .next::before{border-color:var(--amber);background:var(--amber-tint)}
.timeline time{color:var(--soft);white-space:nowrap}
.timeline .source{grid-column:2;color:var(--soft);font-size:.8125rem;overflow-wrap:anywhere}
.links{list-style:none;padding:0;display:grid;gap:8px}
.links:not(.plain) a{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center;justify-content:space-between;color:inherit;text-decoration:none;
padding:8px 12px;border:1px solid var(--line);border-radius:8px;min-height:44px}
.links:not(.plain) a:hover{border-color:var(--green)}
.links.plain li{display:flex;flex-wrap:wrap;gap:4px 12px;justify-content:space-between;align-items:center;overflow-wrap:anywhere;
padding:4px 0;font-size:.9375rem}
.links.checks li{flex-wrap:nowrap;align-items:start}.links.checks .chip{flex:none}
.links b{overflow-wrap:anywhere;min-width:0}
.cases{display:grid;gap:12px;list-style:none;padding:0}
.case{display:grid;gap:8px;background:var(--card);border-radius:12px;box-shadow:var(--shadow);padding:12px 16px}
.case .top{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center;font-size:.875rem;color:var(--soft)}
.case .top .money{color:var(--ink);font-weight:600;margin-left:auto}
.case .says{font-weight:600;overflow-wrap:anywhere}
.case .notes{font-size:.875rem;display:grid;gap:4px;padding-left:12px;border-left:2px solid var(--line);list-style:none}
.case .foot{display:flex;flex-wrap:wrap;gap:4px 8px;align-items:center}
.case.done{outline:2px solid var(--green)}
.case:focus{outline:3px solid var(--green)}
.case details form{display:grid;gap:8px;padding-top:8px}
.case details summary{cursor:pointer;font-size:.875rem;color:var(--deep);padding:2px 8px;min-height:28px}
.narrow-only{display:none}
.rows td input{margin-block:4px;min-height:32px}
.pair{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,1fr);gap:8px 12px;align-items:end}
@media (max-width:96rem){.rows .spare{display:none}}
@media (max-width:79.9rem){.rows .off{display:none}}
@media (max-width:64rem){
.cut{max-width:100%}
.narrow-only{display:block}.wide-only,button.wide-only{display:none}
.columns{grid-template-columns:minmax(0,1fr)}
.filters{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
.filters input,.filters select{width:100%;max-width:none}
.more summary{min-height:44px}.more[open]{display:block;grid-column:1/-1}.more>div{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
.rows,.rows tbody{display:block;background:none;box-shadow:none}
.rows thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.rows tbody{display:grid;gap:8px}
.rows tr{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:4px 12px;position:relative;background:var(--card);
border-radius:12px;box-shadow:var(--shadow);padding:12px 16px;align-items:center;
grid-template-areas:"who amount" "chip time" "reason reason"}
.rows td{display:none;border:0;padding:0;height:auto;max-width:none;text-align:left}
.rows td[class*="c-"]{display:block;padding:0}.rows tr.below{display:block;margin-top:-8px}.rows tr.below td{padding:0}
.rows .c-who{grid-area:who;font-size:1rem}.rows .c-amount{grid-area:amount;font-size:1rem;font-weight:600;text-align:right}
.rows .c-chip{grid-area:chip}.rows .c-time{grid-area:time;text-align:right;color:var(--soft)}
.rows .c-reason{grid-area:reason;color:var(--soft)}.rows .c-reason:empty{display:none}
.rows .open::after{content:"";position:absolute;inset:0;border-radius:12px}
.facts{grid-template-columns:minmax(5rem,32%) minmax(0,1fr);gap:8px 12px}
.act,button.act{min-height:44px}
.case details summary{min-height:44px;display:flex;align-items:center}
}
`;
