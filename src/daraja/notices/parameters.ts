import { isObject, type Json, normalizeKey, scalarText, textAt } from "../json.ts";

/**
 * One entry with `Key` and `Value`, or with `Name` and `Value`. Keys may repeat, and values may be missing (daraja.md
 * sections 0.6 and 0.7).
 */
export interface Parameter {
  readonly key: string;
  readonly value: string | null;
}

/** The entries of a notice. They are read by key, never by position, and one key may have several values. */
export class Parameters {
  constructor(readonly entries: readonly Parameter[]) {}

  /** Reads a list whose members have a `Key` or a `Name`; members with neither are left out. */
  static from(list: readonly Json[]): Parameters {
    return new Parameters(list.flatMap((item) => {
      if (!isObject(item)) return [];
      const key = textAt(item, "Key") ?? textAt(item, "Name");
      return key === null ? [] : [{ key, value: textAt(item, "Value") }];
    }));
  }

  /** All values of a key in the order of the list, without blank ones. */
  all(key: string): readonly string[] {
    const wanted = normalizeKey(key);
    return this.entries.flatMap((entry) => {
      const value = normalizeKey(entry.key) === wanted && entry.value !== null ? scalarText(entry.value) : null;
      return value === null ? [] : [value];
    });
  }

  /** The value of the first of these keys that has one. Null if that key has two different values. */
  one(...keys: readonly string[]): string | null {
    for (const key of keys) {
      const values = this.all(key);
      if (values[0] === undefined) continue;
      return values.every((value) => value === values[0]) ? values[0] : null;
    }
    return null;
  }
}
