/** Cents as people read them: `KES 1,500`, with cents only where there are any. */
export function shillings(cents: number): string {
  const digits = cents % 100 === 0 ? 0 : 2;
  const figure = (Math.abs(cents) / 100).toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `KES\u00a0${cents < 0 ? "\u2212" : ""}${figure}`;
}
