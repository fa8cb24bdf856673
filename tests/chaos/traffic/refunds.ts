import type { Random } from "../random.ts";
import { ask, type Scene } from "./traffic.ts";

interface Payment {
  readonly id: string;
  readonly receipt: string | null;
  readonly channel: string;
  readonly amount: number;
}

/** Gives back a payment, whole or in part, by reversal or payout; now and then more of it than is left. */
export async function refund(scene: Scene, draws: Random): Promise<void> {
  const listed = await scene.shop.insist("cli_demo", "GET", "/v1/payments?limit=40");
  const known: readonly Payment[] = listed.status === 200 ? listed.body.data : [];
  const payments = known.filter(({ receipt }) => receipt !== null);
  if (payments.length === 0) return;
  const payment = draws.pick(payments);
  // Twice: two parts that are too much together, so that the second must be refused.
  const isPrompted = payment.channel === "stk"; // only then a phone is known that a payout may go to
  const isTwice = isPrompted && draws.chance(0.6);
  const half = Math.ceil(payment.amount / 200);
  const part = () => draws.int(isTwice ? half : 1, payment.amount / 100) * 100;
  for (const method of isTwice ? ["reversal", "payout"] : [isPrompted && draws.chance(0.5) ? "payout" : "reversal"]) {
    const reason = scene.ledger.reference("back-");
    const wish = scene.ledger.add({ kind: "refund", client: "cli_demo", reference: reason, phone: null, key: reason });
    const amount = isTwice || draws.chance(0.4) ? { amount: part() } : {};
    await ask(scene, draws, wish, "/v1/refunds", { payment: payment.id, reason, method, ...amount });
  }
}
