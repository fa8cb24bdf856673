import { type Action, type History, isTill, type PlaceIndex, placeNames, type Telling } from "./history.ts";

/** A history as a short script of steps in the order of time, one a line, to be read by people. */
export function script(history: History): string {
  const lines: { readonly at: number; readonly text: string }[] = [];
  const say = (at: number, text: string): void => void lines.push({ at, text });
  history.checkouts.forEach((c, i) => {
    const label = `C${i + 1}`;
    const account = isTill(c.place) ? "" : ` for "${c.account}"`;
    const short = c.expiresIn === 1800 ? "" : `, which expires after ${c.expiresIn} s`;
    const over = { keep_within: ", keeps a little more", refund_difference: ", gives back what is too much", "": "" };
    const rules = `${c.split === true ? " in parts" : ""}${over[c.overpayment ?? ""]}`;
    say(c.at, `checkout ${label} at ${placeNames[c.place]} asks ${c.amount}${account}${short}${rules}`);
    c.prompts.forEach((p, j) => {
      const prompt = `${label}.${j + 1}`;
      const at = c.at + p.after;
      const query = { truth: "", nothing: ", queries say nothing", denies: ", queries say 1032" }[p.query];
      const answer = { accepted: "", lost: ", the answer is lost", lost_untaken: ", it is lost on the way" }[p.answer];
      say(at, `prompt ${prompt}${answer}${query}`);
      if (p.answer === "lost_untaken" || p.customer === "ignores") return;
      say(at + p.answers, `the customer of ${prompt} ${p.customer}`);
      for (const telling of p.told) say(at + p.answers + telling.after, told(telling, prompt));
    });
  });
  history.accounts?.forEach((a, i) => {
    const waits = a.apply === "none" ? ", whose balance waits" : "";
    say(a.at, `account A${i + 1} "${a.account}" at ${placeNames[a.place]}${waits}`);
  });
  history.walkIns.forEach((w, i) => {
    const typed = isTill(w.place) ? "" : `, typing "${w.typed}"`;
    say(w.at, `W${i + 1}: somebody pays ${w.amount} at ${placeNames[w.place]} by hand${typed}`);
    for (const telling of w.told) say(w.at + telling.after, told(telling, `W${i + 1}`));
  });
  history.payouts?.forEach((p, i) => say(p.at, `payout O${i + 1} of ${p.amount} from ${placeNames[p.place]}`));
  for (const action of history.people) say(action.at, deed(action));
  const fates = history.moneyOut.some((fate) => fate !== "done")
    ? [`money out ends: ${history.moneyOut.join(", ")}`]
    : [];
  const orders = history.reorder === null ? [] : [`told again in another order (${history.reorder})`];
  return [
    ...lines.toSorted((a, b) => a.at - b.at).map(({ at, text }) => `at ${String(at).padStart(4)} s: ${text}`),
    ...[...fates, ...orders].map((text) => `always: ${text}`),
  ].join("\n");
}

const told = ({ by, form }: Telling, label: string): string => {
  const how = {
    whole: "",
    bare: " without a receipt",
    other_amount: " with one shilling more",
    clear: " with the payer's number",
  }[form];
  return `the ${by} of ${label} arrives${how}`;
};

const place = (merchant: "X" | "Y", till: boolean): string =>
  placeNames[((merchant === "X" ? 0 : 2) + (till ? 1 : 0)) as PlaceIndex];

function deed(action: Action): string {
  const who = action.merchant;
  switch (action.do) {
    case "take_back":
      return `somebody else reverses transfer #${action.transfer} of ${who}`;
    case "match":
      return `${who} matches payment #${action.payment} to checkout #${action.checkout}`;
    case "allocate": {
      const parts = action.parts.map(({ to, nth, amount }) => `${amount ?? "the rest"} to ${to} #${nth}`);
      return `${who} allocates payment #${action.payment}: ${parts.join(", ") || "nothing"}`;
    }
    case "refund":
      return `${who} refunds ${action.amount ?? "all"} of payment #${action.payment} by ${action.method}`;
    case "resolve":
      return `${who} resolves refund #${action.refund} as ${action.outcome}`;
    case "cancel":
    case "refresh":
      return `${who} ${action.do === "cancel" ? "cancels" : "refreshes"} checkout #${action.checkout}`;
    case "pull":
      return `${who} pulls ${place(who, action.till)}`;
    case "import": {
      const what = action.amount === null ? "" : `, each row with ${action.amount}`;
      return `${who} imports for ${place(who, action.till)} the statement of ${placeNames[action.of]}${what}`;
    }
    case "approve":
      return `${who} approves what waits`;
    case "pause":
    case "resume":
      return `${who} ${action.do}s payouts`;
  }
}
