import type { Client } from "../../support/client.ts";
import type { Random } from "../random.ts";
import type { Stage } from "../stage.ts";
import { sleep } from "../tally.ts";
import type { Reply, Storefront } from "./client.ts";
import type { Ledger, Wish } from "./ledger.ts";
import { payoutScenarios, pushScenarios } from "./scenarios.ts";

const WORKERS = 32;
const SHOPS: readonly (readonly [number, Client])[] = [[6, "cli_demo"], [1, "cli_other"]];

export interface Scene {
  readonly stage: Stage;
  readonly shop: Storefront;
  readonly ledger: Ledger;
  /** Paths of the API, by its own document. */
  readonly paths: ReadonlySet<string>;
}

type Act = (scene: Scene, draws: Random) => Promise<void>;

/** Runs the traffic until told to stop; resolves when the last call has ended. */
export async function runTraffic(scene: Scene, going: () => boolean): Promise<void> {
  const acts: readonly (readonly [number, Act])[] = [
    [60, buy],
    [8, payByPaybill],
    [6, payPaybillUnasked],
    [4, browse],
    ...(scene.paths.has("/v1/payouts") ? [[24, payOut] as const] : []),
    ...(scene.paths.has("/v1/refunds") ? [[6, refund] as const] : []),
  ];
  await Promise.all(Array.from({ length: WORKERS }, async (_, worker) => {
    const draws = scene.stage.random.fork(`worker/${worker}`);
    while (going()) {
      await draws.weighted(acts)(scene, draws);
      await sleep(draws.int(0, 60));
    }
  }));
}

/** Sends a wish, now and then several times at once with the same key. */
async function ask(scene: Scene, draws: Random, wish: Wish, path: string, body: unknown): Promise<Reply> {
  scene.ledger.operations++;
  const copies = draws.chance(0.15) ? draws.int(2, 4) : 1;
  if (copies > 1) scene.stage.faults.add("same_key_at_once");
  const send = async () => {
    const reply = await scene.shop.insist(wish.client, "POST", path, body, wish.key);
    if (reply.status >= 200 && reply.status < 300) wish.answers.push(reply);
    return reply;
  };
  const [first] = await Promise.all(Array.from({ length: copies }, send));
  return first ?? { status: 0, body: null };
}

const call = (scene: Scene, wish: Wish, method: string, path: string, body?: unknown): Promise<Reply> => {
  scene.ledger.operations++;
  return scene.shop.insist(wish.client, method, path, body, method === "POST" ? crypto.randomUUID() : undefined);
};

const shillings = (draws: Random): number => draws.int(10, 900) * 100;

async function buy(scene: Scene, draws: Random): Promise<void> {
  const phone = scene.ledger.phone(draws.weighted(pushScenarios));
  const reference = scene.ledger.reference("chaos-");
  const client = draws.weighted(SHOPS);
  const wish = scene.ledger.add({ kind: "checkout", client, reference, phone, key: crypto.randomUUID() });
  const shortcode = client === "cli_demo" && draws.chance(0.15) ? { shortcode: "500000" } : {};
  const made = await ask(scene, draws, wish, "/v1/checkouts", {
    amount: shillings(draws),
    currency: "KES",
    reference,
    phone_number: phone,
    expires_in: draws.int(30, 90),
    ...shortcode,
  });
  if (made.status !== 201) return;
  const path = `/v1/checkouts/${made.body.id}`;
  await sleep(draws.int(0, 250));
  const next = draws.weighted([[45, "nothing"], [30, "refresh"], [15, "again"], [4, "cancel"], [6, "look"]] as const);
  if (next === "refresh") await call(scene, wish, "POST", `${path}/refresh`);
  if (next === "cancel") await call(scene, wish, "POST", `${path}/cancel`);
  if (next === "look") await call(scene, wish, "GET", path);
  if (next === "again") await promptAgain(scene, draws, client, made.body.id);
}

/** A second phone for the same checkout, whether the first has failed or may yet pay. */
async function promptAgain(scene: Scene, draws: Random, client: Client, checkout: string): Promise<void> {
  const phone = scene.ledger.phone(draws.weighted(pushScenarios));
  const wish = scene.ledger.add({ kind: "attempt", client, reference: checkout, phone, key: crypto.randomUUID() });
  await ask(scene, draws, wish, `/v1/checkouts/${checkout}/attempts`, { phone_number: phone });
}

/** A shopper who opens a checkout and types the paybill by hand. */
async function payByPaybill(scene: Scene, draws: Random): Promise<void> {
  const reference = scene.ledger.reference("chaos-");
  const amount = shillings(draws);
  const wish = scene.ledger.add({
    kind: "checkout",
    client: "cli_demo",
    reference,
    phone: null,
    key: crypto.randomUUID(),
  });
  const body = { amount, currency: "KES", reference, expires_in: draws.int(30, 90) };
  const made = await ask(scene, draws, wish, "/v1/checkouts", body);
  if (made.status === 201) await payC2b(scene, draws, amount, made.body.account_reference);
}

const payPaybillUnasked: Act = (scene, draws) => payC2b(scene, draws, shillings(draws), scene.ledger.reference("GIFT"));

async function payC2b(scene: Scene, draws: Random, amount: number, account: string): Promise<void> {
  scene.ledger.operations++;
  const phone = scene.ledger.phone("5678");
  scene.ledger.add({ kind: "paybill", client: "cli_demo", reference: account, phone, key: "" });
  const body = JSON.stringify({ shortcode: "600000", amount: amount / 100, phone, account_reference: account });
  await scene.stage.simulator.app.request("/_simulator/c2b", { method: "POST", body });
  await sleep(draws.int(0, 50));
}

async function payOut(scene: Scene, draws: Random): Promise<void> {
  const phone = scene.ledger.phone(draws.weighted(payoutScenarios));
  const reference = scene.ledger.reference("pay-");
  const wish = scene.ledger.add({ kind: "payout", client: "cli_demo", reference, phone, key: crypto.randomUUID() });
  const body = { amount: shillings(draws), currency: "KES", phone_number: phone, reference, purpose: "business" };
  const made = await ask(scene, draws, wish, "/v1/payouts", body);
  if (made.status === 202 && draws.chance(0.2)) {
    await sleep(draws.int(0, 500));
    await call(scene, wish, "POST", `/v1/payouts/${made.body.id}/refresh`);
  }
}

/** Gives back a payment that has a receipt, whole. */
async function refund(scene: Scene, draws: Random): Promise<void> {
  const listed = await scene.shop.insist("cli_demo", "GET", "/v1/payments?status=matched&limit=50");
  const receipts: { id: string; receipt: string | null }[] = listed.status === 200 ? listed.body.data : [];
  const known = new Set(scene.ledger.wishes.filter(({ kind }) => kind === "refund").map(({ reference }) => reference));
  const payment = receipts.find(({ id, receipt }) => receipt !== null && !known.has(id));
  if (payment === undefined) return;
  const wish = scene.ledger.add({
    kind: "refund",
    client: "cli_demo",
    reference: payment.id,
    phone: null,
    key: crypto.randomUUID(),
  });
  await ask(scene, draws, wish, "/v1/refunds", { payment: payment.id, reason: "returned" });
}

const browse: Act = async (scene) => {
  scene.ledger.operations++;
  await scene.shop.insist("cli_demo", "GET", "/v1/checkouts?limit=20");
};
