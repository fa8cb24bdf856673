import { z } from "zod";
import { nairobiDateTime } from "../daraja/time.ts";
import type { CsvValue } from "../lib/csv-writer.ts";

/** A column of a list as CSV: its name, and its value in a row's answer. */
export interface CsvColumn {
  readonly name: string;
  readonly read: (row: unknown) => CsvValue;
}

/** Fields that hold cents. Their columns are in shillings, and say so. */
const MONEY =
  /^(amount|amount_\w+|fees?|net|fee_estimate|balance|expected_amount|arrears|utility|working|alert_below)$/;

/** Whether a field holds cents, by its name. */
export const isMoney = (name: string): boolean => MONEY.test(name);

/**
 * The columns of the rows of a list, in the order of their schema. A field of an object has the object's name before its
 * own. Of a list of objects there is the number of them, and free fields are JSON text.
 */
export function csvColumns(schema: z.ZodType, prefix = "", at: (row: unknown) => unknown = (row) => row): CsvColumn[] {
  const plain = unwrap(schema);
  if (!(plain instanceof z.ZodObject)) return [];
  return Object.entries<z.ZodType>(plain.shape).flatMap(([key, field]) => {
    const inner = unwrap(field);
    const read = (row: unknown) => (at(row) as Record<string, unknown> | null | undefined)?.[key] ?? null; // by the schema
    if (inner instanceof z.ZodObject) return csvColumns(inner, `${prefix}${key}_`, read);
    return [columnOf(prefix + key, key, inner, read)];
  });
}

function columnOf(name: string, key: string, schema: z.ZodType, read: (row: unknown) => unknown): CsvColumn {
  if (schema instanceof z.ZodNumber && isMoney(key)) {
    return { name: `${name}_kes`, read: (row) => shillings(read(row) as number | null) };
  }
  if (schema instanceof z.ZodISODateTime) {
    return { name, read: (row) => nairobiTime(read(row) as string | null) };
  }
  return { name, read: (row) => plainValue(read(row)) };
}

const shillings = (cents: number | null): CsvValue => cents === null ? null : cents / 100;
const nairobiTime = (text: string | null): CsvValue => text === null ? null : nairobiDateTime(Date.parse(text));

function plainValue(value: unknown): CsvValue {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (!Array.isArray(value)) return JSON.stringify(value);
  return value.some((item) => typeof item === "object") ? value.length : value.join(" ");
}

function unwrap(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    return unwrap(schema.unwrap() as z.ZodType); // zod types what is inside as its core type
  }
  return schema;
}
