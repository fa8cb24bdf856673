/** The style of the API reference and of the problem pages. */
export const referenceCss = `
:root{color-scheme:light dark;
--paper:#fff;--raised:#f6f8f6;--ink:#14201a;--soft:#52605a;--line:#e0e7e2;
--green:#0b7a3b;--tint:#e6f4ec;--red:#a3201a;--amber:#7a4d00;--blue:#1d4ed8;
--night:#101814;--night-line:#24302a;--night-ink:#dbe7df;--night-soft:#93a49a}
@media (prefers-color-scheme:dark){:root{
--paper:#0d1310;--raised:#141c18;--ink:#e8efea;--soft:#a3b1a9;--line:#26322c;
--green:#3ecf7f;--tint:#12301f;--red:#ff9c93;--amber:#f3c566;--blue:#93b4ff;
--night:#080d0a;--night-line:#1e2924}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:100%/1.6 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
-webkit-text-size-adjust:100%;scroll-padding-top:1.5rem}
body{margin:0}
h1,h2,h3,h4,p,ul,ol,dl,pre{margin:0}
h1{font-size:2rem;line-height:1.2;letter-spacing:-.02em}
h2{font-size:1.5rem;line-height:1.25;letter-spacing:-.015em}
h3{font-size:1.15rem;line-height:1.35}
h3 a{color:inherit;text-decoration:none}
h3 a:hover{text-decoration:underline}
h4,.says h2{font-size:.8rem;text-transform:uppercase;letter-spacing:.06em;color:var(--soft);margin-top:.5rem}
a{color:var(--green);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--green);outline-offset:2px;border-radius:.2rem}
code{font:.9em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
:not(pre)>code{background:var(--raised);border:1px solid var(--line);border-radius:.3rem;padding:.05em .3em}
.frame{display:grid;grid-template-columns:17rem minmax(0,1fr);min-height:100vh}
.side{border-right:1px solid var(--line);background:var(--raised);font-size:.9rem}
.side>div{position:sticky;top:0;max-height:100vh;overflow:auto;padding:1.5rem 1.25rem 3rem}
.brand{font-weight:750;font-size:1.15rem;letter-spacing:-.01em;color:var(--ink);text-decoration:none}
.brand small{font-weight:400;color:var(--soft)}
.side ul{list-style:none;padding:0;margin:0}
.side .top>a{display:block}
.side summary,.side .top>a{padding:.25rem 0;color:var(--ink);font-weight:600;cursor:pointer;text-decoration:none}
.side li a{display:block;padding:.2rem 0 .2rem .75rem;color:var(--soft);font-weight:400;text-decoration:none;border-left:2px solid var(--line)}
.side a:hover{color:var(--green)}
.side a[aria-current]{color:var(--green);font-weight:700}
.side li a[aria-current]{border-left-color:var(--green)}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem;z-index:2}
input,textarea,button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--soft);border-radius:.35rem;padding:.4rem .6rem}
button{cursor:pointer}
.side form{display:flex;gap:.35rem;margin-top:1rem}
.side form input{min-width:0;flex:1}
#hits ul{padding:.4rem 0;display:grid;gap:.35rem}
small{color:var(--soft)}
.side nav{display:grid;gap:.25rem;margin-top:1rem}
main{padding:2.5rem 2.5rem 6rem;max-width:84rem;display:grid;gap:3.5rem;align-content:start}
main>*{min-width:0}
h1,h2,h3,p,li,summary{overflow-wrap:anywhere}
.intro>*,.group>*,.prose>*{min-width:0}
.lead{font-size:1.1rem;color:var(--soft);max-width:44rem}
.intro,.chapter{display:grid;gap:1.25rem}
.prose{max-width:44rem;display:grid;gap:.75rem}
.chapter>header{display:grid;gap:.5rem;max-width:44rem;border-top:1px solid var(--line);padding-top:2.5rem}
.chapter>header p{color:var(--soft)}
.call{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:2.5rem}
.call .says,.call .shows{display:grid;gap:.75rem;align-content:start;min-width:0}
.call .shows>*,.call .says>*{min-width:0}
.line{display:flex;gap:.5rem;align-items:center;flex-wrap:wrap}
.method{font:700 .72rem/1 ui-monospace,Menlo,Consolas,monospace;padding:.35em .5em;border-radius:.3rem;background:var(--tint);color:var(--green)}
.method.post{background:#dbe6ff;color:#1d4ed8}
.method.patch{background:#fdf3df;color:#7a4d00}
.method.delete{background:#fdecea;color:#a3201a}
@media (prefers-color-scheme:dark){.method.post{background:#16244d;color:#93b4ff}
.method.patch{background:#2f2611;color:#f3c566}.method.delete{background:#371a18;color:#ff9c93}}
.scope{font-size:.9rem;color:var(--soft)}
.old{color:var(--red);font-weight:600}
.status{font:600 .8rem/1 ui-monospace,Menlo,Consolas,monospace;color:var(--soft)}
.fields{list-style:none;padding:0;border-top:1px solid var(--line)}
.fields>li{padding:.55rem 0;border-bottom:1px solid var(--line)}
.fields .fields{margin:.5rem 0 0 .25rem;padding-left:.9rem;border-left:2px solid var(--line);border-top:0}
.fields .fields>li:last-child{border-bottom:0}
.fields p{color:var(--soft);font-size:.925rem}
.field{display:flex;gap:.15rem .6rem;align-items:baseline;flex-wrap:wrap}
.field code.name{background:none;border:0;padding:0;font-weight:650;color:var(--ink)}
.type{color:var(--soft);font-size:.85rem}
.must{color:var(--red);font-size:.75rem;font-weight:600}
.panel{background:var(--night);color:var(--night-ink);border-radius:.6rem;overflow:hidden;border:1px solid var(--night-line)}
.panel .title,.panel summary{padding:.5rem .9rem;font-size:.85rem;color:var(--night-soft);border-bottom:1px solid var(--night-line)}
.panel b{color:var(--night-ink)}
.panel summary{cursor:pointer}
details.panel:not([open]) summary{border-bottom:0}
pre{overflow:auto;padding:.9rem;font-size:.85rem;max-height:32rem}
pre code{overflow-wrap:normal;white-space:pre}
.panel .k{color:#8fd6ff}.panel .s{color:#a5e3b4}.panel .n{color:#f7c98b}.panel .w{color:#d7b4ff}
.samples,.run{display:grid;gap:.75rem}
.samples .panel{min-width:0}
.samples .tabbed>.title{display:none}
.tabs{display:flex;flex-wrap:wrap;gap:.25rem}
.tabs button{border:0;border-bottom:2px solid transparent;border-radius:0;background:none}
.tabs [aria-selected=true]{border-bottom-color:var(--green);color:var(--green);font-weight:650}
.copyable{position:relative}
.copyable pre{padding-right:4.5rem}
.copy{position:absolute;top:.4rem;right:.4rem;font-size:.75rem;padding:.15rem .5rem;background:var(--night);color:var(--night-ink);border-color:var(--night-soft)}
.run{padding:0 .9rem .9rem}
.run[hidden]{display:none}
.run .title{margin:0 -.9rem}
.run label{display:grid;gap:.25rem;color:var(--night-soft);font-size:.85rem}
.run input,.run textarea{background:var(--night);color:var(--night-ink);font:.85rem/1.5 ui-monospace,Menlo,Consolas,monospace;min-width:0;width:100%}
.run button{background:#0b7a3b;color:#fff;border-color:#0b7a3b;justify-self:start}
.run output{white-space:pre-wrap;overflow-wrap:anywhere;max-height:24rem;overflow:auto;font:.85rem/1.5 ui-monospace,Menlo,Consolas,monospace}
.operations,.cards,.hits{list-style:none;padding:0;display:grid;gap:.45rem}
.cards{grid-template-columns:repeat(auto-fill,minmax(min(16rem,100%),1fr))}
.group{display:grid;gap:.6rem;padding-top:1rem;border-top:1px solid var(--line)}
.group p{color:var(--soft)}
.guide{display:grid;gap:1rem;max-width:48rem}
.guide>*{min-width:0}
.guide h2,.guide h3{margin-top:1rem}
.guide td code{white-space:normal}
.fields details>summary{cursor:pointer;color:var(--soft);font-size:.875rem}
.errors{font-size:.9rem}
.errors summary{cursor:pointer;color:var(--soft)}
.errors ul{list-style:none;padding:.4rem 0 0;display:grid;gap:.25rem}
.table{overflow:auto}
table{border-collapse:collapse;width:100%;font-size:.925rem}
th,td{text-align:left;vertical-align:top;padding:.55rem .9rem .55rem 0;border-bottom:1px solid var(--line)}
td code{white-space:nowrap}
th{font-size:.8rem;text-transform:uppercase;letter-spacing:.05em;color:var(--soft)}
.object{border:1px solid var(--line);border-radius:.6rem;padding:0 1.1rem}
.object>summary{padding:.75rem 0;cursor:pointer;font-weight:600}
.object p{color:var(--soft)}
.object[open]{padding-bottom:1rem}
.object:has(:target){border-color:var(--green)}
.narrow{max-width:46rem;margin:0 auto;padding:2.5rem 1.5rem 5rem;display:grid;gap:1.5rem}
.narrow section{display:grid;gap:.5rem}
.narrow .panel{min-width:0}
@media (max-width:75rem){.call{grid-template-columns:minmax(0,1fr);gap:1.25rem}}
@media (max-width:52rem){.frame{grid-template-columns:minmax(0,1fr)}
.side{border-right:0;border-bottom:1px solid var(--line)}
.side>div{position:static;max-height:none;padding:1rem 1.25rem}
.side nav{max-height:40vh;overflow:auto}
main{padding:1.5rem 1.25rem 4rem;gap:2.5rem}
.chapter>header{padding-top:1.75rem}}
@media print{.side{display:none}.frame{display:block}main{padding:0}.call{display:block;break-inside:avoid}
pre{max-height:none;white-space:pre-wrap}.panel{background:#fff;color:#000;border-color:#999}
.panel *{color:#000!important}details>*{display:block}}
`;
