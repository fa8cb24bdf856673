import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Env } from "./env.ts";
import { bodyTooLarge } from "./respond.ts";

/**
 * Refuses a body of more than `most` bytes. One that tells its length is judged by that, which the server holds it to,
 * and stays unopened; any other is counted. Errors: `body_too_large`.
 */
export function limitBody(most: number): MiddlewareHandler<Env> {
  const refuse = () => {
    throw bodyTooLarge(most);
  };
  const counted = bodyLimit({ maxSize: most, onError: refuse });
  return (c, next) => {
    const length = c.req.header("content-length");
    if (length === undefined || c.req.header("transfer-encoding") !== undefined) return counted(c, next);
    return Number(length) <= most ? next() : refuse();
  };
}
