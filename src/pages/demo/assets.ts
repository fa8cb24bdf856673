import { payCss } from "../assets/style.ts";

/** The demo shop's style: that of the hosted page, and rules of its own. */
export const shopCss = `${payCss}
body{max-width:70rem}
.shop{display:grid;gap:1.25rem;align-items:start}
@media (min-width:56rem){.shop{grid-template-columns:1fr 24rem}}
.shop>div,.shop>aside{display:grid;gap:1.25rem;min-width:0}
.top nav{display:flex;gap:.25rem 1rem;flex-wrap:wrap}
.products{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));list-style:none;margin:0;padding:0}
.products li{display:grid;gap:.5rem;grid-template-rows:auto auto 1fr auto}
.picture{border-radius:.9rem;background:var(--tint);color:var(--green);display:grid;place-items:center;height:8rem}
.picture svg{width:4rem;height:4rem}
.soft{color:var(--soft);font-size:.925rem}
.price{font-weight:700;font-variant-numeric:tabular-nums}
.lines{list-style:none;margin:0;padding:0;display:grid;gap:.25rem}
.lines li{display:flex;gap:1rem;justify-content:space-between;align-items:center}
.lines form{display:flex;gap:.4rem;align-items:center}
.lines button{min-width:2.25rem}
.sum-row{display:flex;justify-content:space-between;font-weight:700;font-size:1.15rem;border-top:1px solid var(--line);padding-top:.75rem}
iframe{border:1px solid var(--line);border-radius:1rem;width:100%;height:30rem;background:#fff}
table{border-collapse:collapse;width:100%;font-size:.925rem}
td,th{text-align:start;padding:.35rem .25rem;border-bottom:1px solid var(--line)}
.events{list-style:none;margin:0;padding:0;display:grid;gap:.4rem;font-size:.9rem}
.events li{display:grid;grid-template-columns:1fr auto;gap:.1rem .75rem;border-inline-start:3px solid var(--line);padding:.15rem .6rem}
.events li.delivered{border-color:var(--green)}
.events code{overflow-wrap:anywhere}
.events .soft{grid-column:1/-1;font-size:.85rem}
.note.good{background:var(--tint);color:var(--deep)}
.stack{display:grid;gap:.75rem}
`;

/** The demo shop's script: loads the list of events again every 2 s. */
export const shopJs = `
"use strict";
setInterval(async () => {
  if (document.hidden) return;
  const response = await fetch("/demo/events", { cache: "no-store" }).catch(() => null);
  if (!response?.ok) return;
  const next = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("events");
  const shown = document.getElementById("events");
  if (next && shown && next.innerHTML !== shown.innerHTML) shown.replaceWith(next);
}, 2000);
for (const hidden of document.querySelectorAll("[data-nojs]")) hidden.hidden = true;
`;
