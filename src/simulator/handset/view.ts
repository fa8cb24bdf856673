import type { World } from "../core/world.ts";
import { callbackDescription } from "../stk/codes.ts";
import type { Push } from "../core/push.ts";

/** A prompt, as the page and `GET /_simulator/prompts` show it. */
export interface PromptView {
  readonly id: string;
  readonly phone: string;
  /** Whole shillings. */
  readonly amount: number;
  readonly shortcode: string;
  readonly name: string;
  readonly account_reference: string;
  readonly status: "waiting" | "paid" | "failed";
  /** What came of it, in words; "" while it waits. */
  readonly outcome: string;
  readonly receipt: string | null;
  /** HTTP status that the callback got; null before it left, 0 when the receiver could not be reached. */
  readonly callback_status: number | null;
  readonly at: string;
}

/** One phone and what lies on its screen. */
export interface HandsetView {
  readonly phone: string;
  readonly manual: boolean;
  /** Newest first. */
  readonly prompts: readonly PromptView[];
}

const MAX_HANDSETS = 12;
const MAX_PROMPTS = 5;

/** The recent prompts, newest first. */
export function recentPrompts(world: World, phone?: string): PromptView[] {
  const pushes = world.recentPushes.list().filter((push) => phone === undefined || push.phone === phone);
  return pushes.map(promptView).reverse();
}

/** The phones that a person holds, then those that were prompted lately; or the one asked for. */
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
    receipt: push.receipt,
    callback_status: push.callbackStatus,
    at: new Date(push.at).toISOString(),
  };
}

/** A Kenyan mobile as people type it, in 12 digits; undefined when it is none. */
export function normalisePhone(typed: string): string | undefined {
  const digits = typed.replace(/[\s+()-]/g, "").replace(/^0/, "254");
  return /^254[17]\d{8}$/.test(digits) ? digits : undefined;
}
