import { type PaybillTariff, paybillTariffs, type TariffName, tariffs, tariffStart } from "../../daraja/tariffs.ts";

/** What `estimateFee` answers, as an SQL expression over an amount (cents) and a time (ms). */
export function estimateSql(tariff: TariffName, amount: string, at: string): string {
  const tables = tariffs[tariff].toReversed().map((table) => {
    const cases = table.bands.map(([upTo, fee]) => `WHEN ${amount} <= ${upTo * 100} THEN ${fee * 100}`);
    return `WHEN ${at} >= ${tariffStart(table)} THEN CASE ${cases.join(" ")} END`;
  });
  return `CASE ${tables.join(" ")} END`;
}

/** The same for a payment to a shortcode whose tariff stands in a column. */
export function estimateOfPaymentSql(tariff: string, amount: string, at: string): string {
  const cases = paybillTariffs.map((name: PaybillTariff) => `WHEN '${name}' THEN ${estimateSql(name, amount, at)}`);
  return `CASE ${tariff} ${cases.join(" ")} END`;
}
