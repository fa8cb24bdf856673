/** Something that a reader may look for. */
export interface Entry {
  readonly title: string;
  readonly path: string;
  /** What it is, such as `Checkouts` or `Guide`. */
  readonly group: string;
  /** Other names of it. */
  readonly also?: string;
  /** More words by which it is found. */
  readonly words: string;
}

/**
 * The entries that hold every word of the query, best first: those with the words in their title or other names, then short ones;
 * a guide with the words only in its text comes last. The
 * script of the pages contains the text of this function, so it must use nothing from outside itself.
 */
export function findEntries(entries: readonly Entry[], query: string): readonly Entry[] {
  const asked = query.toLowerCase().split(/[\s,;]+/).filter((word) => word !== "").slice(0, 8);
  if (asked.length === 0) return [];
  const scored = entries.flatMap((entry) => {
    const title = entry.title.toLowerCase();
    const also = entry.also ?? "";
    const text = `${title} ${also} ${entry.path} ${entry.group} ${entry.words}`.toLowerCase();
    if (!asked.every((word) => text.includes(word))) return [];
    const titleWords = title.split(/[^\p{L}\p{N}_]+/u);
    const points = asked.map((word) =>
      titleWords.includes(word) ? 1_000 : title.includes(word) || also.includes(word) ? 600 : 0
    );
    const last = entry.group === "Guide" ? 300 : 0;
    return [{ entry, score: points.reduce<number>((sum, one) => sum + one, 0) - title.length - last }];
  });
  return scored.sort((a, b) => b.score - a.score).slice(0, 20).map(({ entry }) => entry);
}
