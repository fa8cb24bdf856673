import { Hono } from "hono";
import { nameCheck } from "./b2c/name-check.ts";
import { b2cPaymentRequest, b2cValidated, b2pochiPaymentRequest } from "./b2c/payment-request.ts";
import { transactionStatus } from "./b2c/status.ts";
import { registerUrl } from "./c2b/register.ts";
import { simulateC2b } from "./c2b/simulate.ts";
import { type Call, operationHandler, type Proxy } from "./core/operation.ts";
import type { Reply } from "./core/reply.ts";
import type { World } from "./core/world.ts";
import { oauth } from "./oauth.ts";
import { b2bPaymentRequest, remitTax } from "./other/b2b.ts";
import { accountBalance } from "./other/balance.ts";
import { billManager } from "./other/bill-manager.ts";
import { queryOrganisation } from "./other/organisation.ts";
import { pullQuery, pullRegister } from "./other/pull.ts";
import { generateQr } from "./other/qr.ts";
import { createStandingOrder } from "./other/ratiba.ts";
import { reversal } from "./other/reversal.ts";
import { ussdPush } from "./other/ussd-push.ts";
import { processRequest } from "./stk/process-request.ts";
import { stkQuery } from "./stk/query.ts";

/** A path, the operation's name in the request log, its proxy, and its handler. */
type Route = readonly [path: string, name: string, proxy: Proxy, handle: (call: Call) => Reply | Promise<Reply>];

const routes: readonly Route[] = [
  ["/mpesa/stkpush/v1/processrequest", "stk", "stk", processRequest],
  ["/mpesa/stkpushquery/v1/query", "stk_query", "stk", stkQuery],
  ["/mpesa/c2b/v1/registerurl", "c2b_register", "c2b", registerUrl(1)],
  ["/mpesa/c2b/v2/registerurl", "c2b_register", "c2b", registerUrl(2)],
  ["/mpesa/c2b/v1/simulate", "c2b_simulate", "c2b", simulateC2b],
  ["/mpesa/c2b/v2/simulate", "c2b_simulate", "c2b", simulateC2b],
  ["/mpesa/b2c/v1/paymentrequest", "b2c", "async", b2cPaymentRequest(1)],
  ["/mpesa/b2c/v3/paymentrequest", "b2c", "async", b2cPaymentRequest(3)],
  ["/mpesa/b2pochi/v1/paymentrequest", "b2c", "async", b2pochiPaymentRequest],
  ["/mpesa/b2cvalidate/v2/paymentrequest", "b2c", "async", b2cValidated],
  ["/mpesa/b2c/hakikisha/v1/hakikisha", "name_check", "async", nameCheck],
  ["/mpesa/transactionstatus/v1/query", "status", "async", transactionStatus],
  ["/mpesa/accountbalance/v1/query", "balance", "async", accountBalance],
  ["/mpesa/reversal/v1/request", "reversal", "stk", reversal],
  ["/mpesa/b2b/v1/paymentrequest", "b2b", "async", b2bPaymentRequest],
  ["/mpesa/b2b/v1/remittax", "b2b", "async", remitTax],
  ["/mpesa/qrcode/v1/generate", "qr", "qr", generateQr],
  ["/pulltransactions/v1/register", "pull_register", "pull", pullRegister],
  ["/pulltransactions/v1/query", "pull", "pull", pullQuery],
  ["/v1/ussdpush/get-msisdn", "ussd_push", "async", ussdPush],
  ["/sfcverify/v1/query/info", "organisation", "async", queryOrganisation],
  ["/v1/billmanager-invoice/optin", "bill", "bill", billManager.optIn],
  ["/v1/billmanager-invoice/change-optin-details", "bill", "bill", billManager.changeDetails],
  ["/v1/billmanager-invoice/single-invoicing", "bill", "bill", billManager.invoice],
  ["/v1/billmanager-invoice/bulk-invoicing", "bill", "bill", billManager.invoices],
  ["/v1/billmanager-invoice/cancel-single-invoice", "bill", "bill", billManager.cancel],
  ["/v1/billmanager-invoice/cancel-bulk-invoices", "bill", "bill", billManager.cancelMany],
  ["/v1/billmanager-invoice/reconciliation", "bill", "bill", billManager.reconcile],
  ["/standingorder/v1/createStandingOrderExternal", "ratiba", "async", createStandingOrder],
];

/** Daraja's own paths. */
export function darajaRoutes(world: World): Hono {
  const app = new Hono();
  app.all("/oauth/v1/generate", oauth(world));
  for (const [path, name, proxy, handle] of routes) app.all(path, operationHandler(world, name, proxy, handle));
  return app;
}
