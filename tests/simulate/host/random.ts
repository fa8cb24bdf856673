/** Numbers from a seed: the same seed, the same numbers, on any machine (xoshiro128**). */
export class Random {
  readonly #state = new Uint32Array(4);

  constructor(seed: number, stream = 0) {
    let mixed = (seed >>> 0) ^ Math.imul(stream + 1, 0x9e3779b9) ^ Math.floor(seed / 2 ** 32);
    for (let i = 0; i < 4; i++) { // splitmix32
      mixed = (mixed + 0x9e3779b9) | 0;
      let z = mixed;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      this.#state[i] = z ^ (z >>> 15);
    }
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    const s = this.#state as unknown as [number, number, number, number]; // four numbers, always
    const result = Math.imul(rotate(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11);
    return result;
  }

  /** A whole number from 0 to `n` - 1. */
  below(n: number): number {
    return Math.floor((this.next() / 2 ** 32) * n);
  }

  /** Whether something happens that happens with this probability. */
  chance(probability: number): boolean {
    return this.next() / 2 ** 32 < probability;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error("nothing to pick from");
    return list[this.below(list.length)] as T; // the index is in the list
  }
}

const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));
