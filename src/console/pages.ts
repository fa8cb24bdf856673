import { approvalsPage } from "./approvals/page.tsx";
import { attentionPages } from "./attention/pages.tsx";
import { auditPage } from "./audit/page.tsx";
import { batchPages } from "./batches/pages.tsx";
import { changePages } from "./changes/pages.tsx";
import { checkoutPages } from "./checkouts/pages.tsx";
import { homePages } from "./home/pages.tsx";
import { clientPages } from "./clients/pages.tsx";
import { shortcodePages } from "./shortcodes/pages.tsx";
import { peoplePages } from "./people/pages.tsx";
import { webhookPages } from "./webhooks/pages.tsx";
import type { ChangeKinds } from "../domain/change-requests/kind.ts";
import type { Page } from "./kit/page.ts";
import { ledgerPage } from "./ledger/page.tsx";
import { paymentPages } from "./payments/pages.tsx";
import { payoutPages } from "./payouts/pages.tsx";
import { platformPages } from "./platform/pages.tsx";
import { reconciliationPages } from "./reconciliation/pages.tsx";
import { refundPages } from "./refunds/pages.tsx";
import { reportPages } from "./reports/pages.tsx";
import { searchPages } from "./search/pages.tsx";
import { standingOrderPages } from "./standing-orders/pages.tsx";
import { settingsPage } from "./settings/page.tsx";
import { sellPages } from "./sell/pages.tsx";
import { statusPages } from "./status/pages.tsx";
import { unmatchedPage } from "./unmatched/pages.tsx";

/**
 * Every page of the console, in the order of the menu. A page exists by its line here, and so do its tests. `kinds`: what is
 * proposed first.
 */
export const pagesOf = (kinds: ChangeKinds): readonly Page[] => [
  ...platformPages,
  ...homePages,
  ...attentionPages,
  ...sellPages,
  approvalsPage,
  ...paymentPages,
  ...checkoutPages,
  unmatchedPage,
  ...refundPages,
  ...payoutPages,
  ...batchPages,
  ...standingOrderPages,
  ...reconciliationPages,
  ledgerPage,
  ...reportPages,
  ...statusPages,
  ...shortcodePages(kinds),
  ...webhookPages(kinds),
  ...clientPages(kinds),
  ...peoplePages(kinds),
  ...changePages,
  auditPage,
  settingsPage,
  ...searchPages,
];
