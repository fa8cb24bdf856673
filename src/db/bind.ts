import type { Value } from "./database.ts";

/** The argument types of both drivers. Whole numbers are sent as bigint, so that SQLite stores INTEGER and not REAL. */
export type Bound = string | number | bigint | null | Uint8Array;

/**
 * Checks and converts the arguments of a statement. The check is needed because the native addon aborts the process on a
 * boolean, stores `undefined` as NULL, and cuts a text at a NUL character.
 * Errors: TypeError on anything that is no {@link Value}.
 */
export function bindAll(args: readonly Value[]): Bound[] {
  return args.map((arg, i) => bindOne(arg, i));
}

function bindOne(arg: Value, index: number): Bound {
  if (arg === null || arg instanceof Uint8Array) return arg;
  if (typeof arg === "string") {
    if (arg.includes("\0")) throw new TypeError(`Argument ${index + 1} holds a NUL character.`);
    return arg;
  }
  if (typeof arg !== "number") throw new TypeError(`Argument ${index + 1} is a ${typeof arg}, which SQL can't hold.`);
  if (Number.isSafeInteger(arg)) return BigInt(arg);
  if (!Number.isFinite(arg) || Number.isInteger(arg)) {
    throw new TypeError(`Argument ${index + 1} is a number that SQL can't hold exactly.`);
  }
  return arg;
}
