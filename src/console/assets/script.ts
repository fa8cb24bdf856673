import { keysJs } from "./keys.ts";
import { liveJs } from "./live.ts";
import { padJs } from "./pad.ts";
import { recordsJs } from "./records.ts";
import { sessionJs } from "./session.ts";

/**
 * The console's script. It adds comfort only: without it every page works by links and forms. It evaluates no text and
 * writes no style.
 */
export const consoleJs = `
"use strict";
(() => {
  const root = document.documentElement;
  root.dataset.js = "on";
  const say = document.getElementById("say");
  const tell = (text) => { say.textContent = text; };
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");

  async function load(link) {
    const loading = link.dataset.loading;
    link.textContent = loading;
    link.removeAttribute("data-load");
    try {
      const answer = await fetch(link.dataset.from, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const part = parse(await answer.text()).body.firstElementChild;
      link.closest("[role=status]").replaceWith(document.adoptNode(part));
    } catch {
      location.href = link.href;
    }
  }

  for (const link of document.querySelectorAll("a[data-load]")) {
    link.dataset.from = link.dataset.load;
    load(link);
  }

  // The filters apply as soon as one is chosen.
  document.addEventListener("change", ({ target }) => {
    const form = target.closest("form[data-filters]");
    if (form && target.matches("select")) form.requestSubmit();
  });

  // An empty filter stays out of the address.
  document.addEventListener("submit", ({ target }) => {
    if (target.matches("[data-filters]")) {
      for (const field of target.elements) if (field.value === "") field.disabled = true;
    }
  });

  let bar = null;
  const busy = () => {
    if (bar) return;
    bar = document.createElement("div");
    bar.className = "busy-bar";
    document.body.append(bar);
    document.querySelector("main").setAttribute("aria-busy", "true");
  };
  let waits = [];
  const wait = () => {
    waits = [setTimeout(busy, 300), setTimeout(() => tell(root.dataset.slow), 10000)];
  };
  const ready = () => {
    for (const timer of waits) clearTimeout(timer);
    bar?.remove();
    bar = null;
    document.querySelector("main").removeAttribute("aria-busy");
    for (const button of document.querySelectorAll("button[data-was]")) {
      button.disabled = false;
      button.textContent = button.dataset.was;
      button.removeAttribute("data-was");
    }
    for (const field of document.querySelectorAll("[data-filters] :disabled")) field.disabled = false;
  };

  document.addEventListener("submit", (event) => {
    const { target } = event;
    if (!navigator.onLine) {
      event.preventDefault();
      tell(root.dataset.offline);
      return;
    }
    wait();
    const button = event.submitter ?? target.querySelector("button[data-busy]");
    if (button?.dataset.busy) setTimeout(() => {
      button.dataset.was = button.textContent;
      button.disabled = true;
      button.textContent = button.dataset.busy;
    });
  });

  document.addEventListener("click", (event) => {
    const { target } = event;
    if (target.closest("[data-print]")) print();
    const copy = target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard?.writeText(copy.dataset.copy).then(() => {
        tell(copy.textContent = root.dataset.copied);
      }, () => {});
    }
    const link = target.closest("a[href]");
    const plain = link && !link.hash && !link.hasAttribute("download") && link.dataset.csv === undefined;
    if (plain && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) wait();
  });

  // What was just done has the focus, so that it is read, and the keyboard goes on from there.
  const focus = document.getElementById("errors") ?? (location.hash && document.getElementById(location.hash.slice(1)));
  if (focus) focus.focus({ preventScroll: false });
  addEventListener("pageshow", ready);
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("figure details")) details.open = true;
  });
${recordsJs}${keysJs}${padJs}${liveJs}${sessionJs}
})();
`;
