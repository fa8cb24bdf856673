import { post } from "../../model/theatre.ts";
import type { Truth } from "../../model/truth.ts";
import type { World } from "../../model/world.ts";
import type { Faults } from "../faults.ts";
import type { Scheduler } from "../scheduler.ts";

const LATEST_MS = 120_000;

/** How M-Pesa's messages come to the service: once, or twice, or late, or not at all. M-Pesa does not ask again. */
export class MpesaLine {
  world: World | null = null;
  /** Set once there is a history. */
  truth: Truth | null = null;
  /** The messages that the service has acknowledged, each once. */
  readonly acknowledged = new Map<string, { readonly url: string; readonly body: string }>();
  constructor(readonly scheduler: Scheduler, readonly faults: Faults) {}

  /** Answers whether the message was taken. */
  async post(url: string, body: string): Promise<boolean> {
    if (this.world === null) throw new Error("nobody listens yet");
    if (this.faults.now("notice_lost")) return false;
    const { world, scheduler } = this;
    const denial = denialOf(body);
    if (denial !== null && this.faults.now("callback_contradicts")) {
      if (scheduler.world.random.chance(1 / 2)) await this.#deny(world, url, denial);
      else scheduler.add(1_000, scheduler.world, "a denial comes", () => void this.#deny(world, url, denial));
    }
    if (this.faults.now("notice_twice")) {
      const ms = scheduler.world.random.pick([0, 1, 500, 60_000]);
      scheduler.add(ms, scheduler.world, "a notice comes again", () => void this.#post(world, url, body));
    }
    if (this.faults.now("notice_late")) await this.#pause(1_000 + scheduler.world.random.below(LATEST_MS));
    return await this.#post(world, url, body);
  }

  /** Whoever has heard only this takes the prompt for cancelled: the truth may have been lost. */
  async #deny(world: World, url: string, denial: string): Promise<void> {
    if (!(await this.#post(world, url, denial))) return;
    const id = JSON.parse(denial).Body.stkCallback.CheckoutRequestID;
    for (const prompt of this.truth?.prompts ?? []) if (prompt.request?.id === id) prompt.denied = true;
  }

  #pause(ms: number): Promise<void> {
    const { scheduler } = this;
    return new Promise((resolve) => void scheduler.add(ms, scheduler.world, "a notice is late", resolve));
  }

  async #post(world: World, url: string, body: string): Promise<boolean> {
    const isTaken = await post(world, url, body);
    if (isTaken) this.acknowledged.set(`${url} ${body}`, { url, body });
    return isTaken;
  }
}

/** The callback that calls a paid prompt cancelled; null for any other message. */
function denialOf(body: string): string | null {
  const callback = JSON.parse(body)["Body"]?.["stkCallback"];
  if (callback?.["ResultCode"] !== 0) return null;
  const { MerchantRequestID, CheckoutRequestID } = callback;
  const stkCallback = {
    MerchantRequestID,
    CheckoutRequestID,
    ResultCode: 1032,
    ResultDesc: "Request Cancelled by user.",
  };
  return JSON.stringify({ Body: { stkCallback } });
}
