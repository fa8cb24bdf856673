/** Draws that hang on a seed and a name only, so that one part's draws never shift another's. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d = 1;

  constructor(readonly name: string) {
    [this.#a, this.#b, this.#c] = hash(name);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** The generator of a part. */
  fork(part: string | number): Random {
    return new Random(`${this.name}/${part}`);
  }

  /** From 0 up to 1 (sfc32). */
  next(): number {
    const sum = (this.#a + this.#b + this.#d) | 0;
    this.#d = (this.#d + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of a list, each as likely as its weight says. */
  weighted<T>(list: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.next() * list.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of list) {
      left -= weight;
      if (left < 0) return value;
    }
    const last = list.at(-1);
    if (last === undefined) throw new Error("nothing to draw from");
    return last[1];
  }

  pick<T>(list: readonly T[]): T {
    return this.weighted(list.map((value) => [1, value] as const));
  }
}

/** Three words out of a text (FNV-1a with three offsets). */
function hash(text: string): [number, number, number] {
  const words: [number, number, number] = [0x811c9dc5, 0x01000193, 0x9e3779b9];
  for (let i = 0; i < text.length; i++) {
    for (let w = 0; w < 3; w++) words[w] = Math.imul((words[w] ?? 0) ^ (text.charCodeAt(i) + w), 0x01000193);
  }
  return words;
}
