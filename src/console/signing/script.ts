import { type Asset, createAsset } from "../../pages/assets/assets.ts";

/**
 * The script of forms that a passkey signs. It asks the browser's passkey, puts the answer into the form's field `passkey`,
 * and sends the form; so the server sees forms only. Written by hand: what is needed of a library is these few lines.
 */
const passkeyJs = `
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function ask(kind, options) {
    options.challenge = bytes(options.challenge);
    if (kind === "get") {
      options.allowCredentials = known(options.allowCredentials);
      const { id, response } = await navigator.credentials.get({ publicKey: options });
      return { id, response: {
        clientDataJSON: text(response.clientDataJSON),
        authenticatorData: text(response.authenticatorData),
        signature: text(response.signature),
      } };
    }
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    const { id, response } = await navigator.credentials.create({ publicKey: options });
    return { id, response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
    } };
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("button");
    const failed = form.querySelector("[data-failed]");
    if (!window.PublicKeyCredential) {
      failed.hidden = false;
      continue;
    }
    button.disabled = false;
    form.addEventListener("submit", async (event) => {
      if (form.elements.passkey.value !== "") return;
      event.preventDefault();
      button.disabled = true;
      failed.hidden = true;
      try {
        form.elements.passkey.value = JSON.stringify(await ask(form.dataset.passkey, JSON.parse(form.dataset.options)));
        button.disabled = false;
        form.requestSubmit(button);
      } catch {
        failed.hidden = false;
        button.disabled = false;
      }
    });
  }
})();
`;

let cached: Promise<Asset> | undefined;

/** The script, with its address. */
export const passkeyScript = (): Promise<Asset> =>
  cached ??= createAsset("passkey", "js", "text/javascript; charset=utf-8", passkeyJs.trim());
