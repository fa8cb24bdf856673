import { darkTokens, lightTokens } from "./tokens.ts";

/** The hosted page's style: no rule may rely on a line break, which {@link squeezed} removes. */
export const payCss = `
:root{color-scheme:light dark;${lightTokens}}
@media (prefers-color-scheme:dark){:root{${darkTokens}}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:29rem;min-height:100vh;min-height:100dvh;padding:1rem;display:flex;flex-direction:column}
h1,h2,p,dl,dd,ol{margin:0}
p{text-wrap:pretty}
h1{font-size:1.35rem;line-height:1.25;letter-spacing:-.01em;text-wrap:balance}
h1:focus{outline:0}
h2{font-size:1rem}
a{color:var(--deep);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--green);outline-offset:2px;border-radius:.4rem}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.top{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:0 1rem;padding:.25rem .25rem 1rem}
.brand{display:flex;align-items:center;gap:.5rem;font-weight:700;letter-spacing:-.01em}
.brand{overflow-wrap:break-word;min-width:0;max-width:100%}
.brand img{width:1.5rem;height:1.5rem;display:block;flex:none}
.brand .logo{width:auto;height:2rem;max-width:9rem;object-fit:contain}
.secured{display:flex;gap:.4rem;align-items:center;justify-content:center;margin-top:auto;padding:1.25rem .5rem .5rem;
color:var(--soft);font-size:.8rem}
.secured img{display:block}
.top a{font-size:.9rem;padding:.4rem .2rem}
main{display:grid;gap:1rem;align-content:start}
main>*{min-width:0}
.card{background:var(--card);border-radius:1.25rem;box-shadow:var(--shadow);padding:1.5rem 1.25rem}
.bill{display:grid;justify-items:center;text-align:center;gap:.1rem;padding:1.25rem 1.25rem 1.1rem}
.bill .to{font-weight:600;overflow-wrap:anywhere}
.bill .sum{font-size:2.4rem;line-height:1.2;font-weight:750;letter-spacing:-.03em;font-variant-numeric:tabular-nums}
.bill .for{overflow-wrap:anywhere}
.bill .fine{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}
.bill .part{font-weight:600;font-size:.925rem;color:var(--deep);margin-bottom:.3rem}
.split{display:grid;gap:.25rem;width:100%;margin-top:.6rem;padding-top:.7rem;border-top:1px solid var(--line)}
.split p{font-variant-numeric:tabular-nums}
.split progress{width:100%;height:.55rem;border:0;border-radius:1rem;overflow:hidden;background:var(--line);accent-color:var(--deep)}
.split progress::-webkit-progress-bar{background:var(--line)}.split progress::-webkit-progress-value{background:var(--deep)}
.split progress::-moz-progress-bar{background:var(--deep)}
.items{list-style:none;margin:.5rem 0;padding:.3rem 0;width:100%;border-block:1px solid var(--line);font-size:.925rem}
.items li{display:flex;justify-content:space-between;gap:1rem;padding:.15rem 0;text-align:start}
.items span{overflow-wrap:anywhere}.items span+span{white-space:nowrap;font-variant-numeric:tabular-nums}
.lines{list-style:none;margin:.5rem 0 0;padding:0}
.lines li{display:flex;justify-content:space-between;gap:1rem;padding:.6rem 0;border-top:1px solid var(--line);font-size:.95rem}
.lines span{display:grid;align-content:start;overflow-wrap:anywhere}
.lines span+span{text-align:end;white-space:nowrap;font-variant-numeric:tabular-nums;font-weight:600}
.lines small{color:var(--soft);font-weight:400;font-size:.8rem}
.stage{display:grid;gap:.9rem}
.stage>p:not(.note){color:var(--soft)}
.head{display:grid;gap:.35rem}
.mark{width:3.5rem;height:3.5rem;border-radius:50%;display:grid;place-items:center;background:var(--tint);color:var(--green)}
.mark svg{width:1.75rem;height:1.75rem;display:block}
.center{justify-items:center;text-align:center}
.failed .mark{background:var(--red-tint);color:var(--red)}
.unclear .mark,.review .mark,.expired .mark,.cancelled .mark{background:var(--amber-tint);color:var(--amber)}
.waiting .mark{position:relative}
.waiting .mark::after{content:"";position:absolute;inset:-.35rem;border-radius:50%;border:3px solid var(--tint);
border-top-color:var(--green);animation:turn 1.1s linear infinite}
@keyframes turn{to{rotate:1turn}}
@media (prefers-reduced-motion:reduce){.waiting .mark::after{animation:none}}
.steps{display:grid;gap:.6rem;list-style:none;padding:0;counter-reset:step;text-align:start}
.steps li{counter-increment:step;display:grid;grid-template-columns:1.75rem 1fr;gap:.6rem;align-items:start}
.steps li::before{content:counter(step);width:1.6rem;height:1.6rem;border-radius:50%;display:grid;place-items:center;
background:var(--tint);color:var(--deep);font-size:.85rem;font-weight:700}
.note{border-radius:.8rem;padding:.75rem .9rem;font-size:.925rem;background:var(--amber-tint);color:var(--amber)}
.note.bad{background:var(--red-tint);color:var(--red)}
.why{font-weight:600;color:var(--ink)!important}
form{display:grid;gap:.85rem}
label{font-weight:600}
.field{display:grid;gap:.3rem}
.hint{color:var(--soft);font-size:.875rem}
.error{color:var(--red);font-size:.925rem;font-weight:600}
input[type=tel],input[type=text]{font:inherit;font-size:1.15rem;font-variant-numeric:tabular-nums;width:100%;min-height:3.1rem;
padding:.6rem .9rem;border:1.5px solid var(--soft);border-radius:.8rem;background:var(--card);color:inherit}
input[aria-invalid=true]{border-color:var(--red)}
.check{display:flex;gap:.6rem;align-items:center;font-weight:400;font-size:.925rem;min-height:1.75rem}
.check input{width:1.2rem;height:1.2rem;margin:0;accent-color:var(--green);flex:none}
button,.button{font:inherit;font-weight:650;border:0;border-radius:.8rem;min-height:3.1rem;padding:.85rem 1.1rem;
cursor:pointer;display:block;line-height:1.4;text-align:center;text-decoration:none;width:100%;
background:var(--green);color:var(--on-green)}
button:hover,.button:hover{filter:brightness(1.08)}
button:disabled{opacity:.65;cursor:progress}
.quiet{background:transparent;color:var(--deep);box-shadow:inset 0 0 0 1.5px var(--line)}
.small{width:auto;white-space:nowrap;min-height:2.25rem;padding:.45rem .8rem;font-size:.875rem;border-radius:.6rem}
[hidden]{display:none!important}
details.card{padding:0}
summary{cursor:pointer;font-weight:600;padding:1rem 1.25rem;list-style:none;display:flex;align-items:center;
justify-content:space-between;gap:1rem;border-radius:1.25rem}
summary::-webkit-details-marker{display:none}
summary::after{content:"";width:.55rem;height:.55rem;border:solid var(--soft);border-width:0 2px 2px 0;rotate:45deg;
translate:0 -.15rem;flex:none}
[open]>summary::after{rotate:225deg;translate:0 .15rem}
.inside{display:grid;gap:1rem;padding:0 1.25rem 1.35rem}
.inside>p{color:var(--soft)}
.rows{display:grid}
.rows>div{display:flex;justify-content:space-between;align-items:center;gap:1rem;padding:.6rem 0;
border-bottom:1px solid var(--line)}
.rows>div:last-child{border:0}
.rows dt{color:var(--soft);font-size:.925rem}
.rows dd{font-weight:600;text-align:end;overflow-wrap:anywhere;display:flex;gap:.75rem;align-items:center;
font-variant-numeric:tabular-nums}
.numbers dd{font-size:1.1rem;flex-wrap:wrap;justify-content:end}
.numbers>div{gap:.25rem .75rem;flex-wrap:wrap}
.numbers>div dd{margin-inline-start:auto}
.steps>li>*{min-width:0}
.qr{display:none;gap:1rem;align-items:center}
@media (min-width:40rem) and (hover:hover){.qr{display:flex}}
.qr>div{flex:none;width:7.5rem;background:#fff;border-radius:.6rem;padding:.25rem}
.qr svg{display:block;width:100%;height:auto}
.qr p{font-size:.875rem;color:var(--soft)}
.stage>.safety,.head>.safety{color:var(--soft);font-size:.85rem}
.center .safety{text-wrap:balance}
.nb{white-space:nowrap}
.story{margin:0;padding-inline-start:1.2rem;display:grid;gap:.5rem;text-align:start}
.support{display:grid;gap:.6rem}
.support p{color:var(--soft);overflow-wrap:anywhere}
.support strong{color:var(--ink)}
.support ul{list-style:none;margin:0;padding:0;display:grid;gap:.25rem}
.support a{display:inline-block;padding:.5rem 0;font-weight:600;overflow-wrap:anywhere}
.groups span+span{margin-inline-start:.4em}
.going{display:flex;gap:.75rem;align-items:center;justify-content:center;flex-wrap:wrap;color:var(--soft);font-size:.925rem}
.total{font-size:2.2rem;font-weight:750;letter-spacing:-.03em;color:var(--ink)!important;font-variant-numeric:tabular-nums}
.code{display:flex;gap:1rem;align-items:center;flex-wrap:wrap;border-top:1px dashed var(--line);padding-top:1rem}
.code>div{flex:none;width:min(11rem,100%);background:#fff;border-radius:.6rem;padding:.25rem}
.code svg{display:block;width:100%;height:auto}
.code p{flex:1 1 8rem}
.acts{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fit,minmax(6rem,1fr))}
.acts>*{padding-inline:.4rem;font-size:.925rem}
textarea{font:inherit;width:100%;padding:.6rem .9rem;border:1.5px solid var(--soft);border-radius:.8rem;background:var(--card);color:inherit;overflow-wrap:anywhere}
.note.good{background:var(--tint);color:var(--deep)}
.receipt{border-top:1px dashed var(--line);padding-top:.4rem}
@media (min-width:40rem){body{padding-top:2.5rem}}
@media (max-width:17rem){
body{padding:.5rem}.card{padding:1rem .75rem}.bill .sum{font-size:1.6rem}h1{font-size:1.1rem}.inside,summary{padding-inline:.75rem}
.rows>div,.items li,.lines li{flex-wrap:wrap;gap:.1rem .5rem}.steps li{grid-template-columns:1fr}button,.button{padding-inline:.5rem}}
@media print{
:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#333;--line:#bbb;--shadow:none;--green:#000;--tint:#fff}
.top nav,.secured,.going,.acts,.support,form,details,button,.button,.noprint{display:none!important}
.card{padding:.5rem 0}body{max-width:none}}
`;
