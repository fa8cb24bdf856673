/** Cents as people read them: `KES 1,500`, with cents only where there are any. */
export const shillings = (cents: number): string => `KES\u00a0${shillingFigure(cents)}`;

/** The same without the currency, where a heading names it: `1,500`. */
export function shillingFigure(cents: number): string {
  const digits = cents % 100 === 0 ? 0 : 2;
  const figure = (Math.abs(cents) / 100).toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${cents < 0 ? "\u2212" : ""}${figure}`;
}
