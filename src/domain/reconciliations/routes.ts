import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { getReconciliation, listReconciliations } from "./read.ts";
import { reverseReconciliation } from "./reverse-reconciliation.ts";
import { startReconciliation } from "./start-reconciliation.ts";

export const reconciliationRoutes: readonly Route[] = [
  route(contract.startReconciliation, startReconciliation),
  route(contract.reverseReconciliation, reverseReconciliation, reverseReconciliation),
  route(contract.listReconciliations, listReconciliations),
  route(contract.getReconciliation, getReconciliation),
];
