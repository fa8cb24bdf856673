import type { Options } from "./options.ts";
import type { Measured } from "./measure.ts";
import { Bench, type BenchOptions, type Place, type Subject } from "./stands.ts";

/** A round: the product, and the floor right after it at the same fixed rate; null where a case has no floor. */
export interface Round<M = Measured> {
  readonly product: M;
  readonly floor: M | null;
}

/** How a case is measured on a stand that was just started; `perSecond` is the fixed rate, null: half of what goes. */
export interface Measuring<M> {
  readonly name: string;
  readonly withFloor: boolean;
  setUp(subject: Subject): Pick<BenchOptions, "env" | "simulator">;
  measure(bench: Bench, perSecond: number | null): Promise<M>;
}

/** Product, floor, product, floor, ...: each on a stand of its own, so that no round inherits from another. */
export async function rounds<M extends { readonly perSecond: number; readonly atPerSecond: number }>(
  { rounds, say }: Options,
  place: Place,
  measuring: Measuring<M>,
): Promise<readonly Round<M>[]> {
  const list: Round<M>[] = [];
  const once = async (subject: Subject, perSecond: number | null): Promise<M> => {
    const bench = await Bench.start({ subject, place, ...measuring.setUp(subject) });
    try {
      return await measuring.measure(bench, perSecond);
    } catch (error) {
      const said = await Promise.all(bench.stand.apis.map(({ process }) => process.said()));
      throw new Error(`${measuring.name}, ${subject} on ${place.name}; it said ${tail(said)}`, { cause: error });
    } finally {
      await bench.stop();
    }
  };
  for (let n = 1; n <= rounds; n++) {
    const product = await once("product", null);
    const floor = measuring.withFloor ? await once("floor", product.atPerSecond) : null;
    const beside = floor === null ? "" : `, floor ${Math.round(floor.perSecond)}/s`;
    say(`${measuring.name} on ${place.name}, round ${n}: ${Math.round(product.perSecond)}/s${beside}`);
    list.push({ product, floor });
  }
  return list;
}

/** The end of what processes said that is no ordinary line. */
const tail = (said: readonly string[]): string =>
  said.join("\n").split("\n").filter((line) => !line.includes('"level":"info"')).slice(-20).join("\n");
