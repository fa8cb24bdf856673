/**
 * The keyboard shortcuts, as a part of the script. None works in a field, with another key held, or where the person has
 * switched them off, and none sends a form: no key moves money.
 */
export const keysJs = `
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const current = () => document.activeElement?.closest?.("[data-row]") ?? null;
  const step = (by) => {
    const all = rows();
    const at = all.indexOf(current());
    const next = all[at === -1 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
    next?.focus();
  };
  const follow = (selector, within = document) => within.querySelector(selector)?.click();
  const help = () => document.getElementById("keys")?.showModal();
  const goes = { h: "home", a: "attention", p: "payments", o: "payouts", u: "unmatched", r: "reconciliation", l: "ledger", s: "sell" };
  const acts = {
    "/": () => document.getElementById("q")?.focus(),
    "?": help,
    j: () => step(1),
    k: () => step(-1),
    Enter: () => current() === document.activeElement && follow("a.open", current()),
    x: () => follow("input[type=checkbox]", current() ?? document),
    "[": () => follow("[data-key='[']"),
    "]": () => follow("[data-key=']']"),
    f: () => document.querySelector("[data-filters] select, [data-filters] input")?.focus(),
    n: () => follow("[data-key=n]"),
    p: () => follow("[data-key=p]"),
    c: () => follow("[data-copy]"),
    Escape: () => follow("[data-back]"),
  };
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (root.dataset.keys === "off" || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    if (key === "Escape" && target.matches("input, select, textarea")) return target.blur();
    if (target.matches("input, select, textarea, [contenteditable]") || document.querySelector("dialog[open]")) return;
    if (target.matches("a, button, summary") && key === "Enter") return;
    if (going > Date.now() && goes[key]) {
      going = 0;
      event.preventDefault();
      return follow("[data-nav=" + goes[key] + "]");
    }
    if (key === "g") {
      going = Date.now() + 1500;
      return;
    }
    const act = acts[key];
    if (!act) return;
    event.preventDefault();
    act();
  });
`;
