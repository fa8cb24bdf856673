import type { MiddlewareHandler } from "hono";
import { Problem } from "../problems/problem.ts";
import type { Env } from "./env.ts";
import { bodyTooLarge } from "./respond.ts";

/** How long a body may take, in ms, besides the time that its length needs. `BODY_DEADLINE_MS` is the setting. */
const DEADLINE_MS = 10_000;
/** The least rate at which a body must come. */
const BYTES_PER_SECOND = 8_192;

/**
 * Reads the body of a request, so that `c.req.text()` has it at once. Refuses more than `maxBytes`, before it is read if
 * Content-Length says so, and a body that comes too slowly: a caller who sends one byte must not keep anything busy. So this
 * comes before a request takes its place among those that run. A body for which `isFile` is true is kept as bytes,
 * for `c.req.arrayBuffer()`.
 * Errors: `body_too_large`, `request_timeout`, `request_aborted`.
 */
export function limitBody(
  maxBytes: number,
  deadlineMs: number = DEADLINE_MS,
  isFile: (contentType: string | undefined, header: (name: string) => string | undefined) => boolean = () => false,
): MiddlewareHandler<Env> {
  return async (c, next) => {
    const declared = c.req.header("content-length");
    const isDeclared = declared !== undefined && c.req.header("transfer-encoding") === undefined;
    if (isDeclared && !(Number(declared) <= maxBytes)) throw bodyTooLarge(maxBytes);
    const withinMs = deadlineMs + ((isDeclared ? Number(declared) : maxBytes) / BYTES_PER_SECOND) * 1_000;
    if (isFile(c.req.header("content-type"), (name) => c.req.header(name))) {
      const bytes = isDeclared
        ? await inTime(c.req.raw.arrayBuffer(), withinMs)
        : await readBytes(c.req.raw.body, maxBytes, withinMs);
      c.req.bodyCache.arrayBuffer = Promise.resolve(bytes) as unknown as ArrayBuffer; // as below
      return await next();
    }
    const text = isDeclared
      ? await inTime(c.req.raw.text(), withinMs) // twice as fast as its stream
      : await readStream(c.req.raw.body, maxBytes, withinMs);
    // Hono awaits what it finds here, though its type says string. A string would not do: it ignores an empty one.
    c.req.bodyCache.text = Promise.resolve(text) as unknown as string;
    await next();
  };
}

/** The result of `reading`. A reading that fails was ended by the caller. */
async function inTime<T>(reading: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new Problem(
          "request_timeout",
          `The body did not arrive within ${
            Math.round(ms / 1000)
          } s. Nothing was done. Send it again, without a pause.`,
        ),
      );
    }, ms);
  });
  const read = reading.catch(() => Promise.reject(requestAborted()));
  read.catch(() => {}); // after the deadline nobody waits for it
  try {
    return await Promise.race([read, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

async function readStream(stream: ReadableStream<Uint8Array> | null, maxBytes: number, ms: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  await readChunks(stream, maxBytes, ms, (chunk) => {
    text += decoder.decode(chunk, { stream: true });
  });
  return text + decoder.decode();
}

async function readBytes(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  ms: number,
): Promise<ArrayBuffer> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  await readChunks(stream, maxBytes, ms, (chunk) => chunks.push(new Uint8Array(chunk)));
  return await new Blob(chunks).arrayBuffer();
}

async function readChunks(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  ms: number,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  if (stream === null) return;
  const until = performance.now() + ms;
  const reader = stream.getReader();
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), until - performance.now());
      if (done) return;
      size += value.length;
      if (size > maxBytes) throw bodyTooLarge(maxBytes);
      take(value);
    }
  } catch (error) {
    void reader.cancel().catch(() => {});
    throw error;
  }
}

const requestAborted = (): Problem =>
  new Problem("request_aborted", "The connection ended before the whole body had arrived. Nothing was done.");
