/**
 * Live rows, as a part of the script: a stream says that the page shows something old, and the page then reads itself
 * again. Changed rows change in place; new ones wait behind a button, so that nothing moves under the finger.
 */
export const liveJs = `
  const page = document.querySelector("main");
  const quietly = { credentials: "same-origin", headers: { "x-malipo-live": "1" } };
  let spoken = 0;
  const tellSeldom = (text) => {
    if (Date.now() - spoken < 10000) return;
    spoken = Date.now();
    tell(text);
  };
  const contentOf = (row) => row.textContent + (row.querySelector("[name=version]")?.value ?? "");
  const isUsed = (row) => row.contains(document.activeElement) || row.querySelector("details[open]");

  function offer(count) {
    let button = document.getElementById("fresh");
    if (count === 0) return button?.remove();
    if (!button) {
      button = document.createElement("button");
      button.id = "fresh";
      button.type = "button";
      button.className = "quiet small";
      button.addEventListener("click", () => {
        const to = new URL(location.href);
        for (const name of ["cursor", "trail", "done"]) to.searchParams.delete(name);
        to.hash = "";
        location.assign(to);
      });
      (page.querySelector(".bar") ?? page.querySelector(".head")).append(button);
    }
    button.textContent = count === 1 ? root.dataset.newOne : root.dataset.new.replace("{n}", count);
    tellSeldom(button.textContent);
  }

  function merge(next) {
    const swap = page.querySelector("[data-swap]");
    const swapped = next.querySelector("[data-swap]");
    if (swap && swapped) {
      swap.replaceWith(document.adoptNode(swapped));
      tell(swapped.dataset.say);
      return;
    }
    const old = new Map([...page.querySelectorAll("[data-row][id]")].map((row) => [row.id, row]));
    let count = 0;
    for (const row of next.querySelectorAll("main [data-row][id]")) {
      const shown = old.get(row.id);
      old.delete(row.id);
      if (!shown) count++;
      else if (contentOf(shown) !== contentOf(row) && !isUsed(shown)) shown.replaceWith(document.adoptNode(row));
    }
    // Without an older page, what the list lacks has left it.
    if (!next.querySelector("[data-key=n]")) for (const row of old.values()) if (!isUsed(row)) row.remove();
    const totals = next.querySelector(".totals");
    if (totals && !totals.querySelector("a")) page.querySelector(".totals")?.replaceWith(document.adoptNode(totals));
    offer(new URL(location.href).searchParams.has("cursor") ? 0 : count);
  }

  function notLive() {
    if (document.getElementById("lost")) return;
    const note = document.createElement("p");
    note.id = "lost";
    note.className = "note";
    const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Africa/Nairobi" });
    note.textContent = root.dataset.lost.replace("{time}", time);
    page.prepend(note);
    tell(note.textContent);
  }

  function listen(address) {
    const source = new EventSource(address);
    let last = null;
    source.addEventListener("open", () => document.getElementById("lost")?.remove());
    source.addEventListener("changed", async () => {
      try {
        const answer = await fetch(location.href, quietly);
        if (answer.redirected && new URL(answer.url).pathname.startsWith("/console/sign-in")) return source.close();
        if (answer.ok) merge(parse(await answer.text()));
      } catch {
        notLive();
      }
    });
    source.addEventListener("over", () => source.close());
    source.addEventListener("gone", () => {
      source.close();
      ended();
    });
    source.addEventListener("error", () => {
      clearTimeout(last);
      last = setTimeout(() => {
        if (source.readyState === EventSource.OPEN) return;
        notLive();
        if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(address), 8000);
      }, 5000);
    });
    addEventListener("pagehide", () => source.close());
  }
  if (page?.dataset.stream && window.EventSource) listen(page.dataset.stream);
`;
