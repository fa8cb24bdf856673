/** `unknown`: one of the names is missing or says nothing, so they can't be compared. */
export type NameMatch = "match" | "mismatch" | "unknown";

/** Words that stand before a name and are none. */
const TITLES: ReadonlySet<string> = new Set(["mr", "mrs", "ms", "miss", "dr", "prof", "eng", "rev", "bi", "bwana"]);
const MARKS = /\p{M}/gu;
const APOSTROPHES = /['’‘ʼ`´]/g;
/** What M-Pesa writes in the place of letters that it hides. */
const HIDDEN = /[*•]+/g;
const NOT_OF_A_WORD = /[^\p{L}*]+/u;

/**
 * The words of a name in the form in which they are compared: small letters without accents and apostrophes, no titles.
 * A word of one letter, and one whose rest is hidden (`m*`), stands for each word that begins with it.
 */
export function wordsOf(name: string): readonly string[] {
  const plain = name.normalize("NFKD").replace(MARKS, "").replace(APOSTROPHES, "").toLowerCase();
  return plain.replace(HIDDEN, "*").split(NOT_OF_A_WORD).filter((word) => /^\p{L}/u.test(word) && !TITLES.has(word));
}

/** How the word begins, where it is only a beginning; null: it is whole. */
function beginningOf(word: string): string | null {
  const star = word.indexOf("*");
  if (star !== -1) return word.slice(0, star);
  return [...word].length === 1 ? word : null;
}

function fits(a: string, b: string): boolean {
  const [beginA, beginB] = [beginningOf(a), beginningOf(b)];
  if (beginA !== null && beginB !== null) return beginA.startsWith(beginB) || beginB.startsWith(beginA);
  if (beginA !== null) return b.startsWith(beginA);
  return beginB !== null ? a.startsWith(beginB) : a === b;
}

const isWhole = (word: string): boolean => beginningOf(word) === null;

/** Takes each word of `few` away from `many`: whole words first, so that an initial doesn't take the word of another. */
function allFit(few: readonly string[], many: readonly string[]): boolean {
  const left = [...many];
  const takeOne = (isTaken: (other: string) => boolean): boolean => {
    const at = left.findIndex(isTaken);
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  };
  const rest = few.filter((word) => !takeOne((other) => isWhole(word) && other === word));
  return rest.every((word) => takeOne((other) => fits(word, other)));
}

/**
 * Compares the name that a caller gave with the one that M-Pesa returned. Case, order, accents, titles and missing
 * middle names do not count, and an initial stands for a name. They match if each word of the name with fewer words has
 * a word of its own in the other, and at least one whole word is in both. A name of initials alone proves nothing:
 * `unknown`.
 */
export function compareNames(given: string | null, returned: string | null): NameMatch {
  const [a, b] = [wordsOf(given ?? ""), wordsOf(returned ?? "")];
  if (!a.some(isWhole) || !b.some(isWhole)) return "unknown";
  const [few, many] = a.length <= b.length ? [a, b] : [b, a];
  const sharesWord = a.some((word) => isWhole(word) && b.includes(word));
  return sharesWord && allFit(few, many) ? "match" : "mismatch";
}
