/** Money at a paybill or till, as one view of it tells: a confirmation, a pulled row, a line of a statement. */
export interface Money {
  readonly channel: "c2b" | "pull";
  readonly receipt: string;
  /** Cents. */
  readonly amount: number;
  /** As the customer typed it. */
  readonly accountReference: string | null;
  /** ms. */
  readonly paidAt: number | null;
  /** 12 digits, where it is given whole. */
  readonly phone: string | null;
  readonly payerName: string | null;
}
