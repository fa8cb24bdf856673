import { approvalsPage } from "./approvals/page.tsx";
import { attentionPages } from "./attention/pages.tsx";
import { batchPages } from "./batches/pages.tsx";
import { checkoutPages } from "./checkouts/pages.tsx";
import { homePages } from "./home/pages.tsx";
import { payoutPages } from "./payouts/pages.tsx";
import type { Page } from "./kit/page.ts";
import { paymentPages } from "./payments/pages.tsx";
import { reportPages } from "./reports/pages.tsx";
import { searchPages } from "./search/pages.tsx";
import { standingOrderPages } from "./standing-orders/pages.tsx";
import { statusPages } from "./status/pages.tsx";

/** Every page of the console, in the order of the menu. A page exists by its line here, and so do its tests. */
export const pages: readonly Page[] = [
  ...homePages,
  ...attentionPages,
  approvalsPage,
  ...paymentPages,
  ...checkoutPages,
  ...payoutPages,
  ...batchPages,
  ...standingOrderPages,
  ...reportPages,
  ...statusPages,
  ...searchPages,
];
