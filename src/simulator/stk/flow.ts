import { sendConfirmation } from "../c2b/notify.ts";
import type { Reply } from "../core/reply.ts";
import { ok } from "../core/reply.ts";
import type { World } from "../core/world.ts";
import { sendCallback } from "./callback.ts";
import type { Push } from "../core/push.ts";
import { settle } from "./push.ts";
import { failing } from "./scenarios.ts";

/** Prompts the phone, sets the scenario going, and answers the push. */
export async function startPush(world: World, push: Push): Promise<Reply> {
  const { scenario } = push;
  if (scenario.answer === "html-503") return unavailable;
  world.pushes.set(push.checkoutRequestId, push);
  world.recentPushes.add(push);
  if (push.held) return accepted(push);
  if (scenario.settlesAtOnce) settle(world, push, scenario.code);
  if (scenario.callback === "first") await conclude(world, push);
  else scheduleConclusion(world, push);
  return scenario.answer === "cut" ? { status: 0, body: null, cut: true } : accepted(push);
}

/** A person answered the prompt. False when it had its result already. */
export function answerPush(world: World, push: Push, code: number): boolean {
  if (push.result !== null) return false;
  push.cancel();
  push.held = false;
  push.scenario = failing(code);
  settle(world, push, code);
  world.tasks.run(() => conclude(world, push));
  return true;
}

/** Nobody answers by hand any more: the prompt takes its scenario's course. */
export function releasePush(world: World, push: Push): void {
  if (!push.held || push.result !== null) return;
  push.held = false;
  scheduleConclusion(world, push);
}

function scheduleConclusion(world: World, push: Push): void {
  const { callback } = push.scenario;
  if (callback === "never") return;
  const { callbackDelayMs, lateMs } = world.options;
  const delay = typeof callback === "number" ? callback * callbackDelayMs : callback === "late" ? lateMs : 0;
  push.cancel = world.tasks.after(delay, () => conclude(world, push));
}

async function conclude(world: World, push: Push): Promise<void> {
  settle(world, push, push.scenario.code);
  await sendCallback(world, push);
  const { c2b } = push.account;
  if (push.scenario.alsoConfirmed && push.receipt && c2b) {
    await sendConfirmation(world, push.account, c2b, {
      receipt: push.receipt,
      amount: push.amount,
      phone: push.phone,
      reference: push.accountReference,
      at: push.settledAt ?? push.at,
      thirdPartyId: "",
    });
  }
}

function accepted(push: Push): Reply {
  return ok({
    MerchantRequestID: push.merchantRequestId,
    CheckoutRequestID: push.checkoutRequestId,
    ResponseCode: "0",
    ResponseDescription: "Success. Request accepted for processing",
    CustomerMessage: "Success. Request accepted for processing",
  });
}

const unavailable: Reply = {
  status: 503,
  html: true,
  body: "<html><head><title>503 Service Temporarily Unavailable</title></head>" +
    "<body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>",
};
