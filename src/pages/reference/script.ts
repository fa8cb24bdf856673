import { findEntries } from "./find.ts";

/**
 * The script of the documentation: search while typing, tabs, copy buttons, and in development "Run". Every page can be
 * read without it.
 */
export const docsJs = `
"use strict";
(() => {
  const find = ${findEntries};
  const make = (name, props, ...children) => {
    const element = Object.assign(document.createElement(name), props);
    element.append(...children);
    return element;
  };

  const field = document.getElementById("q");
  const hits = document.getElementById("hits");
  let index = null;
  const load = () => index ??= fetch(field.form.dataset.index).then((answer) => answer.json()).catch(() => index = null);
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName ?? "");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      field.focus();
    }
    if (event.key === "Escape" && event.target === field) {
      field.value = "";
      hits.replaceChildren();
    }
  });
  field?.addEventListener("focus", load, { once: true });
  field?.addEventListener("input", async () => {
    const entries = await load();
    if (!entries) return;
    const found = find(entries, field.value).slice(0, 8);
    const nothing = field.value.trim() === "" ? [] : [make("p", { textContent: "Nothing found." })];
    hits.replaceChildren(...(found.length === 0 ? nothing : [make("ul", {}, ...found.map(({ title, path, group }) =>
      make("li", {}, make("a", { href: path }, title, " ", make("small", { textContent: group })))))]));
  });

  for (const pre of document.querySelectorAll("pre")) {
    const button = make("button", { type: "button", className: "copy", textContent: "Copy" });
    button.addEventListener("click", async () => {
      const done = await navigator.clipboard.writeText(pre.textContent).then(() => "Copied", () => "Not allowed");
      button.textContent = done;
      setTimeout(() => button.textContent = "Copy", 2000);
    });
    const box = make("div", { className: "copyable" });
    pre.replaceWith(box);
    box.append(pre, button);
  }

  const kept = () => { try { return localStorage.getItem("docs-language"); } catch { return null; } };
  for (const group of document.querySelectorAll(".samples")) {
    const panels = [...group.children];
    if (panels.length < 2) continue;
    const tabs = panels.map((panel) => make("button", { type: "button", textContent: panel.dataset.language }));
    const show = (at, keep) => {
      panels.forEach((panel, i) => panel.hidden = i !== at);
      tabs.forEach((tab, i) => {
        tab.setAttribute("aria-selected", String(i === at));
        tab.tabIndex = i === at ? 0 : -1;
      });
      if (keep) try { localStorage.setItem("docs-language", panels[at].dataset.language); } catch { /* not allowed */ }
    };
    tabs.forEach((tab, i) => {
      tab.id = "tab-" + i;
      panels[i].id = "panel-" + i;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", panels[i].id);
      panels[i].setAttribute("role", "tabpanel");
      panels[i].setAttribute("aria-labelledby", tab.id);
      panels[i].classList.add("tabbed");
      tab.addEventListener("click", () => show(i, true));
      tab.addEventListener("keydown", ({ key }) => {
        const to = (i + (key === "ArrowRight" ? 1 : key === "ArrowLeft" ? tabs.length - 1 : 0)) % tabs.length;
        if (to === i) return;
        show(to, true);
        tabs[to].focus();
      });
    });
    const list = make("div", { className: "tabs" }, ...tabs);
    list.setAttribute("role", "tablist");
    list.setAttribute("aria-label", "Language");
    group.prepend(list);
    show(Math.max(0, panels.findIndex((panel) => panel.dataset.language === kept())), false);
  }

  const run = document.getElementById("run");
  if (run) run.hidden = false;
  run?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { method, id, secret } = run.dataset;
    const out = run.querySelector("output");
    out.textContent = "...";
    try {
      const grant = await fetch("/oauth/token", {
        method: "POST",
        headers: { authorization: "Basic " + btoa(id + ":" + secret) },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      });
      const { access_token } = await grant.json();
      const body = run.elements.body?.value;
      const answer = await fetch(run.elements.path.value, {
        method,
        headers: {
          authorization: "Bearer " + access_token,
          ...(method === "POST" ? { "idempotency-key": crypto.randomUUID() } : {}),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body,
      });
      const text = await answer.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* no JSON */ }
      out.textContent = answer.status + " " + answer.statusText + "\\n" + shown;
    } catch (error) {
      out.textContent = String(error);
    }
  });
})();
`.trim();
