/** The frame of a page: side rail, bottom bar, search. */
export const layoutCss = `
.skip{position:absolute;left:8px;top:-60px;background:var(--card);padding:8px 16px;border-radius:8px;z-index:9}
.skip:focus{top:8px}
.test{background:var(--amber-tint);color:var(--amber);font-size:.8125rem;font-weight:600;text-align:center;padding:2px 8px}
.shell{display:grid;grid-template-columns:224px minmax(0,1fr);max-width:1600px;margin:0 auto}
.rail{position:sticky;top:0;align-self:start;height:calc(100vh - 1.5rem);overflow-y:auto;display:flex;flex-direction:column;gap:16px;
padding:16px 12px;border-right:1px solid var(--line)}
.brand{display:flex;gap:10px;align-items:center;padding:0 8px;line-height:1.25}
.brand span{display:grid;min-width:0}.brand b{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.brand small{color:var(--soft);font-size:.8125rem}
.side{display:grid;gap:12px}
.group{font-size:.8125rem;color:var(--soft);padding:4px 10px;font-weight:600}
.side a,.sheet>a{display:flex;align-items:center;gap:10px;color:var(--ink);text-decoration:none;border-radius:8px;
padding:4px 10px;min-height:32px;font-size:.9375rem;line-height:1.25}
.side a .i,.sheet>a .i{color:var(--soft)}
.side a:hover,.sheet>a:hover{background:var(--grey-tint)}
.side [aria-current],.sheet>[aria-current]{background:var(--tint);color:var(--deep);font-weight:600}
.side [aria-current] .i{color:var(--green)}
.account{margin-top:auto;font-size:.875rem}
.account summary{display:flex;gap:10px;align-items:center;cursor:pointer;padding:6px 10px;border-radius:8px;list-style:none;
min-height:40px}
.account summary::-webkit-details-marker{display:none}
.account summary:hover{background:var(--grey-tint)}
.who{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.account>.stack{padding:8px 10px}.account p{overflow-wrap:anywhere}
.account nav{display:flex;gap:16px}
.account nav a{min-height:24px}
.account nav [aria-current]{color:var(--ink);font-weight:600;text-decoration:none}
.account label{display:grid;gap:4px}
.page{padding:12px 24px 48px;min-width:0}
main{display:grid;gap:16px;align-content:start;min-width:0}
main>*{min-width:0}
.search{display:flex;align-items:center;position:relative;margin-bottom:16px;max-width:44rem}
.search .i{position:absolute;left:12px;color:var(--soft);pointer-events:none}
.search input{width:100%;padding-left:38px;text-overflow:ellipsis}
.head{display:grid;gap:2px}
.head .line{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center}
.bottom{display:none}
.printed{display:none}
.band{position:fixed;inset:auto 16px 16px auto;z-index:8;max-width:28rem;display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;
box-shadow:0 8px 32px #0004}
.records{display:flex;gap:16px;font-size:.875rem}
.busy-bar{position:fixed;inset:0 0 auto;height:3px;background:var(--green);z-index:9;transform-origin:0 0;animation:run 2s infinite}
@keyframes run{0%{transform:scaleX(0)}60%{transform:scaleX(.7)}100%{transform:scaleX(1)}}
@media (prefers-reduced-motion:reduce){.busy-bar{animation:none}}
.keys{border:0;border-radius:12px;padding:24px;background:var(--card);color:var(--ink);max-width:34rem;width:calc(100% - 32px)}
.keys::backdrop{background:#0008}
.keys dl{display:grid;grid-template-columns:auto 1fr;gap:6px 16px;margin:12px 0}
.keys dt{white-space:nowrap}kbd{font:inherit;font-size:.8125rem;border:1px solid var(--edge);border-radius:4px;padding:0 6px}
@media (max-width:64rem){
.band{inset:auto 8px 72px 8px}
.shell{display:block}.rail{display:none}
.page{padding:12px 16px 96px}
.search{margin-bottom:12px}
.search input,.page button,.page .button,.page select,.page input:not([type=checkbox],[type=radio]){min-height:44px}
.bottom{position:fixed;inset:auto 0 0;display:grid;grid-auto-flow:column;grid-auto-columns:1fr;background:var(--card);
border-top:1px solid var(--line);z-index:5;padding-bottom:env(safe-area-inset-bottom)}
.bottom>a,.bottom summary{display:grid;justify-items:center;align-content:center;gap:2px;min-height:56px;min-width:0;
font-size:.6875rem;font-weight:400;line-height:1.15;color:var(--soft);text-decoration:none;padding:4px 2px;text-align:center;cursor:pointer;list-style:none}
.bottom summary::-webkit-details-marker{display:none}
.bottom>[aria-current]{color:var(--green);font-weight:600}
.bottom>a span,.bottom summary span{max-width:100%;overflow-wrap:anywhere;text-wrap:balance}
.sheet{position:fixed;inset:auto 0 57px;max-height:75vh;overflow-y:auto;background:var(--card);border-radius:12px 12px 0 0;
box-shadow:0 -8px 32px #0004;padding:12px;display:grid;gap:2px}
.sheet>a{min-height:44px;font-size:1rem}
}
`;
