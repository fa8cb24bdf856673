/**
 * The beginning of a text: at most `max` characters. If it was cut, its last word is left out, because what looks like half
 * a word may be half a secret, which nobody would recognise.
 */
export function beginning(text: string, max: number): string {
  if (text.length <= max) return text;
  const cut = text.slice(0, max);
  let end = cut.length;
  while (end > 0 && !/[\s"',;<>]/.test(cut.charAt(end - 1))) end--;
  return cut.slice(0, end);
}
