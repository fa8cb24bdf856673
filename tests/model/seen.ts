import type { Api } from "./api.ts";
import type { Merchant, Truth } from "./truth.ts";

/** What the service says at the end of a history, one merchant at a time, by its API alone. Amounts are cents. */
export interface Seen {
  readonly merchant: Merchant;
  readonly checkouts: readonly SeenCheckout[];
  readonly payments: readonly SeenPayment[];
  readonly refunds: readonly SeenRefund[];
  readonly payouts: readonly SeenPayout[];
  readonly accounts: readonly SeenAccount[];
  readonly events: readonly SeenEvent[];
  /** What M-Pesa's utility account holds by the ledger, by shortcode number. */
  readonly utility: ReadonlyMap<string, number>;
  readonly ledgerFindings: readonly { readonly shortcode: string; readonly kind: string }[];
}

export interface SeenCheckout {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly amount_received: number;
  readonly amount_due: number;
  readonly amount_allocated: number;
  readonly shortcode: string;
  readonly payment: { readonly id: string; readonly receipt: string | null; readonly amount: number } | null;
  readonly attempts: readonly { readonly id: string; readonly status: string }[];
}

export interface SeenPayment {
  readonly id: string;
  readonly receipt: string | null;
  readonly amount: number;
  readonly amount_refunded: number;
  readonly status: string;
  readonly channel: string;
  readonly shortcode: string;
  readonly checkout: string | null;
  readonly amount_taken_back: number;
  /** The places that have it; what goes back takes the last parts first. */
  readonly allocations: readonly { readonly checkout?: string; readonly account?: string; readonly amount: number }[];
  readonly created_at: string;
}

export interface SeenAccount {
  readonly id: string;
  readonly balance: number;
  /** The last balance of its statement. */
  readonly closing: number;
  /** What its statement says that it has applied to each checkout. */
  readonly applied: ReadonlyMap<string, number>;
}

export interface SeenRefund {
  readonly id: string;
  readonly status: string;
  readonly payment: string;
  readonly method: string;
  readonly amount: number;
  readonly payout: string | null;
  readonly receipt: string | null;
  readonly needs_person: boolean;
  readonly created_at: string;
  readonly ended_at: string | null;
}

export interface SeenPayout {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly originator_conversation_id: string;
  readonly receipt: string | null;
  readonly needs_person: boolean;
}

export interface SeenEvent {
  readonly id: string;
  readonly type: string;
  readonly created_at: string;
  // deno-lint-ignore no-explicit-any -- each rule reads the fields of its own event types
  readonly data: any;
}

/** Reads all that both merchants see. */
export async function see(api: Api, truth: Truth): Promise<Seen[]> {
  const merchants = [...new Set(truth.places.map(({ merchant }) => merchant))];
  const all: Seen[] = [];
  for (const merchant of merchants) {
    const list = <T>(path: string) => listAll<T>(api, merchant, path);
    const ledger = await api.call(merchant.client, "GET", "/v1/ledger?limit=1");
    const check = await api.call(merchant.client, "POST", "/v1/ledger/checks");
    const accounts: { shortcode: string; account: string; balance: number }[] = ledger.body.accounts;
    all.push({
      merchant,
      checkouts: await list<SeenCheckout>("/v1/checkouts"),
      payments: await list<SeenPayment>("/v1/payments"),
      refunds: await list<SeenRefund>("/v1/refunds"),
      payouts: await list<SeenPayout>("/v1/payouts"),
      accounts: truth.accounts.length === 0 ? [] : await seeAccounts(api, merchant),
      events: (await list<SeenEvent>("/v1/events")).toReversed(),
      utility: new Map(
        accounts.filter(({ account }) => account === "mpesa_utility").map((a) => [a.shortcode, a.balance]),
      ),
      ledgerFindings: check.body.findings,
    });
  }
  return all;
}

async function seeAccounts(api: Api, merchant: Merchant): Promise<SeenAccount[]> {
  const all: SeenAccount[] = [];
  for (const { id, balance } of await listAll<{ id: string; balance: number }>(api, merchant, "/v1/accounts")) {
    const { body } = await api.call(merchant.client, "GET", `/v1/accounts/${id}/statement`);
    const applied = new Map<string, number>();
    for (const { kind, amount, checkout } of body.data as StatementLine[]) {
      if (checkout === null || (kind !== "applied" && kind !== "released")) continue;
      applied.set(checkout, (applied.get(checkout) ?? 0) - amount);
    }
    all.push({ id, balance, closing: body.closing_balance, applied });
  }
  return all;
}

interface StatementLine {
  readonly kind: string;
  readonly amount: number;
  readonly checkout: string | null;
}

async function listAll<T>(api: Api, merchant: Merchant, path: string): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | null = null;;) {
    const more: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body } = await api.call(merchant.client, "GET", `${path}?limit=100${more}`);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    all.push(...body.data);
    cursor = body.next_cursor;
    if (cursor === null) return all;
  }
}
