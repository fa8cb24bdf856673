import { nairobiMidnight } from "./time.ts";

/** What Safaricom charges a business. A paybill has one of three tariffs; payouts to phones have one of their own. */
export const paybillTariffs = ["mgao", "business_bouquet", "customer_bouquet"] as const;
export type PaybillTariff = (typeof paybillTariffs)[number];
export type TariffName = PaybillTariff | "b2c";

/** Bands as [up to this amount, the business pays], both in whole KES. The last one ends at the limit of M-Pesa. */
type Bands = readonly (readonly [upTo: number, fee: number])[];

/** Bands from a day of Nairobi on, until the next table of the same name. */
export interface Tariff {
  readonly from: string;
  readonly bands: Bands;
}

const LIMIT = 250_000;

/** The whole fee of a payment to a paybill. Who pays it depends on the tariff. */
const PAYBILL: Bands = [
  [100, 0],
  [500, 5],
  [1_000, 10],
  [1_500, 15],
  [2_500, 20],
  [3_500, 25],
  [5_000, 34],
  [7_500, 42],
  [10_000, 48],
  [15_000, 57],
  [20_000, 62],
  [25_000, 67],
  [30_000, 72],
  [35_000, 83],
  [40_000, 99],
  [45_000, 103],
  [LIMIT, 108],
];

/**
 * The tables, oldest first. Source: Safaricom publishes them as pictures and forms; these are copies that agree with each
 * other (docs/unverified.md names them). Tills have none: the copies of their tariff contradict each other.
 */
export const tariffs: Readonly<Record<TariffName, readonly Tariff[]>> = {
  mgao: [{
    from: "2024-01-01",
    bands: [
      [1_000, 0],
      [1_500, 5],
      [2_500, 7],
      [3_500, 9],
      [5_000, 18],
      [7_500, 25],
      [10_000, 30],
      [15_000, 39],
      [20_000, 43],
      [25_000, 47],
      [30_000, 52],
      [35_000, 62],
      [40_000, 76],
      [45_000, 80],
      [LIMIT, 84],
    ],
  }],
  business_bouquet: [{ from: "2024-01-01", bands: [[LIMIT, 0]] }],
  customer_bouquet: [{ from: "2024-01-01", bands: PAYBILL }],
  b2c: [{ from: "2024-01-01", bands: [[100, 0], [1_500, 5], [5_000, 9], [20_000, 11], [LIMIT, 13]] }],
};

/** The first moment (ms) of a table. The days are written above, so each can be read. */
export const tariffStart = ({ from }: Tariff): number => nairobiMidnight(from) ?? 0;

/**
 * What the business pays Safaricom for a transfer by the published tariff, in cents. `amount`: cents. `at`: ms. Null where
 * no table is known: a till, a paybill whose tariff nobody entered, or a time before the oldest table.
 */
export function estimateFee(tariff: TariffName | null, amount: number, at: number): number | null {
  const table = tariff === null ? undefined : tariffs[tariff].findLast((table) => tariffStart(table) <= at);
  const band = table?.bands.find(([upTo]) => amount <= upTo * 100);
  return band === undefined ? null : band[1] * 100;
}
