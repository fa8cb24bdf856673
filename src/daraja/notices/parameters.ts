import { isBlank, textOf } from "../field.ts";
import { isObject, type Json, type JsonObject, listAt, normalizeKey, textAt, valuesAt } from "../json.ts";

/**
 * One entry with `Key` and `Value`, or with `Name` and `Value`. Keys may repeat, and values may be missing (daraja.md
 * sections 0.6 and 0.7).
 */
export interface Parameter {
  readonly key: string;
  readonly value: string | null;
}

/**
 * The entries of a notice. They are read by key, never by position, and one key may have several values. Where a part
 * of the list can't be read, a key that was not found may be in it: then the key counts as unreadable, not as absent.
 */
export class Parameters {
  readonly entries: readonly Parameter[];

  constructor(private readonly pairs: readonly (readonly [string, Json])[], private readonly lost: readonly Json[]) {
    this.entries = pairs.map(([key, json]) => ({ key, value: isBlank(json) ? null : textOf(json) }));
  }

  /** Reads the list `list` in the object `container`, such as `Item` in `CallbackMetadata`. Both may be missing. */
  static at(parent: JsonObject | undefined, container: string, list: string): Parameters {
    const lost: Json[] = [];
    const pairs: [string, Json][] = [];
    for (const holder of valuesAt(parent, container).filter((value) => !isBlank(value))) {
      if (!isObject(holder)) lost.push([holder]);
      else for (const item of listAt(holder, list)) readItem(item, pairs, lost);
    }
    return new Parameters(pairs, lost);
  }

  /** All values of these keys, in the order of the list, without blank ones. */
  all(...keys: readonly string[]): readonly Json[] {
    const wanted = keys.map(normalizeKey);
    const found = this.pairs.flatMap(([key, value]) =>
      wanted.includes(normalizeKey(key)) && !isBlank(value) ? [value] : []
    );
    return found.length === 0 ? this.lost : found;
  }

  /** The values of the first of these keys that has one: for keys that differ in meaning, where the first is the best. */
  firstOf(...keys: readonly string[]): readonly Json[] {
    for (const key of keys) {
      const found = this.all(key);
      if (found !== this.lost && found.length > 0) return found;
    }
    return this.lost;
  }

  /** The text of a key that decides nothing about money. Null if it is absent or has two different values. */
  text(...keys: readonly string[]): string | null {
    const [first, ...others] = this.firstOf(...keys).map(textOf);
    return first !== undefined && others.every((other) => other === first) ? first : null;
  }
}

function readItem(item: Json, pairs: [string, Json][], lost: Json[]): void {
  if (isBlank(item) || (isObject(item) && Object.keys(item).length === 0)) return;
  const key = isObject(item) ? textAt(item, "Key") ?? textAt(item, "Name") : null;
  if (!isObject(item) || key === null) lost.push([item]);
  else for (const value of valuesOf(item)) pairs.push([key, value]);
}

function valuesOf(item: JsonObject): readonly Json[] {
  const values = valuesAt(item, "Value");
  return values.length === 0 ? [null] : values;
}
