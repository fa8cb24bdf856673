import { sendConfirmation } from "../c2b/notify.ts";
import type { Reply } from "../core/reply.ts";
import { ok } from "../core/reply.ts";
import type { World } from "../core/world.ts";
import { sendCallback } from "./callback.ts";
import type { Push } from "../core/push.ts";
import { settlePush } from "./settle-push.ts";
import { usualWithCode } from "./scenarios.ts";

/** Prompts the phone, starts the scenario, and makes the answer to the push. */
export async function startPush(world: World, push: Push): Promise<Reply> {
  const { scenario } = push;
  if (scenario.answer === "html-503") return unavailable;
  world.pushes.set(push.checkoutRequestId, push);
  world.recentPushes.add(push);
  if (push.isHeld) return accepted(push);
  if (scenario.settlesAtOnce) settlePush(world, push, scenario.code);
  if (scenario.callback === "first") await finishPush(world, push);
  else scheduleFinish(world, push);
  return scenario.answer === "cut" ? { status: 0, body: null, cutsConnection: true } : accepted(push);
}

/** Gives the prompt the answer of a person. False if it already has a result. */
export function answerPush(world: World, push: Push, code: number): boolean {
  if (push.result !== null) return false;
  push.cancelCallback();
  push.isHeld = false;
  push.scenario = usualWithCode(code);
  settlePush(world, push, code);
  world.tasks.run(() => finishPush(world, push));
  return true;
}

/** No person answers the prompt any more, so its scenario continues. */
export function releasePush(world: World, push: Push): void {
  if (!push.isHeld || push.result !== null) return;
  push.isHeld = false;
  scheduleFinish(world, push);
}

function scheduleFinish(world: World, push: Push): void {
  const { callback } = push.scenario;
  if (callback === "never") return;
  const { callbackDelayMs, lateCallbackDelayMs: lateMs } = world.options;
  const delay = typeof callback === "number" ? callback * callbackDelayMs : callback === "late" ? lateMs : 0;
  push.cancelCallback = world.tasks.after(delay, () => finishPush(world, push));
}

async function finishPush(world: World, push: Push): Promise<void> {
  settlePush(world, push, push.scenario.code);
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
