/**
 * Whether any column of a row has changed. Columns are compared by identity: a machine copies the values that it does
 * not touch, so an equal JSON or blob column is the same object.
 */
export const hasChanged = <Row extends object>(before: Row, after: Row): boolean =>
  (Object.keys(after) as (keyof Row)[]).some((column) => before[column] !== after[column]); // a row has no other keys
