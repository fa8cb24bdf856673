/**
 * The page's script. It shows each change of the checkout: by Server-Sent Events, or by a request every few seconds
 * where these events do not arrive. Without the script everything works by forms and reloads.
 */
export const payJs = `
"use strict";
(() => {
  const main = () => document.querySelector("main");
  const say = document.getElementById("say");
  const parse = (text) => new DOMParser().parseFromString(text, "text/html");
  let loading = null;
  let shownAt = performance.now();

  async function load() {
    const response = await fetch(main().dataset.page, { cache: "no-store", credentials: "same-origin" });
    if (!response.ok) return;
    const page = parse(await response.text());
    const next = page.querySelector("main");
    if (!next) return;
    if (next.dataset.version === main().dataset.version && next.dataset.stage === main().dataset.stage) return;
    const typed = document.querySelector("input[name=phone]");
    const kept = typed && { value: typed.value, focused: typed === document.activeElement };
    const open = [...document.querySelectorAll("details[open]")].map((d) => d.id);
    const moved = main().dataset.stage !== next.dataset.stage;
    main().replaceWith(document.adoptNode(next));
    shownAt = performance.now();
    document.title = page.title;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    const field = document.querySelector("input[name=phone]");
    if (kept && field && !moved) {
      field.value = kept.value;
      if (kept.focused) field.focus();
    }
    ready();
    if (!moved) return;
    say.textContent = main().dataset.say;
    if (document.activeElement === document.body) document.querySelector("h1").focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }

  const refresh = () => loading ??= load().catch(() => {}).finally(() => loading = null);

  function ready() {
    for (const hidden of document.querySelectorAll("[data-js]")) hidden.hidden = false;
    for (const hidden of document.querySelectorAll("[data-nojs]")) hidden.hidden = true;
    tick();
    goBack();
  }

  const clock = (ms) => Math.floor(ms / 60000) + ":" + String(Math.floor(ms / 1000) % 60).padStart(2, "0");

  function tick() {
    const passed = performance.now() - shownAt;
    const waited = Number(main().dataset.waited ?? NaN) + passed;
    for (const left of document.querySelectorAll("[data-left]")) {
      left.hidden = false;
      left.querySelector("b").textContent = clock(Math.max(0, left.dataset.left - passed));
    }
    for (const late of document.querySelectorAll("[data-after]")) late.hidden = !(waited >= late.dataset.after);
    for (const late of document.querySelectorAll("[data-open-after]")) {
      if (!(waited >= late.dataset.openAfter) || late.dataset.opened) continue;
      late.open = true;
      late.dataset.opened = "yes";
    }
  }

  let going = 0;
  const stay = () => {
    clearInterval(going);
    document.querySelector("[data-go]")?.remove();
  };

  function goBack() {
    const note = document.querySelector("[data-go]");
    if (!note || going) return;
    const once = "back" + location.pathname;
    try {
      if (sessionStorage.getItem(once)) return;
      sessionStorage.setItem(once, "yes");
    } catch {
      return;
    }
    note.hidden = false;
    const seconds = note.querySelector("[data-seconds]");
    going = setInterval(() => {
      seconds.textContent -= 1;
      if (Number(seconds.textContent) > 0) return;
      stay();
      location.assign(note.dataset.go);
    }, 1000);
    for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, stay, { once: true });
  }

  let waits = 2000;
  const poll = () => setTimeout(async () => {
    if (!document.hidden) await refresh();
    waits = Math.min(waits * 1.1, 15000);
    if (main().dataset.live) poll();
  }, waits);

  function follow() {
    if (!main().dataset.live) return;
    if (!window.EventSource) return poll();
    const source = new EventSource(main().dataset.events);
    source.addEventListener("status", ({ lastEventId }) => lastEventId !== main().dataset.version && refresh());
    source.addEventListener("end", () => source.close());
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) poll();
      else refresh();
    });
  }

  document.addEventListener("submit", (event) => {
    const { target } = event;
    const note = target.querySelector("[data-offline]");
    if (note) note.hidden = navigator.onLine;
    if (note && !navigator.onLine) return event.preventDefault();
    const button = target.querySelector("button[data-busy]");
    if (button) setTimeout(() => {
      button.disabled = true;
      button.textContent = button.dataset.busy;
    });
  });

  document.addEventListener("click", async ({ target }) => {
    if (target.closest("[data-print]")) print();
    const copy = target.closest("[data-copy]");
    if (!copy) return;
    await navigator.clipboard?.writeText(copy.dataset.copy).catch(() => {});
    say.textContent = copy.textContent = copy.dataset.done;
  });

  addEventListener("pageshow", ({ persisted }) => persisted && location.replace(main().dataset.page));
  setInterval(tick, 1000);
  ready();
  follow();
})();
`;
