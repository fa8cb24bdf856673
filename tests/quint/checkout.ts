import { confirmation } from "../model/notices.ts";
import type { Step, Value } from "./itf.ts";
import type { Prompt } from "./outside.ts";
import type { Stage } from "./stage.ts";

const SHILLINGS = 1_500;
/** The checkout's time to pay; the specification's `expire` lets a minute more pass. */
const EXPIRES_S = 600;
const ACCOUNT = "ROOM5";

/** A prompt, and the id of its attempt once it is known. */
type Sent = Prompt & { attempt: string };

/** Plays the steps of `checkout.qnt` on the real service. */
export class CheckoutPlay {
  #id = "";
  #refund: string | null = null;
  readonly #prompts = new Map<Value, Sent>();
  constructor(readonly stage: Stage) {}

  /** One step of the trace. */
  async act({ action, picks }: Step): Promise<void> {
    const { stage } = this;
    const { outside, world, api } = stage;
    const path = `/v1/checkouts/${this.#id}`;
    const prompt = () => this.#prompt(picks["i"]);
    switch (action) {
      case "init":
        this.#id = (await stage.must(201, "POST", "/v1/checkouts", {
          amount: SHILLINGS * 100,
          currency: "KES",
          reference: "order-1",
          account_reference: ACCOUNT,
          expires_in: EXPIRES_S,
        })).id;
        return;
      case "push":
        return await this.#push(picks["i"]);
      case "customer":
        prompt().customer = picks["does"] === "paid" ? "paid" : "cancelled";
        if (picks["does"] === "paid") prompt().transfer = this.#transfer(prompt());
        return;
      case "callback":
        return await stage.tell(outside.callback(prompt()));
      case "confirmation": {
        const { transfer } = prompt();
        if (transfer === null) throw new Error("no transfer to confirm");
        const url = world.address("c2b_confirmation", outside.place.id);
        return await stage.tell([url, confirmation(transfer, "whole")]);
      }
      case "query":
        outside.queries = picks["lies"] === true ? "lie" : "truth";
        await stage.must(200, "POST", `${path}/refresh`);
        outside.queries = "nothing";
        return;
      case "expire":
        return await stage.pass(EXPIRES_S / 60 + 1);
      case "timeout":
        outside.queries = picks["truth"] === true ? "truth" : "nothing";
        await stage.pass(60);
        outside.queries = "nothing";
        return;
      case "cancel":
        await stage.must(200, "POST", `${path}/cancel`);
        return;
      case "reverse": {
        outside.fate = { call: picks["answered"] === true ? "accepted" : "lost", moved: picks["moved"] === true };
        const { data } = (await api.call(stage.merchant.client, "GET", "/v1/payments")).body;
        const paid = data.find(({ receipt }: { receipt: string | null }) => receipt === prompt().transfer?.receipt);
        this.#refund = (await stage.must(202, "POST", "/v1/refunds", { payment: paid?.id, reason: "As asked" })).id;
        return;
      }
      case "result":
        return await stage.tell(outside.result());
      default:
        throw new Error(`no such action: ${action}`);
    }
  }

  /** What the API shows, in the words of the specification. */
  async shown(): Promise<Value> {
    const { stage } = this;
    const checkout = await stage.must(200, "GET", `/v1/checkouts/${this.#id}`);
    const { data } = await stage.must(200, "GET", "/v1/payments");
    const payments: { readonly amount_refunded: number }[] = data;
    const refund = this.#refund === null ? null : await stage.must(200, "GET", `/v1/refunds/${this.#refund}`);
    const attempts: { readonly id: string; readonly status: string }[] = checkout.attempts;
    const attempt = (i: number): string => {
      const sent = this.#prompts.get(i)?.attempt;
      const found = attempts.find(({ id }) => id === sent);
      if (found === undefined) return "none";
      const own = found.status === "succeeded" ? "paid" : found.status;
      return payments.length > 1 && (own === "paid" || own === "unknown") ? "ended" : own;
    };
    return {
      checkout: checkout.status,
      attempts: { 1: attempt(1), 2: attempt(2) },
      payments: payments.length,
      refund: refund === null ? "none" : refund.status,
      refunded: payments.reduce((sum, { amount_refunded: refunded }) => sum + refunded, 0) === SHILLINGS * 100,
    };
  }

  async #push(i: Value | undefined): Promise<void> {
    const { stage } = this;
    const phone = stage.outside.truth.phone();
    const sent: Sent = { phone, request: null, customer: "nothing", transfer: null, attempt: "" };
    this.#prompts.set(i ?? null, sent);
    stage.outside.prompts.push(sent);
    const { attempts } = await stage.must(201, "POST", `/v1/checkouts/${this.#id}/attempts`, {
      phone_number: `+${sent.phone}`,
    });
    sent.attempt = attempts.at(-1).id;
  }

  #prompt(i: Value | undefined): Prompt {
    const prompt = this.#prompts.get(i ?? null);
    if (prompt === undefined) throw new Error(`prompt ${String(i)} was not sent`);
    return prompt;
  }

  #transfer({ phone }: Prompt) {
    const { truth, place, now } = this.stage.outside;
    const receipt = truth.receipt();
    return {
      label: receipt,
      receipt,
      place,
      amount: SHILLINGS * 100,
      phone,
      account: ACCOUNT,
      at: now(),
      prompt: null,
      told: new Set<never>(),
    };
  }
}
