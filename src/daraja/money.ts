/** Reads Daraja's notations of money exactly, in cents of KES. Nothing here throws; null means "not an amount". */

/** One account of a shortcode. Amounts are cents; null where Daraja left the field out. */
export interface AccountBalance {
  readonly account: string;
  readonly currency: string;
  readonly current: number;
  readonly available: number | null;
  readonly reserved: number | null;
  readonly uncleared: number | null;
}

/** A decimal number of shillings (`"5.00"`, `5`, `-1540.00`) in cents. Null with thousands separators or fractions of a cent. */
export function parseCents(text: string | null | undefined): number | null {
  const parts = /^(-?)(\d{1,13})(?:\.(\d{1,2})0*)?$/.exec(text?.trim() ?? "");
  if (parts === null) return null;
  const cents = Number(`${parts[2]}${(parts[3] ?? "").padEnd(2, "0")}`);
  return parts[1] === "-" && cents !== 0 ? -cents : cents;
}

/** As {@link parseCents}, but null for zero and less, because nobody pays that and it can't be stored as a payment. */
export function parsePaidCents(text: string | null | undefined): number | null {
  const cents = parseCents(text);
  return cents !== null && cents > 0 ? cents : null;
}

/**
 * Reads `{Amount={CurrencyCode=KES, MinimumAmount=618683, BasicAmount=6186.83}}`, with its parts in any order, into
 * cents (daraja.md section 7.4).
 */
export function parseAmountStruct(text: string | null | undefined): number | null {
  const inner = /^\{\s*Amount=\{([^{}]*)\}\s*\}$/.exec(text?.trim() ?? "")?.[1];
  if (inner === undefined) return null;
  const pairs = new Map(
    inner.split(",").map((pair): [string, string] => {
      const at = pair.indexOf("=");
      return [pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()];
    }),
  );
  const minimum = pairs.get("MinimumAmount");
  const basic = parseCents(pairs.get("BasicAmount"));
  const cents = minimum !== undefined && /^-?\d{1,15}$/.test(minimum) ? Number(minimum) : null;
  if (cents === null || basic === null) return cents ?? basic;
  return cents === basic ? cents : null; // if the two fields differ, neither can be trusted
}

/**
 * Reads accounts of the form `name|currency|current|available|reserved|uncleared`, joined by `&` (daraja.md section 7.2).
 * An account that can't be read is left out and does not stop the others: {@link unreadableAccounts} names it. Null if
 * none can be read.
 */
export function parseAccountBalances(text: string | null | undefined): readonly AccountBalance[] | null {
  const readable = splitAccounts(text).map(({ balance }) => balance).filter((balance) => balance !== null);
  return readable.length === 0 ? null : readable;
}

/** The names of the accounts that {@link parseAccountBalances} leaves out; one without a name is `""`. */
export function unreadableAccounts(text: string | null | undefined): readonly string[] {
  return [...new Set(splitAccounts(text).filter(({ balance }) => balance === null).map(({ name }) => name))];
}

interface SplitAccount {
  readonly name: string;
  readonly balance: AccountBalance | null;
}

/** One account twice with two balances can't be read. With the same balance twice it counts once. */
function splitAccounts(text: string | null | undefined): readonly SplitAccount[] {
  if (text === null || text === undefined || text.trim() === "") return [];
  const byKey = new Map<string, SplitAccount>();
  for (const line of text.split("&").filter((part) => part.trim() !== "")) {
    const [name = "", currency = ""] = line.split("|").map((part) => part.trim());
    const key = `${name}|${currency}`.toLowerCase();
    const balance = parseAccount(line);
    const known = byKey.get(key);
    const agrees = known === undefined || JSON.stringify(known.balance) === JSON.stringify(balance);
    byKey.set(key, { name, balance: agrees ? balance : null });
  }
  return [...byKey.values()];
}

/**
 * Reads the fee of a text like `Fee For B2C Payment|KES|33.00` into cents (daraja.md section 7.1). Null below zero, which
 * is no fee.
 */
export function parseFee(text: string | null | undefined): number | null {
  const parts = text?.split("|") ?? [];
  const cents = parts.length === 3 ? parseCents(parts[2]) : parseCents(text);
  return cents !== null && cents >= 0 ? cents : null;
}

/** Cents as whole shillings, which is all that Daraja moves; null if the cents are no whole number of shillings. */
export function wholeShillings(cents: number): number | null {
  return Number.isSafeInteger(cents) && cents > 0 && cents % 100 === 0 ? cents / 100 : null;
}

function parseAccount(text: string): AccountBalance | null {
  const [account = "", currency = "", current, available, reserved, uncleared, ...extra] = text.split("|");
  const cents = parseCents(current);
  if (cents === null || account.trim() === "" || extra.length > 0) return null;
  const others = [available, reserved, uncleared].map((part) => part === undefined ? null : parseCents(part));
  const hasUnreadable = [available, reserved, uncleared].some((part, i) => part !== undefined && others[i] === null);
  if (hasUnreadable) return null;
  return {
    account: account.trim(),
    currency: currency.trim(),
    current: cents,
    available: others[0] ?? null,
    reserved: others[1] ?? null,
    uncleared: others[2] ?? null,
  };
}
