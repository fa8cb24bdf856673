import {
  type CheckoutPlan,
  type History,
  isTill,
  merchantOf,
  type OutFate,
  type PlaceIndex,
  type PromptPlan,
} from "./history.ts";

/** A paybill or till as it was set up in the service. */
export interface Place {
  readonly index: PlaceIndex;
  readonly merchant: Merchant;
  /** What customers type or read; `api` is the number that Daraja's requests name (a till's store number). */
  readonly number: string;
  readonly api: string;
  readonly id: string;
}

/** A merchant with two clients: one does everything but approve, the other approves. */
export interface Merchant {
  readonly name: "X" | "Y";
  readonly id: string;
  readonly client: string;
  readonly approver: string;
}

/** A checkout that was asked for. */
export interface Checkout {
  readonly label: string;
  /** Empty until the service has answered. */
  id: string;
  readonly place: Place;
  /** Cents. */
  readonly amount: number;
  readonly account: string;
  readonly at: number;
  readonly overpayment: CheckoutPlan["overpayment"];
  readonly split: boolean;
  cancelled: boolean;
}

/** A standing account that was made. */
export interface Account {
  readonly label: string;
  readonly id: string;
  readonly place: Place;
  readonly account: string;
}

/** A prompt that reached M-Pesa. */
export interface Prompt {
  readonly label: string;
  readonly plan: PromptPlan;
  readonly checkout: Checkout;
  readonly phone: string;
  readonly at: number;
  /** Set once M-Pesa has the push. */
  request: { readonly id: string; readonly merchantRequest: string; readonly callbackUrl: string } | null;
  /** Cents that the push asked for; 0 before there was one. */
  asked: number;
  outcome: "none" | "paid" | "cancelled";
  transfer: Transfer | null;
  /** A callback named another amount than was paid: nobody can tell what is true, so a person must look. */
  contradicted: boolean;
  denied: boolean;
  /** The service may never have got the answer to the push, or not have stored it. */
  answerLost: boolean;
}

/** Money that came in. */
export interface Transfer {
  readonly label: string;
  readonly receipt: string;
  readonly place: Place;
  /** Cents. */
  readonly amount: number;
  readonly phone: string;
  /** As the customer typed it, or as the prompt named it; null at a till. */
  readonly account: string | null;
  readonly at: number;
  readonly prompt: Prompt | null;
  /** Which sources have named its receipt to the service. */
  readonly told: Set<"callback" | "confirmation" | "pull" | "statement">;
}

/** A payout that a merchant asked for, to a phone of its own. */
export interface Payout {
  readonly label: string;
  readonly place: Place;
  readonly phone: string;
  /** Cents. */
  readonly amount: number;
  /** Empty until the service has answered. */
  id: string;
}

/** Money that went out, or may have. */
export interface Out {
  readonly kind: "reversal" | "payout";
  readonly receipt: string;
  readonly place: Place;
  /** Cents. */
  readonly amount: number;
  readonly phone: string;
  /** The reversed transfer; null for a payout. */
  readonly of: Transfer | null;
  readonly fate: OutFate;
  readonly conversation: string;
  readonly originator: string;
  readonly resultUrl: string;
  readonly at: number;
  done: boolean;
  /** A source has said that it failed, though it was done. */
  denied: boolean;
  /** Somebody else did it: no request of the service asked for it. */
  readonly isForeign: boolean;
  /** When M-Pesa's list first named it to the service; null: not yet. */
  listedAt: number | null;
}

/** A row of an uploaded statement that M-Pesa never issued for that place: a claim of a person. */
export interface Claim {
  readonly receipt: string;
  readonly place: Place;
  /** Cents. */
  readonly amount: number;
}

/** What a person did that later rules must know of. */
export interface Deed {
  readonly kind: "match" | "allocate" | "refund" | "resolve" | "pause" | "resume" | "import";
  readonly merchant: Merchant;
  readonly at: number;
  readonly payment?: string;
  readonly checkout?: string;
  /** The checkouts and accounts that were allocated to. */
  readonly places?: readonly string[];
  readonly refund?: string;
  readonly outcome?: "succeeded" | "failed";
}

/** What really happened in a history. The service is told of it, and never reads it. */
export class Truth {
  readonly places: Place[] = [];
  readonly checkouts: Checkout[] = [];
  readonly accounts: Account[] = [];
  readonly prompts: Prompt[] = [];
  readonly transfers: Transfer[] = [];
  readonly outs: Out[] = [];
  readonly payouts: Payout[] = [];
  readonly claims: Claim[] = [];
  readonly deeds: Deed[] = [];
  /** Notes taken while it happened, such as a request that was sent although payouts were paused. */
  readonly notes: { readonly rule: string; readonly about: string; readonly text: string }[] = [];
  /** The merchants whose payouts are paused, and since when (ms). */
  readonly paused = new Map<string, number>();
  /** At the end every source tells all that it knows. */
  settling = false;
  #requests = 0;

  constructor(readonly history: History, readonly serial: number) {}

  fateOfNextOut(): OutFate {
    return this.settling ? "done" : this.history.moneyOut[this.#requests++] ?? "done";
  }

  /** A receipt that no other history has. */
  receipt(): string {
    const n = this.transfers.length + this.outs.length + this.#extra++;
    return `UK${(this.serial * 1_000 + n).toString(36).toUpperCase().padStart(7, "A")}M`;
  }
  #extra = 0;

  /** A phone that no other history has. */
  phone(): string {
    return `2547${String((this.serial * 40 + this.#phones++) % 100_000_000).padStart(8, "0")}`;
  }
  #phones = 0;

  place(index: PlaceIndex): Place {
    const place = this.places.find((p) => p.index === index);
    if (place === undefined) throw new Error(`place ${index} was not set up`);
    return place;
  }

  placesOf(merchant: "X" | "Y"): Place[] {
    return this.places.filter((p) => p.merchant.name === merchant);
  }
}

/** The places that a history needs, in order. */
export function placesNeeded({ checkouts, walkIns, people, accounts = [], payouts = [] }: History): PlaceIndex[] {
  const all = new Set<PlaceIndex>();
  for (const { place } of [...checkouts, ...walkIns, ...accounts, ...payouts]) all.add(place);
  for (const action of people) {
    if (action.do === "import" || action.do === "pull") {
      all.add(((action.merchant === "X" ? 0 : 2) + (action.till ? 1 : 0)) as PlaceIndex); // 0 to 3
    }
  }
  return [...all].sort();
}

export { isTill, merchantOf };
