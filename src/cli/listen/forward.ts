import type { Event } from "../../client/mod.ts";
import { sha256 } from "../../crypto/hash.ts";
import { signedHeaders } from "../../webhooks/deliveries/message.ts";
import { createSigner } from "../../webhooks/endpoints/signature.ts";

const TIMEOUT_MS = 10_000;

/** What became of a forwarded event. `status` is null where no answer came; then `problem` says why. */
export interface Forwarded {
  readonly status: number | null;
  readonly ms: number;
  readonly problem: string | null;
}

/**
 * The signing secret of `listen`. It is made of the client's own secret, so it is the same at every start and needs no file,
 * and it is none of the secrets of the service's endpoints.
 */
export const listenSecret = (clientId: string, clientSecret: string): string =>
  `whsec_${sha256(`malipo listen\n${clientId}\n${clientSecret}`).toBase64()}`;

/** Sends events to a URL, signed as the service signs its webhooks (Standard Webhooks 1.0). Redirects are not followed. */
export function createForwarder(to: string, secret: string): (event: Event) => Promise<Forwarded> {
  const sign = createSigner([secret]);
  return async ({ id, type, subject, data, created_at }) => {
    const body = JSON.stringify({ id, type, timestamp: created_at, subject, data, created_at });
    const began = performance.now();
    const since = () => Math.round(performance.now() - began);
    try {
      const headers = signedHeaders(id, body, Date.now(), sign);
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const answer = await fetch(to, { method: "POST", headers, body, redirect: "manual", signal });
      await answer.body?.cancel();
      return { status: answer.status, ms: since(), problem: null };
    } catch (error) {
      const isSlow = error instanceof DOMException && error.name === "TimeoutError";
      return { status: null, ms: since(), problem: isSlow ? `no answer in ${TIMEOUT_MS / 1000} s` : "does not answer" };
    }
  };
}
