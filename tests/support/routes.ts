import { z } from "zod";
import type { Operation } from "../../src/http/operation.ts";
import { routes } from "../../src/app/routes.ts";
import { newId } from "../../src/crypto/ids.ts";
import type { Client } from "./client.ts";

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

/** A client of the development seed that may use an operation. */
export function clientFor({ scope }: Operation): Client {
  if (scope === "platform") return "cli_platform";
  if (scope === "operator" || scope === "audit:read") return "cli_operator";
  return scope === "payouts:approve" ? "cli_approver" : "cli_demo";
}
