import * as callbacksContract from "./callbacks/contract.ts";
import { listNotices } from "./callbacks/list-notices.ts";
import { checkoutRoutes } from "./checkouts/routes.ts";
import { type Route, route } from "./http/operation.ts";
import * as jobsContract from "./jobs/contract.ts";
import { listJobs, retryJob } from "./jobs/operate.ts";
import { clientRoutes } from "./merchants/routes.ts";
import { paymentRoutes } from "./payments/routes.ts";
import { shortcodeRoutes } from "./shortcodes/routes.ts";
import { eventRoutes } from "./webhooks/routes.ts";

/** Every call of the API: what is mounted is what the document says. */
export const routes: readonly Route[] = [
  ...checkoutRoutes,
  ...paymentRoutes,
  ...shortcodeRoutes,
  ...eventRoutes,
  ...clientRoutes,
  route(callbacksContract.listNotices, listNotices),
  route(jobsContract.listJobs, listJobs),
  route(jobsContract.retryJob, retryJob),
];
