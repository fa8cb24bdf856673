/**
 * The script of receipts. On a receipt: sharing. On the page that checks one: the signature is verified here, with the keys
 * that the page brought, so that a page which was loaded before also works without a network; then the service is asked
 * what became of the money.
 */
export const receiptJs = `
"use strict";
(() => {
  for (const hidden of document.querySelectorAll("[data-js]")) hidden.hidden = false;
  document.addEventListener("click", async ({ target }) => {
    if (target.closest("[data-print]")) print();
    const share = target.closest("[data-share]");
    if (!share) return;
    const url = location.href.split("?")[0];
    if (navigator.share) return navigator.share({ title: document.title, url }).catch(() => {});
    await navigator.clipboard?.writeText(url).catch(() => {});
    share.textContent = share.dataset.done;
  });

  const form = document.querySelector("form[data-check]");
  if (!form) return;
  const { keys, issuer, text } = JSON.parse(form.dataset.check);
  const result = document.getElementById("result");
  const bytes = (part) => Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const json = (part) => JSON.parse(new TextDecoder().decode(bytes(part)));
  const find = (given) => {
    const found = /name="malipo-receipt" content="([\\w.-]+)"/.exec(given)?.[1] ?? given.trim().replace(/^\\S*#/, "");
    return /^[\\w-]+\\.[\\w-]+\\.[\\w-]+$/.test(found) ? found : null;
  };

  /** What the receipt says; null where it is none of ours; undefined where this browser can't tell. */
  async function verify(receipt) {
    const [head, body, signature] = receipt.split(".");
    let header, claims;
    try {
      header = json(head);
      claims = json(body);
    } catch {
      return null;
    }
    const key = keys.find(({ kid }) => kid === header.kid);
    if (!key || header.alg !== "EdDSA" || header.typ !== "receipt+jwt" || claims.iss !== issuer) return null;
    try {
      const { kty, crv, x } = key;
      const imported = await crypto.subtle.importKey("jwk", { kty, crv, x }, "Ed25519", false, ["verify"]);
      const signed = new TextEncoder().encode(head + "." + body);
      return await crypto.subtle.verify("Ed25519", imported, bytes(signature), signed) ? claims : null;
    } catch {
      return undefined;
    }
  }

  const ask = (receipt) =>
    fetch("/r/verify", { method: "POST", headers: { accept: "application/json" }, body: new URLSearchParams({ receipt }) })
      .then((response) => response.ok ? response.json() : null).catch(() => null);
  const kes = (cents) => "KES " + (cents / 100).toLocaleString("en-KE");
  const when = (s) => new Date(s * 1000).toLocaleString(document.documentElement.lang + "-KE", { timeZone: "Africa/Nairobi", dateStyle: "medium", timeStyle: "short" });

  function show(claims, now) {
    result.replaceChildren();
    const say = (words, kind) => {
      const p = document.createElement("p");
      p.className = kind;
      p.textContent = words;
      result.append(p);
    };
    say(claims ? text.good : text.bad, claims ? "note good" : "note bad");
    if (!claims) return;
    if (!now) say(text.unknownNow, "note");
    else if (now.given_back > 0) say(text.states[now.state].replace("{}", kes(now.given_back)), "note bad");
    else say(text.states.paid, "hint");
    const list = document.createElement("dl");
    list.className = "rows";
    const row = (name, value) => {
      if (value === null || value === undefined) return;
      const [div, dt, dd] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
      dt.textContent = name;
      dd.textContent = value;
      div.append(dt, dd);
      list.append(div);
    };
    row(text.names.from, claims.merchant);
    row(text.names.pin, claims.pin);
    for (const [name, count, cents] of claims.items ?? []) row(count === 1 ? name : count + " × " + name, kes(cents));
    row(text.names.amount, kes(claims.amount));
    row(text.names.mpesa, claims.mpesa);
    row(text.names.ref, claims.ref);
    row(text.names.date, when(claims.at));
    result.append(list);
    result.querySelector("p").focus?.();
  }

  async function check(given) {
    const receipt = find(given);
    const claims = receipt === null ? null : await verify(receipt);
    const asked = claims === null ? null : await ask(receipt);
    show(claims === undefined ? asked?.receipt ?? null : claims, asked?.now ?? null);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void check(form.elements.receipt.value);
  });
  const scanned = () => {
    if (location.hash.length < 2) return;
    form.elements.receipt.value = location.hash.slice(1);
    void check(location.hash.slice(1));
  };
  addEventListener("hashchange", scanned);
  scanned();
})();
`;
