import type { World } from "../core/world.ts";
import { callbackDescription } from "../stk/codes.ts";
import type { Push } from "../core/push.ts";

/** A prompt as the page and `GET /_simulator/prompts` show it. */
export interface PromptView {
  readonly id: string;
  readonly phone: string;
  /** Whole shillings. */
  readonly amount: number;
  readonly shortcode: string;
  readonly name: string;
  readonly account_reference: string;
  readonly status: "waiting" | "paid" | "failed";
  /** The description of its result; "" while it waits. */
  readonly outcome: string;
  /** The same in the words of the phone's owner. */
  readonly words: string;
  readonly receipt: string | null;
  /** The HTTP status that answered the callback; null before it was sent, 0 if the receiver could not be reached. */
  readonly callback_status: number | null;
  readonly at: string;
}

/** One phone and the prompts on its screen. */
export interface HandsetView {
  readonly phone: string;
  readonly manual: boolean;
  /** Newest first. */
  readonly prompts: readonly PromptView[];
}

const MAX_HANDSETS = 12;
const MAX_PROMPTS = 5;

/** What the phone shows its owner. Daraja's own words are for developers. */
const ownersWords: ReadonlyMap<string, string> = new Map([
  ["1", "You do not have enough money in your M-PESA account."],
  ["1019", "The request has expired."],
  ["1032", "You cancelled the request."],
  ["1037", "You did not answer in time."],
  ["2001", "You entered a wrong PIN."],
]);

/** The recent prompts, newest first. */
export function recentPrompts(world: World, phone?: string): PromptView[] {
  const pushes = world.recentPushes.list().filter((push) => phone === undefined || push.phone === phone);
  return pushes.map(promptView).reverse();
}

/** The phones that a person answers for, then the recently prompted ones; or only the phone `only`. */
export function handsets(world: World, only?: string): HandsetView[] {
  const prompts = recentPrompts(world, only);
  const phones = only ? [only] : [...new Set([...world.manualPhones, ...prompts.map((prompt) => prompt.phone)])];
  return phones.slice(0, MAX_HANDSETS).map((phone) => ({
    phone,
    manual: world.manualPhones.has(phone),
    prompts: prompts.filter((prompt) => prompt.phone === phone).slice(0, MAX_PROMPTS),
  }));
}

export function promptView(push: Push): PromptView {
  return {
    id: push.checkoutRequestId,
    phone: push.phone,
    amount: push.amount,
    shortcode: push.account.number,
    name: push.account.name,
    account_reference: push.accountReference,
    status: push.result === null ? "waiting" : push.result === 0 ? "paid" : "failed",
    outcome: push.result === null ? "" : callbackDescription(push.result),
    words: push.result === null ? "" : ownersWords.get(String(push.result)) ?? callbackDescription(push.result),
    receipt: push.receipt,
    callback_status: push.callbackStatus,
    at: new Date(push.at).toISOString(),
  };
}

/** A Kenyan mobile number, as people type it, in 12 digits; undefined if it is not one. */
export function normalisePhone(typed: string): string | undefined {
  const digits = typed.replace(/[\s+()-]/g, "").replace(/^0/, "254");
  return /^254[17]\d{8}$/.test(digits) ? digits : undefined;
}
