import type { MiddlewareHandler } from "hono";
import type { Services } from "../context/services.ts";
import type { KeyValue } from "../platform/ports.ts";
import type { Env } from "./env.ts";
import { limitAddress, limitConcurrency } from "./limit-concurrency.ts";
import { countRequest, RateLimit } from "./rate-limit.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Pages of customers: the hosted checkout, payment links and receipts. */
const HOSTED = /^\/(?:pay|p|r)\//;

/** The groups of routes. Each has its own limits, so that a flood of one leaves the others alone. */
export type RouteGroup = "api" | "tokens" | "pages" | "callbacks";

/** What protects the routes from too many requests. */
export interface Gates {
  /** Counts a request for its address, and lets one address have only so many under way. It comes first. */
  readonly enter: MiddlewareHandler<Env>;
  /** The same for pages of customers, which answer a refusal with a page. {@link enter} leaves their paths out. */
  readonly enterHosted: MiddlewareHandler<Env>;
  /** The place among the requests that run. It comes after the body was read. */
  readonly slots: Readonly<Record<RouteGroup, MiddlewareHandler<Env>>>;
  /** Requests of one client to the API. */
  readonly clients: RateLimit;
  /** Wrong secrets, wrong tokens and wrong callback URLs, by address; wrong secrets also by the client's name. */
  readonly failures: RateLimit;
  /** Callbacks to one URL. Each comes once, so the limit is far above what M-Pesa sends. */
  readonly perUrl: RateLimit;
  /** Codes of payment links that there are not, by address: whoever tries them one by one is refused. */
  readonly wrongCodes: RateLimit;
  /** Prompts that shoppers ask for on hosted pages, by address and by merchant. */
  readonly prompts: { readonly byAddress: RateLimit; readonly byMerchant: RateLimit };
}

/** The group of a path; null for what is never limited: whether the process lives. */
export function groupOf(path: string): RouteGroup | null {
  if (path.startsWith("/v1/")) return "api";
  if (path.startsWith("/notify/")) return "callbacks";
  if (path.startsWith("/oauth/")) return "tokens";
  return path === "/health/live" ? null : "pages";
}

/** Builds the gates. The processes share their counts through `kv`; without it each has its own. */
export function createGates({ config, clock, daraja }: Services, kv: KeyValue | null): Gates {
  const { requests, checkouts } = config.limits;
  const limit = (name: string, most: number, windowMs = MINUTE_MS) =>
    new RateLimit(clock, { name, limit: most, windowMs }, kv);
  const perAddress = {
    api: limit("api-address", requests.perAddressPerMinute),
    tokens: limit("tokens-address", requests.perAddressPerMinute),
    pages: limit("pages-address", requests.pagesPerMinute),
  };
  const oneAddress = limitAddress(requests.perAddressAtOnce);
  const upstream = { count: () => daraja.callsInFlight, max: requests.darajaCallsAtOnce };
  const enter = (group: keyof typeof perAddress): MiddlewareHandler<Env> => (c, next) => {
    countRequest(c, perAddress[group], c.get("address"));
    return oneAddress(c, next);
  };
  return {
    enter: (c, next) => {
      const group = groupOf(c.req.path);
      if (group === null || group === "callbacks") return next(); // Daraja sends each once: see `failures`
      return HOSTED.test(c.req.path) ? next() : enter(group)(c, next);
    },
    enterHosted: enter("pages"),
    slots: {
      api: limitConcurrency(requests.atOnce, upstream),
      tokens: limitConcurrency(requests.tokensAtOnce),
      pages: limitConcurrency(requests.pagesAtOnce),
      callbacks: limitConcurrency(requests.callbacksAtOnce), // a high limit that protects memory only
    },
    clients: limit("client", requests.perMinute),
    failures: limit("failed-authentications", requests.failedAuthenticationsPerMinute),
    wrongCodes: limit("wrong-codes", requests.failedAuthenticationsPerMinute),
    perUrl: limit("callback-url", config.callbacks.perUrlPerMinute),
    prompts: {
      byAddress: limit("prompts-address", checkouts.pagePromptsPerAddressPerHour, HOUR_MS),
      byMerchant: limit("prompts-merchant", checkouts.pagePromptsPerMerchantPerHour, HOUR_MS),
    },
  };
}
