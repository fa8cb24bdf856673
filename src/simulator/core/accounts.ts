import type { C2bRegistration, SimulatedShortcode } from "../options.ts";

/** A shortcode with its money. Amounts are cents, because charges are not whole shillings. */
export class Account {
  utilityCents: number;
  workingCents: number;
  chargesCents = 0;
  c2b: C2bRegistration | undefined;
  pullRegistered = false;

  constructor(readonly shortcode: SimulatedShortcode) {
    this.utilityCents = shortcode.utilityBalance * 100;
    this.workingCents = (shortcode.workingBalance ?? 0) * 100;
    this.c2b = shortcode.c2b;
  }

  get number(): string {
    return this.shortcode.number;
  }

  /** The number that its pushes name as `BusinessShortCode`: the store number of a till. */
  get pushNumber(): string {
    return this.shortcode.storeNumber ?? this.shortcode.number;
  }

  get name(): string {
    return this.shortcode.name ?? `Shortcode ${this.number}`;
  }

  /** `600000 - Demo Shop` */
  get publicName(): string {
    return `${this.number} - ${this.name}`;
  }
}

/** All shortcodes, found by any of their numbers. */
export class Accounts {
  readonly #byNumber = new Map<string, Account>();
  readonly #byPushNumber = new Map<string, Account>();

  constructor(shortcodes: readonly SimulatedShortcode[]) {
    for (const shortcode of shortcodes) {
      const account = new Account(shortcode);
      this.#byNumber.set(account.number, account);
      this.#byPushNumber.set(account.pushNumber, account);
    }
  }

  /** By paybill, till or store number. */
  find(number: string): Account | undefined {
    return this.#byNumber.get(number) ?? this.#byPushNumber.get(number);
  }

  findForPush(number: string): Account | undefined {
    return this.#byPushNumber.get(number);
  }
}

/** `1234.50`, from cents. */
export function decimal(cents: number): string {
  return (cents / 100).toFixed(2);
}

/** `Utility Account|KES|1234.50|1234.50|0.00|0.00`: name, currency, current, available, reserved, uncleared. */
export function accountLine(name: string, cents: number): string {
  return `${name}|KES|${decimal(cents)}|${decimal(cents)}|0.00|0.00`;
}
