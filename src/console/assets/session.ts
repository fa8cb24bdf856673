/**
 * The end of the session, as a part of the script: a warning two minutes before, with a button that goes on. What has been
 * typed stays on the page.
 */
export const sessionJs = `
  const WARNED_S = 120;
  let band = null;
  function show(text, label, act) {
    band?.remove();
    band = document.createElement("div");
    band.className = "note band";
    band.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = text;
    const button = document.createElement(typeof act === "string" ? "a" : "button");
    button.className = "button small";
    button.textContent = label;
    if (typeof act === "string") Object.assign(button, { href: act, target: "_blank", rel: "noopener" });
    else button.addEventListener("click", act);
    band.append(words, button);
    document.body.append(band);
  }
  async function left(isUse) {
    const answer = await fetch("/console/session", isUse ? { credentials: "same-origin" } : quietly);
    return answer.redirected || !answer.ok ? 0 : (await answer.json()).seconds_left;
  }
  function ended() {
    show(root.dataset.ended, root.dataset.signIn, "/console/sign-in");
  }
  function untilEnd(seconds) {
    if (seconds <= 0) return ended();
    if (seconds > WARNED_S) {
      band?.remove();
      return setTimeout(askEnd, Math.min((seconds - WARNED_S) * 1000, 2000000000), false);
    }
    show(root.dataset.ending, root.dataset.stay, () => askEnd(true));
    setTimeout(askEnd, seconds * 1000 + 1000, false);
  }
  async function askEnd(isUse) {
    try {
      untilEnd(await left(isUse));
    } catch {
      setTimeout(askEnd, 30000, false);
    }
  }
  if (root.dataset.ends) untilEnd(Number(root.dataset.ends));
`;
