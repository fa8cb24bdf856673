import { z } from "zod";
import type { Operation } from "../../src/http/operation.ts";
import { routes } from "../../src/app/routes.ts";
import { newId } from "../../src/crypto/ids.ts";

/** Every operation of the API. */
export const operations: readonly Operation[] = routes.map(({ operation }) => operation);

export const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;

/** An operation's path with an id in each parameter's place; by default ones that never were. */
export function pathOf(operation: Operation, id: string = newId("evt")): string {
  return operation.path.replaceAll(/\{\w+\}/g, id);
}

/** Names of an operation's query parameters. */
export function queryOf(operation: Operation): string[] {
  return operation.query instanceof z.ZodObject ? Object.keys(operation.query.shape) : [];
}
