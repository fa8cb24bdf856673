import type { Answer } from "./api.ts";
import type { Action, Part } from "./history.ts";
import { statement } from "./notices.ts";
import type { Stage } from "./play.ts";
import type { Checkout, Merchant, Place } from "./truth.ts";

/** A process may go on with the shortcodes that it knows for so long. */
const SHORTCODES_KEPT_MS = 31_000;

/** A payment as `GET /v1/payments` shows it, as far as people look at it. */
interface Listed {
  readonly id: string;
  readonly amount: number;
  readonly amount_refunded: number;
  readonly receipt: string | null;
  readonly created_at: string;
}

/** What a person does through the API. A refusal (4xx) is an answer like any other, and changes nothing. */
export async function act(stage: Stage, action: Action): Promise<void> {
  const merchant = stage.truth.places.find((p) => p.merchant.name === action.merchant)?.merchant;
  if (merchant === undefined) return; // this merchant has no paybill or till in this history
  const call = (method: string, path: string, body?: unknown) => stage.api.call(merchant.client, method, path, body);
  switch (action.do) {
    case "match":
      return await match(stage, merchant, action.payment, action.checkout);
    case "allocate":
      return await allocate(stage, merchant, action.payment, action.parts);
    case "refund":
      return await refund(stage, merchant, action);
    case "resolve":
      return await resolve(stage, merchant, action.refund, action.outcome);
    case "cancel":
    case "refresh": {
      const checkout = nth(own(stage, merchant), action.checkout);
      if (checkout === undefined) return;
      const { status } = await call("POST", `/v1/checkouts/${checkout.id}/${action.do}`);
      if (action.do === "cancel" && status === 200) checkout.cancelled = true;
      return;
    }
    case "approve":
      return await approve(stage, merchant);
    case "pause":
    case "resume": {
      if (action.do === "resume") stage.truth.paused.delete(merchant.id);
      const { status } = await call("POST", `/v1/payouts/${action.do}`, { merchant: merchant.id });
      if (status !== 200) throw new Error(`${action.do} was refused`);
      if (action.do === "pause") stage.truth.paused.set(merchant.id, stage.agenda.now());
      return;
    }
    case "pull":
      return await pull(stage, placeOf(stage, merchant, action.till));
    case "take_back": {
      const transfer = nth(stage.truth.transfers.filter((t) => t.place.merchant === merchant), action.transfer);
      if (transfer !== undefined) stage.mpesa.takeBack(stage.truth, transfer);
      return;
    }
    case "import":
      return await upload(stage, placeOf(stage, merchant, action.till), action);
  }
}

const own = ({ truth }: Stage, merchant: Merchant): Checkout[] =>
  truth.checkouts.filter(({ place }) => place.merchant === merchant);

const nth = <T>(all: readonly T[], n: number): T | undefined => all[n % Math.max(1, all.length)];

const placeOf = ({ truth }: Stage, merchant: Merchant, till: boolean): Place | undefined =>
  truth.placesOf(merchant.name).find((p) => (p.index % 2 === 1) === till);

async function payments(stage: Stage, merchant: Merchant): Promise<Listed[]> {
  const { body } = await stage.api.call(merchant.client, "GET", "/v1/payments?limit=100");
  const list: Listed[] = body.data;
  // by receipt, not by age, so that a person means the same money whatever came first
  return list.toSorted((a, b) => (a.receipt ?? "~").localeCompare(b.receipt ?? "~") || a.id.localeCompare(b.id));
}

async function match(stage: Stage, merchant: Merchant, payment: number, checkout: number): Promise<void> {
  const money = nth(await payments(stage, merchant), payment);
  const target = nth(own(stage, merchant), checkout);
  if (money === undefined || target === undefined) return;
  const path = `/v1/payments/${money.id}/match`;
  const { status } = await stage.api.call(merchant.client, "POST", path, { checkout: target.id });
  const at = stage.agenda.now();
  if (status === 200) stage.truth.deeds.push({ kind: "match", merchant, at, payment: money.id, checkout: target.id });
}

/** Distributes a payment, as far as it goes and no further than a checkout needs: who reads the page types no more. */
async function allocate(stage: Stage, merchant: Merchant, payment: number, parts: readonly Part[]): Promise<void> {
  const money = nth(await payments(stage, merchant), payment);
  if (money === undefined) return;
  const accounts = stage.truth.accounts.filter(({ place }) => place.merchant === merchant);
  const allocations: { readonly checkout?: string; readonly account?: string; readonly amount: number }[] = [];
  const places: string[] = [];
  let left = money.amount - money.amount_refunded;
  for (const part of parts) {
    const target = nth(part.to === "checkout" ? own(stage, merchant) : accounts, part.nth);
    if (target === undefined || places.includes(target.id)) continue;
    let amount = Math.min(left, part.amount === null ? left : part.amount * 100);
    if (part.to === "checkout") {
      const { body } = await stage.api.call(merchant.client, "GET", `/v1/checkouts/${target.id}`);
      amount = Math.min(amount, body.amount_due);
    }
    if (amount <= 0) continue;
    allocations.push(part.to === "checkout" ? { checkout: target.id, amount } : { account: target.id, amount });
    places.push(target.id);
    left -= amount;
  }
  if (parts.length > 0 && allocations.length === 0) return;
  const path = `/v1/payments/${money.id}/allocate`;
  const { status } = await stage.api.call(merchant.client, "POST", path, { allocations });
  const at = stage.agenda.now();
  if (status === 200) stage.truth.deeds.push({ kind: "allocate", merchant, at, payment: money.id, places });
}

async function refund(stage: Stage, merchant: Merchant, action: Action & { do: "refund" }): Promise<void> {
  const money = nth(await payments(stage, merchant), action.payment);
  if (money === undefined) return;
  const { status, body }: Answer = await stage.api.call(merchant.client, "POST", "/v1/refunds", {
    payment: money.id,
    reason: "Asked for by the customer",
    method: action.method,
    ...(action.amount === null ? {} : { amount: action.amount * 100 }),
  });
  const at = stage.agenda.now();
  if (status === 202) stage.truth.deeds.push({ kind: "refund", merchant, at, payment: money.id, refund: body.id });
}

/** A person says what became of a refund, which may be wrong. A refund by payout is resolved by its payout. */
async function resolve(
  stage: Stage,
  merchant: Merchant,
  n: number,
  outcome: "succeeded" | "failed",
): Promise<void> {
  const { body } = await stage.api.call(merchant.client, "GET", "/v1/refunds?limit=100");
  const refund = nth(body.data as { id: string; payout: string | null }[], n);
  if (refund === undefined) return;
  const path = refund.payout === null ? `/v1/refunds/${refund.id}/resolve` : `/v1/payouts/${refund.payout}/resolve`;
  const { status } = await stage.api.call(merchant.approver, "POST", path, { outcome, evidence: "Seen in the portal" });
  const at = stage.agenda.now();
  if (status === 200) stage.truth.deeds.push({ kind: "resolve", merchant, at, refund: refund.id, outcome });
}

/** Approves all that waits. */
export async function approve(stage: Stage, merchant: Merchant): Promise<void> {
  const { body } = await stage.api.call(merchant.client, "GET", "/v1/payouts?status=awaiting_approval&limit=100");
  for (const { id } of body.data as { id: string }[]) {
    await stage.api.call(merchant.approver, "POST", `/v1/payouts/${id}/approve`);
  }
}

/** Compares a place with M-Pesa, which has it pulled from then on. */
export async function pull(stage: Stage, place: Place | undefined): Promise<void> {
  if (place === undefined) return;
  const { client } = place.merchant;
  await stage.api.call(client, "PATCH", `/v1/shortcodes/${place.id}`, { nominated_number: "0700000000" });
  const start = () => stage.api.call(client, "POST", "/v1/reconciliations", { shortcode: place.number });
  let started = await start();
  if (started.status === 422) { // another process, which sees the change only later
    await stage.agenda.pass(SHORTCODES_KEPT_MS);
    started = await start();
  }
  if (started.status !== 202) throw new Error(`no pull: ${started.status} ${JSON.stringify(started.body)}`);
}

async function upload(stage: Stage, at: Place | undefined, action: Action & { do: "import" }): Promise<void> {
  const { truth } = stage;
  const listed = truth.transfers.filter((t) => t.place.index === action.of);
  if (at === undefined || listed.length === 0) return;
  const cents = action.amount === null ? null : action.amount * 100;
  const path = `/v1/reconciliations?shortcode=${at.number}`;
  const { status, body } = await stage.api.upload(at.merchant.client, path, statement(listed, cents));
  if (status !== 202) throw new Error(`no import: ${status} ${JSON.stringify(body)}`);
  truth.deeds.push({ kind: "import", merchant: at.merchant, at: stage.agenda.now() });
  for (const transfer of listed) {
    if (transfer.place === at && (cents ?? transfer.amount) === transfer.amount) transfer.told.add("statement");
    else truth.claims.push({ receipt: transfer.receipt, place: at, amount: cents ?? transfer.amount });
  }
}
