import type { Client } from "../../support/client.ts";
import type { Random } from "../random.ts";
import type { Stage } from "../stage.ts";
import { sleep } from "../tally.ts";
import type { Reply, Storefront } from "./client.ts";
import type { Ledger, Wish } from "./ledger.ts";
import { decidePayout, importStatement, matchByHand, pauseMoneyOut, resolvePayout, resumeMoneyOut } from "./people.ts";
import { refund } from "./refunds.ts";
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

export type Act = (scene: Scene, draws: Random) => Promise<void>;

/** Runs the traffic until told to stop; resolves when the last call has ended. */
export async function runTraffic(scene: Scene, going: () => boolean): Promise<void> {
  const acts: readonly (readonly [number, Act])[] = [
    [60, buy],
    [8, payByPaybill],
    [6, payPaybillUnasked],
    [8, payTill],
    [6, matchByHand],
    [4, importStatement],
    [4, browse],
    [24, payOut],
    [8, decidePayout],
    [3, resolvePayout],
    [1.5, pauseMoneyOut],
    [30, refund],
  ];
  await Promise.all(Array.from({ length: WORKERS }, async (_, worker) => {
    const draws = scene.stage.random.fork(`worker/${worker}`);
    while (going()) {
      await draws.weighted(acts)(scene, draws);
      await sleep(draws.int(0, 60));
    }
  }));
  scene.shop.go();
  await resumeMoneyOut(scene);
}

/** Sends a wish, now and then several times at once with the same key. */
export async function ask(scene: Scene, draws: Random, wish: Wish, path: string, body: unknown): Promise<Reply> {
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

/** Sends one call of a client. */
export const call = (scene: Scene, client: Client, method: string, path: string, body?: unknown): Promise<Reply> => {
  scene.ledger.operations++;
  return scene.shop.insist(client, method, path, body, method === "POST" ? crypto.randomUUID() : undefined);
};

/** Half of the amounts are one of three, so that many are equal. */
const shillings = (draws: Random): number =>
  (draws.chance(0.5) ? draws.pick([100, 250, 500]) : draws.int(10, 900)) * 100;
/** A third of the checkouts share few accounts, as a shop's do that gives each customer one. */
const account = ({ stage }: Scene, draws: Random): { account_reference?: string } =>
  draws.chance(0.33) && stage.options.sharedAccounts
    ? { account_reference: draws.pick(["ROOM1", "ROOM2", "ROOM3"]) }
    : {};

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
    ...account(scene, draws),
    ...shortcode,
  });
  if (made.status !== 201) return;
  const path = `/v1/checkouts/${made.body.id}`;
  await sleep(draws.int(0, 250));
  const next = draws.weighted([[45, "nothing"], [30, "refresh"], [15, "again"], [4, "cancel"], [6, "look"]] as const);
  if (next === "refresh") await call(scene, client, "POST", `${path}/refresh`);
  if (next === "cancel") await call(scene, client, "POST", `${path}/cancel`);
  if (next === "look") await call(scene, client, "GET", path);
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
  const body = { amount, currency: "KES", reference, expires_in: draws.int(30, 90), ...account(scene, draws) };
  const made = await ask(scene, draws, wish, "/v1/checkouts", body);
  if (made.status !== 201) return;
  const first = draws.chance(0.4) ? draws.int(1, amount / 100) * 100 : amount;
  await payC2b(scene, draws, first, made.body.account_reference);
  if (first < amount && draws.chance(0.7)) await payC2b(scene, draws, amount - first, made.body.account_reference);
}

const payPaybillUnasked: Act = (scene, draws) => payC2b(scene, draws, shillings(draws), scene.ledger.reference("GIFT"));
/** A customer who walks in and pays the till, which names no account. */
const payTill: Act = (scene, draws) => payC2b(scene, draws, shillings(draws), "", "500000");

async function payC2b(
  scene: Scene,
  draws: Random,
  amount: number,
  account: string,
  shortcode = "600000",
): Promise<void> {
  scene.ledger.operations++;
  const phone = scene.ledger.phone("5678");
  scene.ledger.add({ kind: "paybill", client: "cli_demo", reference: account, phone, key: "" });
  const body = JSON.stringify({ shortcode, amount: amount / 100, phone, account_reference: account });
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
    await call(scene, wish.client, "POST", `/v1/payouts/${made.body.id}/refresh`);
  }
}

const browse: Act = async (scene) => {
  scene.ledger.operations++;
  await scene.shop.insist("cli_demo", "GET", "/v1/checkouts?limit=20");
};
