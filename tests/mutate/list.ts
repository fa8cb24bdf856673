import { accounts } from "./list/accounts.ts";
import { auth } from "./list/auth.ts";
import { callbacks } from "./list/callbacks.ts";
import { changeRequests } from "./list/change-requests.ts";
import { checkouts } from "./list/checkouts.ts";
import { crypto } from "./list/crypto.ts";
import { daraja } from "./list/daraja.ts";
import { fields } from "./list/fields.ts";
import { files } from "./list/files.ts";
import { http } from "./list/http.ts";
import { jobs } from "./list/jobs.ts";
import { ledger } from "./list/ledger.ts";
import { linksAndReceipts } from "./list/links.ts";
import { monitoring } from "./list/monitoring.ts";
import { payees } from "./list/payees.ts";
import { payments } from "./list/payments.ts";
import { payouts } from "./list/payouts.ts";
import { people } from "./list/people.ts";
import { proofs } from "./list/proofs.ts";
import { reconciliations } from "./list/reconciliations.ts";
import { refunds } from "./list/refunds.ts";
import { webhooks } from "./list/webhooks.ts";
import type { Mutation } from "./mutation.ts";

/** Every mutation of this repository. */
export const mutations: readonly Mutation[] = [
  ...checkouts,
  ...payments,
  ...payouts,
  ...refunds,
  ...reconciliations,
  ...ledger,
  ...callbacks,
  ...daraja,
  ...fields,
  ...jobs,
  ...http,
  ...webhooks,
  ...crypto,
  ...accounts,
  ...changeRequests,
  ...linksAndReceipts,
  ...people,
  ...payees,
  ...proofs,
  ...auth,
  ...monitoring,
  ...files,
];
