import { historyOf } from "./generate.ts";
import { explain, verdict } from "./report.ts";
import { inTheatre, type Theatre } from "./theatre.ts";

/** Seeds from `from` up to, but not with, `to`, that one service plays. */
export interface Chunk {
  readonly from: number;
  readonly to: number;
}

/** What one history showed: the known items, and the rules that no known item explains. `text` is the shortest history of a rule. */
export interface Played {
  readonly seed: number;
  readonly known: readonly string[];
  readonly unknown: readonly string[];
}

/** Plays the histories of a chunk on a service of its own. `report` gets each as soon as it ends. */
export const playChunk = ({ from, to }: Chunk, report: (played: Played) => void): Promise<void> =>
  inTheatre(async (theatre) => {
    for (let seed = from; seed < to; seed++) report(await playOne(theatre, seed));
  }, { seed: from });

/** The chunks of `count` seeds from `first` on. A chunk ends at a multiple of `size`. */
export function chunksOf(first: number, count: number, size: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (let from = first; from < first + count; from = chunks.at(-1)?.to ?? from) {
    chunks.push({ from, to: Math.min(first + count, from - from % size + size) });
  }
  return chunks;
}

async function playOne(theatre: Theatre, seed: number): Promise<Played> {
  const { known, unknown } = await verdict(theatre, historyOf(seed), seed);
  return {
    seed,
    known: [...new Set([...known].map(({ item }) => item))],
    unknown: [...new Set(unknown.map(({ rule }) => rule))],
  };
}

/** The shortest history of `seed` that breaks `rule`, as a text. */
export async function explainSeed(seed: number, rule: string): Promise<string> {
  let text = "";
  await inTheatre(async (theatre) => void (text = await explain(theatre, seed, rule)));
  return text;
}
