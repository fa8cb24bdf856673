import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Env } from "./env.ts";
import { bodyTooLarge } from "./respond.ts";

/**
 * Refuses a body of more than `maxBytes`. If Content-Length is sent, it decides (the server enforces it), and the body is
 * not read here. Otherwise the bytes are counted while they are read. Errors: `body_too_large`.
 */
export function limitBody(maxBytes: number): MiddlewareHandler<Env> {
  const refuse = () => {
    throw bodyTooLarge(maxBytes);
  };
  const countBytes = bodyLimit({ maxSize: maxBytes, onError: refuse });
  return (c, next) => {
    const length = c.req.header("content-length");
    if (length === undefined || c.req.header("transfer-encoding") !== undefined) return countBytes(c, next);
    return Number(length) <= maxBytes ? next() : refuse();
  };
}
