import * as callbacksContract from "../callbacks/contract.ts";
import { listDrift } from "../callbacks/list-drift.ts";
import { listNotices } from "../callbacks/list-notices.ts";
import { accountRoutes } from "../domain/accounts/routes.ts";
import { attentionRoutes } from "../domain/attention/routes.ts";
import { auditRoutes } from "../domain/audit/routes.ts";
import { balanceRoutes } from "../domain/balances/routes.ts";
import { proposable } from "../domain/change-requests/propose.ts";
import { changeRequestRoutes } from "../domain/change-requests/routes.ts";
import { changeKinds } from "./change-kinds.ts";
import { checkoutRoutes } from "../domain/checkouts/routes.ts";
import { type Route, route } from "../http/operation.ts";
import * as jobsContract from "../jobs/contract.ts";
import { listJobs, retryJob } from "../jobs/operate.ts";
import { flagRoutes } from "../domain/flags/routes.ts";
import { ledgerRoutes } from "../domain/ledger/routes.ts";
import { clientRoutes, merchantRoutes } from "../domain/merchants/routes.ts";
import { paymentLinkRoutes } from "../domain/payment-links/routes.ts";
import { paymentRoutes } from "../domain/payments/routes.ts";
import { cancelUnsent } from "../domain/payouts/cancel-unsent.ts";
import { payeeRoutes } from "../domain/payees/routes.ts";
import { payoutRoutes } from "../domain/payouts/routes.ts";
import { peopleRoutes } from "../domain/people/routes.ts";
import { qrCodeRoutes } from "../domain/qr-codes/routes.ts";
import { reconciliationRoutes } from "../domain/reconciliations/routes.ts";
import { refundRoutes } from "../domain/refunds/routes.ts";
import { reportRoutes } from "../domain/reports/routes.ts";
import { searchRoutes } from "../domain/search/routes.ts";
import { shortcodeRoutes } from "../domain/shortcodes/routes.ts";
import { standingOrderRoutes } from "../domain/standing-orders/routes.ts";
import * as healthContract from "../monitoring/health/contract.ts";
import { readStatus } from "../monitoring/health/read-status.ts";
import { timelineRoutes } from "../domain/timeline/routes.ts";
import { eventRoutes, webhookRoutes } from "../webhooks/routes.ts";

const direct: readonly Route[] = [
  ...checkoutRoutes,
  ...paymentRoutes,
  ...accountRoutes,
  ...paymentLinkRoutes,
  ...payoutRoutes,
  ...payeeRoutes,
  ...refundRoutes,
  ...balanceRoutes,
  ...qrCodeRoutes,
  ...standingOrderRoutes,
  ...ledgerRoutes,
  ...shortcodeRoutes,
  ...reconciliationRoutes,
  ...searchRoutes,
  ...attentionRoutes,
  ...timelineRoutes,
  ...reportRoutes,
  ...eventRoutes,
  ...webhookRoutes,
  ...clientRoutes(cancelUnsent),
  ...merchantRoutes,
  ...peopleRoutes,
  ...flagRoutes,
  ...changeRequestRoutes(changeKinds),
  ...auditRoutes,
  route(callbacksContract.listNotices, listNotices),
  route(healthContract.getStatus, readStatus),
  route(callbacksContract.listDrift, listDrift),
  route(jobsContract.listJobs, listJobs),
  route(jobsContract.retryJob, retryJob),
];

/** The route, with what it changes proposed first if it is of a kind that has to be. */
function withProposals(route: Route): Route {
  const kind = changeKinds.get(route.operation.id);
  return kind === undefined ? route : proposable(route, kind);
}

/** Every operation of the API. The app and the OpenAPI document are both made from this table. */
export const routes: readonly Route[] = direct.map(withProposals);
