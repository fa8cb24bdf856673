import { darkTokens, lightTokens } from "../../pages/assets/tokens.ts";
import { chartCss } from "./chart-style.ts";
import { layoutCss } from "./layout-style.ts";
import { printCss } from "./print-style.ts";
import { tableCss } from "./table-style.ts";

const light = `${lightTokens};
--blue:#1f5a9e;--blue-tint:#e8f0fa;--violet:#6b3fa0;--violet-tint:#f1eafa;--grey-tint:#eaefeb;--edge:#7b8a82`;
const dark = `${darkTokens};
--blue:#8fc0ff;--blue-tint:#14283f;--violet:#cbb0f5;--violet-tint:#2a2040;--grey-tint:#232d28;--edge:#6f7f77`;

/** Text, forms and buttons. */
const base = `
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
-webkit-text-size-adjust:100%;scroll-padding-block:5rem}
body,h1,h2,h3,p,dl,dd,ol,ul,figure,fieldset{margin:0}
body{min-height:100vh;min-height:100dvh}
h1{font-size:1.375rem;line-height:1.25;font-weight:750;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:1rem;font-weight:600}
p{text-wrap:pretty}
b,th,label,summary{font-weight:600}
a{color:var(--deep);text-underline-offset:.2em}
code,.id{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:.8125rem;overflow-wrap:anywhere}
time,.money,.phone,td,dd{font-variant-numeric:tabular-nums}
.money,.phone{white-space:nowrap}
:focus-visible{outline:3px solid var(--green);outline-offset:2px;border-radius:8px}
h1:focus,main:focus{outline:0}
[hidden]{display:none!important}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.soft,.hint{color:var(--soft)}
.hint{font-size:.875rem;font-weight:400}
.i{width:1.125rem;height:1.125rem;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;
stroke-linejoin:round}
.card{background:var(--card);border-radius:12px;box-shadow:var(--shadow);padding:16px}
.card.narrow,.narrow{max-width:40rem}
.stack,.card{display:grid;gap:12px;align-content:start}
.stack>*,.card>*{min-width:0}
.chip{display:inline-flex;align-items:center;gap:4px;font-size:.8125rem;line-height:1.25rem;font-weight:600;
border-radius:8px;padding:1px 8px 1px 6px;white-space:nowrap;vertical-align:middle;text-decoration:none;color:var(--soft);background:var(--grey-tint)}
.i path[d^="M5 12h.1"]{stroke-width:3.5}
.chip .i{width:.9375rem;height:.9375rem;stroke-width:2.4}
.chip.green{color:var(--green);background:var(--tint)}.chip.blue{color:var(--blue);background:var(--blue-tint)}
.chip.amber{color:var(--amber);background:var(--amber-tint)}.chip.red{color:var(--red);background:var(--red-tint)}
.chip.violet{color:var(--violet);background:var(--violet-tint)}
.note,.error{overflow-wrap:anywhere}.note{border-radius:12px;padding:12px 16px;background:var(--amber-tint);color:var(--amber)}
.note.bad{background:var(--red-tint);color:var(--red)}.note.good{background:var(--tint);color:var(--green);font-weight:600}
.note a{color:inherit}.note ul{padding-left:20px}
input,select,textarea{font:inherit;color:inherit;background:var(--card);border:1px solid var(--edge);border-radius:8px;
min-height:40px;padding:6px 10px;max-width:100%}
textarea{min-height:72px;width:100%;resize:vertical}
.stack input:not([type=checkbox],[type=radio]),.stack select{width:100%}
input[type=checkbox],input[type=radio]{min-height:0;width:20px;height:20px;margin:0;accent-color:var(--green);flex:none}
input::placeholder{color:var(--soft);opacity:1}
[aria-invalid=true]{border-color:var(--red);border-width:2px}
.field{display:grid;gap:4px;align-content:start}
.error{color:var(--red);font-weight:600;font-size:.875rem}
.choices{display:grid;gap:8px;border:0;padding:0;min-width:0}
.choices legend{font-weight:600;padding:0;margin-bottom:8px}
.choices.two{grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr))}.choices.two legend{grid-column:1/-1}
.choice{display:grid;grid-template-columns:20px 1fr;gap:4px 12px;align-items:start;font-weight:400;border:1px solid var(--line);
border-radius:8px;padding:12px;cursor:pointer}
.choice:has(:checked){border-color:var(--green);background:var(--tint)}
.choice b{overflow-wrap:anywhere}
button,.button{font:inherit;font-weight:600;border:0;border-radius:8px;min-height:40px;padding:6px 16px;cursor:pointer;
display:inline-flex;align-items:center;justify-content:center;gap:8px;text-align:center;text-decoration:none;
background:var(--green);color:var(--on-green)}
button:hover,.button:hover{filter:brightness(1.08)}
button:disabled{opacity:.65;cursor:progress}
.quiet,button.quiet,.button.quiet{background:transparent;color:var(--deep);box-shadow:inset 0 0 0 1px var(--edge)}
.quiet.small,button.small,.button.small{min-height:32px;padding:2px 12px;font-size:.875rem;border-radius:8px}
a.quiet{text-decoration:none;display:inline-flex;align-items:center}
.buttons{display:flex;flex-wrap:wrap;gap:12px;align-items:center}
.consequence{font-weight:600;border-left:4px solid var(--green);padding-left:12px;text-wrap:pretty}
.about{display:grid;gap:4px;overflow-wrap:anywhere}
.about .money{font-size:1.375rem;font-weight:750}
`;

/** The console's style. No rule may rely on a line break: they are removed. */
export const consoleCss = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${dark}}}
:root[data-theme=light]{color-scheme:light}
:root[data-theme=dark]{color-scheme:dark;${dark}}
${base}${layoutCss}${tableCss}${chartCss}${printCss}`;
