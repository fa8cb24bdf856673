/** The page's style sheet. */
export const HANDSET_CSS = `
:root { --ink: #17211b; --soft: #5d6b63; --line: #d9e0db; --paper: #f4f7f5; --green: #0a7d3c; --red: #b3261e;
  color: var(--ink); background: var(--paper); font: 15px/1.45 system-ui, sans-serif; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.4rem; margin: 0; }
header p { color: var(--soft); margin: .3rem 0 .9rem; }
header form { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: 1.5rem; }
input { border: 1px solid var(--line); border-radius: .6rem; font: inherit; padding: .55rem .8rem; min-width: 12rem; }
button { border: 0; border-radius: .6rem; background: var(--ink); color: #fff; cursor: pointer; font: inherit;
  font-weight: 600; padding: .55rem 1rem; }
button:hover { filter: brightness(1.15); }
:focus-visible { outline: 3px solid #7cc79b; outline-offset: 2px; }
main { align-items: start; display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
.none, .idle { color: var(--soft); text-align: center; }
.handset { background: #10161a; border-radius: 2.2rem; box-shadow: 0 12px 30px #0003; max-width: 21rem;
  padding: .75rem; width: 100%; }
.bar { align-items: center; color: #fff; display: flex; font-size: .85rem; justify-content: space-between;
  padding: .2rem .6rem .6rem; }
.mode { background: #2b353b; border-radius: 1rem; font-size: .75rem; padding: .2rem .7rem; }
.mode[aria-pressed=true] { background: var(--green); }
.screen { background: #fff; border-radius: 1.6rem; min-height: 14rem; padding: 1rem; }
.prompt { background: var(--paper); border: 1px solid var(--line); border-radius: 1rem; padding: 1rem; }
.prompt p { margin: 0 0 .9rem; overflow-wrap: anywhere; }
.answers { display: grid; gap: .5rem; grid-template-columns: 1fr 1fr; }
.answers button { font-size: .9rem; padding: .55rem .3rem; }
.answers .pay { background: var(--green); grid-column: 1 / -1; }
.answers .wrong_pin, .answers .decline { background: #fff; border: 1px solid var(--line); color: var(--ink); }
.answers .decline { color: var(--red); }
.messages { display: grid; gap: .6rem; list-style: none; margin: 1rem 0 0; padding: 0; }
.messages li { background: var(--paper); border-left: 3px solid var(--green); border-radius: .4rem .9rem .9rem .4rem;
  font-size: .85rem; overflow-wrap: anywhere; padding: .6rem .8rem; }
.messages .failed { border-color: var(--red); }
.messages small { color: var(--soft); display: block; margin-top: .2rem; }
`;

/** The page's script: refreshes the handsets each second, and sends their forms without leaving the page. */
export const HANDSET_JS = `
const current = () => document.getElementById("handsets");

async function refresh() {
  try {
    const response = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.getElementById("handsets");
    if (next && next.innerHTML !== current().innerHTML) current().replaceWith(next);
  } catch {
    // The simulator is down; the next tick tries again.
  }
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new URLSearchParams(new FormData(form, event.submitter));
  await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
  await refresh();
});

setInterval(refresh, 1000);
`;
