/**
 * Whose rows a caller may read and change. Lists and reads by id ask for one, so rows of another merchant can't be
 * reached by a forgotten condition (ADR 0024). The constructors are private: a reach comes from {@link OwnReach.of},
 * {@link EveryReach.of} or {@link EveryReach.to}, and an architecture test names the few files that call them.
 */
export type Reach = OwnReach | EveryReach;

/** The rows of one merchant. */
export class OwnReach {
  readonly kind = "own";
  private constructor(readonly merchantId: string) {}

  /** The reach of a caller of this merchant. */
  static of(merchantId: string): OwnReach {
    return new OwnReach(merchantId);
  }

  covers(merchantId: string | null): boolean {
    return merchantId === this.merchantId;
  }
}

/** The rows of every merchant, and those that belong to none. */
export class EveryReach {
  readonly kind = "every";
  private constructor() {}

  /** The reach of a token with the scope `platform`, and of work that no request started. */
  static of(): EveryReach {
    return new EveryReach();
  }

  covers(_merchantId: string | null): boolean {
    return true;
  }

  /** The part of it that is one merchant's. */
  to(merchantId: string): OwnReach {
    return OwnReach.of(merchantId);
  }
}

/** The row if the reach covers its merchant. Otherwise null, as if there were no such row. */
export const within = <R extends { readonly merchant_id: string | null }>(reach: Reach, row: R | null): R | null =>
  row !== null && reach.covers(row.merchant_id) ? row : null;
