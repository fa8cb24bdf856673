/** Why money that a completed row pays in is not a payment to the shortcode. */
export type OwnMoney = "own_transfer" | "reversal" | "charge";

/** The accounts of one shortcode at M-Pesa (daraja.md section 10). */
const ACCOUNTS: ReadonlySet<string> = new Set([
  "organization settlement",
  "organisation settlement",
  "utility",
  "working",
  "mmf",
  "mpesa",
  "m-pesa",
  "merchant",
  "float",
  "charges paid",
  "charge paid",
  "loyalty",
]);
const BEFORE_ACCOUNT: ReadonlySet<string> = new Set([
  "business",
  "fund",
  "funds",
  "internal",
  "transfer",
  "of",
  "from",
]);
/** The words that may stand before "reversal" where only the details name the kind. */
const BEFORE_REVERSAL: ReadonlySet<string> = new Set(
  ("online transaction customer merchant business salary promotion organization organisation b2c c2b b2b pay bill " +
    "paybill buy goods buygoods payment").split(" "),
);

/**
 * Whether money that was paid in did not come from outside: a transfer between accounts of the shortcode, money that had
 * gone out and came back, or a charge. Only M-Pesa's own name of the kind decides, as a whole; the words of an account, a
 * payer or a remark never do. An unknown kind is money from outside. `reasonType` and `details` are cells, `otherParty`
 * the other side of the transfer, `own` the shortcode's numbers.
 */
export function ownMoneyOf(
  { reasonType, details, otherParty }: {
    readonly reasonType: string;
    readonly details: string;
    readonly otherParty: string;
  },
  own: readonly string[],
): OwnMoney | null {
  const party = /^(\d{5,8})\b/.exec(otherParty.trim())?.[1];
  if (party !== undefined && own.includes(party)) return "own_transfer";
  const kind = spaced(reasonType);
  if (kind !== "") {
    if (isOwnTransfer(kind)) return "own_transfer";
    if (kind.endsWith(" reversal") || kind === "reversal") return "reversal";
    return /(?:^| )charges?$/.test(kind) ? "charge" : null;
  }
  const said = spaced(details);
  if (isOwnTransfer(said)) return "own_transfer";
  return isReversal(said) ? "reversal" : null;
}

function isOwnTransfer(kind: string): boolean {
  const [from = "", to, ...more] = kind.replace(/ transfer$/, "").split(" to ");
  if (to === undefined) return accountIn(from) === "organization settlement";
  return more.length === 0 && ACCOUNTS.has(accountIn(from)) && ACCOUNTS.has(accountIn(to));
}

/** `utility` of `transfer of funds from utility account`. */
function accountIn(text: string): string {
  const words = text.split(" ");
  while (BEFORE_ACCOUNT.has(words[0] ?? "")) words.shift();
  if (words.at(-1) === "account") words.pop();
  return words.join(" ");
}

function isReversal(details: string): boolean {
  const words = details.split(" ");
  const at = words.indexOf("reversal");
  if (at === -1 || !words.slice(0, at).every((word) => BEFORE_REVERSAL.has(word))) return false;
  return ["of", "by", "-", undefined].includes(words[at + 1]);
}

const spaced = (text: string): string => text.trim().toLowerCase().replaceAll(/\s+/g, " ");
