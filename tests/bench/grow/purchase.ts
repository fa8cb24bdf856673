import { accountKey } from "../../../src/domain/settlement/account-key.ts";
import {
  addAttempt,
  addPaybillPayment,
  type Aggregate,
  applyFact,
  type Attempt,
  expire,
} from "../../../src/domain/checkouts/machine.ts";
import { sealRequestIds } from "../../../src/domain/checkouts/send-push.ts";
import type { FailureCode } from "../../../src/daraja/codes.ts";
import type { StkAccepted } from "../../../src/daraja/daraja.ts";
import { maskPhone } from "../../../src/http/fields.ts";
import { payerDataPlace } from "../../../src/domain/checkouts/payment-sealing.ts";
import { nameOf, phoneOf, priceOf, pushIds, receiptOf } from "./people.ts";
import { confirmation, failedCallback, type Paid, paidCallback } from "./said.ts";
import type { Scribe } from "./scribe.ts";

const EXPIRES_IN_MS = 30 * 60_000;
const indexes = new Map<string, Uint8Array>();

/** One checkout, number `n`, bought by `person`: what its shop, Daraja and time do to it, step by step. */
export class Purchase {
  readonly #scribe: Scribe;
  #state: Aggregate;
  #ids: StkAccepted | null = null;
  readonly #phone: string;

  constructor(scribe: Scribe, readonly n: number, readonly person: number) {
    this.#scribe = scribe;
    this.#phone = phoneOf(person);
    this.#state = opened(scribe, n);
  }

  async create(prompted: boolean): Promise<void> {
    if (!prompted) return await this.#scribe.created(this.#state, this.#state);
    const attempt = await this.#newAttempt();
    const sent = addAttempt(this.#state, attempt, this.#scribe.now);
    const accepted = await this.#accepted(sent, attempt);
    this.#scribe.prompted(attempt, sent.checkout.amount);
    await this.#scribe.created(sent, accepted);
    this.#state = await this.#scribe.asked(sent, accepted, "attempt.accepted");
  }

  async promptAgain(): Promise<void> {
    const attempt = await this.#newAttempt();
    this.#scribe.prompted(attempt, this.#state.checkout.amount);
    const sent = await this.#scribe.asked(
      this.#state,
      addAttempt(this.#state, attempt, this.#scribe.now),
      "attempt.created",
    );
    this.#state = await this.#scribe.asked(sent, await this.#accepted(sent, attempt), "attempt.accepted");
  }

  /** The customer pays the last prompt, `more` cents more than was asked. */
  async pay(more = 0): Promise<void> {
    const { id, ids } = this.#last();
    const paid = this.#paid(this.n * 2, this.#state.checkout.amount + more);
    const paymentId = this.#scribe.id("pay");
    const phone = await this.#scribe.services.vault.seal(this.#phone, payerDataPlace("phone", paymentId));
    await this.#told(
      { kind: "paid", via: "callback", paid: { ...paid, paymentId, paidAt: paid.at, phone } },
      paidCallback(ids, paid),
      more === 0
        ? { status: "applied", problem: null, paymentId }
        : { status: "quarantined", problem: "amount_differs" },
      id,
    );
  }

  async fail(code: number, failure: FailureCode, description: string): Promise<void> {
    const { id, ids } = this.#last();
    await this.#told(
      { kind: "failed", via: "callback", failure, resultCode: String(code), description },
      failedCallback(ids, code, description),
      { status: "applied", problem: null },
      id,
    );
  }

  /** Money at the paybill, with this checkout's account. */
  async payAtPaybill(): Promise<void> {
    const { checkout } = this.#state;
    const [id, notice] = [this.#scribe.id("pay"), this.#scribe.id("ntc")];
    const paid = this.#paid(this.n * 2 + 1, checkout.amount);
    const name = nameOf(this.person);
    const payment = {
      id,
      merchant_id: checkout.merchant_id,
      shortcode_id: checkout.shortcode_id,
      checkout_id: checkout.id,
      attempt_id: null,
      receipt: paid.receipt,
      receipt_source: "notice" as const,
      uploaded: false,
      channel: "c2b" as const,
      status: "partial" as const,
      amount: paid.amount,
      currency: "KES" as const,
      account_reference: checkout.account_reference,
      phone: null,
      payer_name: await this.#scribe.services.vault.seal(name, payerDataPlace("payer_name", id)),
      paid_at: paid.at,
      created_at: this.#scribe.now,
      amount_refunded: 0,
      account_key: "",
      amount_promised: 0,
      amount_taken_back: 0,
      allocations: null,
      unproven: null,
      updated_at: this.#scribe.now,
      version: 1,
    };
    const after = addPaybillPayment(this.#state, payment, this.#scribe.now);
    this.#state = await this.#scribe.moved(this.#state, after, "checkout.paid_by_paybill", "daraja", notice);
    const body = confirmation(paid, this.#scribe.shop.number, checkout.account_reference, name);
    const settled = { status: "applied", problem: null, paymentId: id } as const;
    await this.#scribe.noticed("c2b_confirmation", checkout.shortcode_id, notice, body, settled);
  }

  async expire(): Promise<void> {
    this.#scribe.at(this.#state.checkout.expires_at + 400);
    const after = expire(this.#state, this.#scribe.now);
    this.#state = await this.#scribe.moved(
      this.#state,
      after,
      "checkout.followed",
      "system",
      this.#scribe.id("job"),
    );
  }

  end(): void {
    this.#scribe.ended(this.#state);
  }

  async #told(
    fact: Parameters<typeof applyFact>[2],
    body: string,
    settled: Parameters<Scribe["noticed"]>[4],
    attemptId: string,
  ): Promise<void> {
    const notice = this.#scribe.id("ntc");
    const after = applyFact(this.#state, attemptId, fact, this.#scribe.now);
    this.#state = await this.#scribe.moved(this.#state, after, "checkout.told", "daraja", notice);
    await this.#scribe.noticed("stk", attemptId, notice, body, settled);
  }

  #last(): { id: string; ids: StkAccepted } {
    const attempt = this.#state.attempts.at(-1);
    if (attempt === undefined || this.#ids === null) throw new Error("Nothing was prompted.");
    return { id: attempt.id, ids: this.#ids };
  }

  #paid = (receipt: number, amount: number): Paid => {
    const at = Math.floor(this.#scribe.now / 1000) * 1000;
    return { amount, receipt: receiptOf(receipt, at), at, phone: this.#phone };
  };

  async #accepted(sent: Aggregate, { id }: Attempt): Promise<Aggregate> {
    this.#ids = pushIds(this.n, this.#phone, this.#scribe.now);
    const requestIds = await sealRequestIds(this.#scribe.services, id, this.#ids);
    return applyFact(sent, id, { kind: "accepted", requestIds }, this.#scribe.now);
  }

  async #newAttempt(): Promise<Attempt> {
    const { vault } = this.#scribe.services;
    const id = this.#scribe.id("att");
    const index = indexes.get(this.#phone) ?? vault.index("phone", this.#phone);
    indexes.set(this.#phone, index); // people come again, and each index is an HMAC
    return {
      id,
      checkout_id: this.#state.checkout.id,
      status: "pending",
      phone: await vault.seal(this.#phone, { table: "attempts", column: "phone", row: id }),
      phone_index: index,
      phone_masked: maskPhone(this.#phone),
      evidence: 0,
      request_ids: null,
      failure: null,
      result_code: null,
      result_description: null,
      polls: 0,
      created_at: this.#scribe.now,
      accepted_at: null,
      ended_at: null,
      version: 1,
      amount: null,
    };
  }
}

function opened(scribe: Scribe, n: number): Aggregate {
  const id = scribe.id("chk");
  const account = id.slice(-8).toUpperCase();
  return {
    checkout: {
      id,
      merchant_id: scribe.shop.merchantId,
      shortcode_id: scribe.shop.shortcodeId,
      status: "open",
      amount: priceOf(n),
      currency: "KES",
      reference: `grown-${n}`,
      account_reference: account,
      account_key: accountKey(account),
      description: "Payment",
      return_url: null,
      metadata: {},
      expires_at: scribe.now + EXPIRES_IN_MS,
      cancelled_at: null,
      expired_at: null,
      amount_allocated: 0,
      amount_lost: 0,
      created_at: scribe.now,
      updated_at: scribe.now,
      version: 1,
      amount_received: 0,
      partial: "collect",
      split: false,
      overpayment: "park",
      overpayment_within: 1_000,
      items: [],
      possible_duplicate_of: null,
    },
    attempts: [],
    payments: [],
  };
}
