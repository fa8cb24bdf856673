/**
 * The Daraja client. It knows no database and no HTTP server: it sends requests, and says what the answers prove.
 * Safaricom's field names, spellings and time formats are known only in this folder.
 */

import { breakerDefaults, createBreaker } from "./breaker.ts";
import { createBucket } from "./bucket.ts";
import type { Caller } from "./call.ts";
import { qr, registerUrls, standingOrder } from "./collections.ts";
import { nameCheck } from "./name-check.ts";
import { accountBalance, reversal, transactionStatus } from "./operations.ts";
import { b2b, b2c, remitTax } from "./payouts.ts";
import { pullQuery, pullRegister } from "./pull.ts";
import { redact } from "../telemetry/redact.ts";
import { stkPush, stkQuery } from "./stk.ts";
import { createTokenSource } from "./token.ts";
import type { Answer, Daraja, DarajaApp, DarajaDeps } from "./types.ts";

export type * from "./types.ts";
export type { FailureCode } from "./failures.ts";

/** A client for one Daraja address. Apps, shortcodes and their secrets come with each call. */
export function createDaraja(options: DarajaDeps): Daraja {
  const deps = { ...options, baseUrl: withoutSlash(options.baseUrl) };
  const breaker = createBreaker(deps.clock, { ...breakerDefaults, ...deps.breaker });
  const queries = createBucket(deps.clock, intervalMs(deps.queriesPerMinute, 60_000));
  const perSecond = deps.b2cPerSecond ?? null;
  const payouts = createBucket(deps.clock, intervalMs(perSecond, 1_000), Math.max(1, Math.floor(perSecond ?? 1)));
  const caller: Caller = { deps, tokens: createTokenSource(deps), breaker, callsInFlight: 0 };
  return {
    stkPush: (app, push) => stkPush(caller, app, push),
    stkQuery: (app, query) => stkQuery(caller, queries, app, query),
    b2c: (app, payment) => b2c(caller, payouts, app, payment),
    transactionStatus: (app, query) => transactionStatus(caller, app, query),
    accountBalance: (app, query) => accountBalance(caller, app, query),
    reversal: (app, request) => reversal(caller, app, request),
    b2b: (app, payment) => b2b(caller, app, payment),
    remitTax: (app, remittance) => remitTax(caller, app, remittance),
    registerUrls: (app, registration) => registerUrls(caller, app, registration),
    qr: (app, request) => qr(caller, app, request),
    nameCheck: (app, request) => nameCheck(caller, app, request),
    pullRegister: (app, registration) => pullRegister(caller, app, registration),
    pullQuery: (app, query) => pullQuery(caller, app, query),
    standingOrder: (app, order) => standingOrder(caller, app, order),
    authenticate: (app) => authenticate(caller, app),
    get callsInFlight() {
      return caller.callsInFlight;
    },
    close: () => caller.tokens.close(),
  };
}

async function authenticate(caller: Caller, app: DarajaApp): Promise<Answer<{ readonly expiresAt: number }>> {
  const token = await caller.tokens.get(app);
  if (token.kind === "token") return { outcome: "accepted", value: { expiresAt: token.expiresAt } };
  if (token.kind === "unavailable") return { outcome: "unreachable", reason: "token_unavailable" };
  const message = redact(token.message, [app.consumerKey, app.consumerSecret]);
  return { outcome: "rejected", code: token.failure, darajaCode: token.darajaCode, message };
}

function intervalMs(rate: number | null, periodMs: number): number {
  return rate === null || rate <= 0 ? 0 : periodMs / rate;
}

const withoutSlash = (url: string): string => url.endsWith("/") ? url.slice(0, -1) : url;
