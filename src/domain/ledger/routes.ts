import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { listLedger, listLedgerChecks, resumeCheck } from "./read.ts";
import { createLedgerCheck } from "./run-check.ts";

export const ledgerRoutes: readonly Route[] = [
  route(contract.listLedger, listLedger),
  route(contract.listLedgerChecks, listLedgerChecks),
  route(contract.createLedgerCheck, createLedgerCheck, resumeCheck),
];
