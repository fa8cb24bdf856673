import { developmentKeys } from "../../../src/config/config.ts";
import { type Capabilities, createCapabilities } from "../../../src/crypto/capability.ts";
import { callbackSecretLength, parseKeyring } from "../../../src/crypto/keyring.ts";
import { pushIds, receiptOf } from "../grow/people.ts";
import { paidCallback } from "../grow/said.ts";
import { type Reply, Wire, wired } from "../wire.ts";
import type { Case, Plan } from "./plan.ts";

const WIRES = 64;
const SETTLES_MS = 30_000;
const AMOUNT = 1_000;
const FIRST_RECEIPT = 1_000_000_000; // past those of grown checkouts
const json = { "content-type": "application/json" };

interface Prompted {
  readonly checkout: string;
  readonly attempt: string;
  readonly phone: string;
}

/** Makes the requests of each case and sends them over connections that are kept. */
export class Aim {
  readonly #free: Wire[] = [];
  readonly #waiting: ((wire: Wire) => void)[] = [];
  readonly #prompted: Prompted[] = [];
  #told: string[] = [];
  readonly #failed = new Map<Case, number>();
  #count = Math.floor(Math.random() * 1e6) * 100;

  private constructor(readonly plan: Plan, readonly capabilities: Capabilities) {}

  static async take(plan: Plan): Promise<Aim> {
    const ring = parseKeyring(developmentKeys.CALLBACK_SECRETS, callbackSecretLength);
    if (!ring.ok) throw new Error(ring.problems.join("; "));
    const aim = new Aim(plan, await createCapabilities(ring.value));
    for (let n = 0; n < WIRES; n++) aim.#free.push(await Wire.open(plan.port));
    return aim;
  }

  /** How many were answered otherwise than they must be. */
  failed(which: Case): number {
    return this.#failed.get(which) ?? 0;
  }

  /** One request; false where there is nothing left to call back. */
  async shoot(which: Case): Promise<boolean> {
    switch (which) {
      case "create":
        return await this.#create();
      case "callback":
        return await this.#callBack();
      case "get":
        return await this.#read(which, `/${any(this.plan.ids)}`);
      case "list":
        return await this.#read(which, "");
      case "reference":
        return await this.#read(which, `?reference=${any(this.plan.references)}`);
    }
  }

  /** Resolves when the last checkouts that were called back are settled; others were before them. */
  async settled(): Promise<void> {
    const deadline = performance.now() + SETTLES_MS;
    for (const id of this.#told.splice(0).slice(-WIRES)) {
      const request = this.#get(`/${id}`);
      while (!(await this.#send(request)).text.includes('"status":"succeeded"')) {
        if (performance.now() > deadline) return this.#miss("callback");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  }

  close(): void {
    for (const wire of this.#free) wire.close();
  }

  async #create(): Promise<boolean> {
    const n = this.#count++;
    const phone = `2547${10_000_000 + n % 89_999_999}`;
    const body = JSON.stringify({ amount: AMOUNT, currency: "KES", reference: `shot-${n}`, phone_number: phone });
    const headers = { ...json, authorization: `Bearer ${this.plan.token}`, "idempotency-key": crypto.randomUUID() };
    const { status, text } = await this.#send(wired("POST", "/v1/checkouts", headers, body));
    const [, checkout, attempt] = /"id":"(chk_\w+)".*"id":"(att_\w+)"/.exec(text) ?? [];
    if (status !== 201 || checkout === undefined || attempt === undefined) this.#miss("create");
    else this.#prompted.push({ checkout, attempt, phone });
    return true;
  }

  async #callBack(): Promise<boolean> {
    const prompted = this.#prompted.pop();
    if (prompted === undefined) return false;
    const { checkout, attempt, phone } = prompted;
    const at = Date.now();
    const receipt = receiptOf(FIRST_RECEIPT + this.#count++, at);
    const body = paidCallback(pushIds(this.#count, phone, at), { amount: AMOUNT, receipt, at, phone });
    const path = `/notify/${this.capabilities.mint("stk", attempt)}`;
    if ((await this.#send(wired("POST", path, json, body))).status !== 200) this.#miss("callback");
    else this.#told.push(checkout);
    return true;
  }

  async #read(which: Case, tail: string): Promise<boolean> {
    const { status, text } = await this.#send(this.#get(tail));
    if (status !== 200 || !text.includes('"chk_')) this.#miss(which);
    return true;
  }

  #get(tail: string): Uint8Array {
    return wired("GET", `/v1/checkouts${tail}`, { authorization: `Bearer ${this.plan.token}` });
  }

  async #send(request: Uint8Array): Promise<Reply> {
    const wire = this.#free.pop() ?? await new Promise<Wire>((resolve) => this.#waiting.push(resolve));
    try {
      return await wire.ask(request);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(wire);
      else next(wire);
    }
  }

  #miss(which: Case): void {
    this.#failed.set(which, this.failed(which) + 1);
  }
}

const any = (list: readonly string[]): string => list[Math.floor(Math.random() * list.length)] ?? "";
