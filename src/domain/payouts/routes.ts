import { type Route, route } from "../../http/operation.ts";
import * as approvals from "./approval-contract.ts";
import { getApproval, getBatchApproval } from "./approval.ts";
import * as batches from "./batch-contract.ts";
import { getBatch, resumeBatch } from "./batches.ts";
import * as contract from "./contract.ts";
import * as control from "./control-contract.ts";
import * as decisions from "./decision-contract.ts";
import { listBatches } from "./list-batches.ts";
import { confirmPayee } from "./confirm-payee.ts";
import { createBatch } from "./create-batch.ts";
import { createPayout } from "./create-payout.ts";
import { approvePayout, cancelPayout, rejectPayout, resolvePayout } from "./decide.ts";
import { approveBatch, rejectBatch } from "./decide-batch.ts";
import { getPayoutLimits, updatePayoutLimits } from "./own-limits.ts";
import { pausePayouts, resumePayouts } from "./pause.ts";
import { getPayout, listPayouts, resumePayout } from "./read.ts";
import { refreshPayout } from "./refresh-payout.ts";

export const payoutRoutes: readonly Route[] = [
  route(contract.createPayout, createPayout, resumePayout),
  route(batches.createBatch, createBatch, resumeBatch),
  route(batches.listBatches, listBatches),
  route(batches.getBatch, getBatch),
  route(approvals.getBatchApproval, getBatchApproval),
  route(batches.approveBatch, approveBatch, resumeBatch),
  route(batches.rejectBatch, rejectBatch, resumeBatch),
  route(control.pausePayouts, pausePayouts),
  route(control.resumePayouts, resumePayouts),
  route(control.getPayoutLimits, getPayoutLimits),
  route(control.updatePayoutLimits, updatePayoutLimits),
  route(contract.listPayouts, listPayouts),
  route(contract.getPayout, getPayout),
  route(approvals.getApproval, getApproval),
  route(decisions.approvePayout, approvePayout, resumePayout),
  route(decisions.confirmPayee, confirmPayee, resumePayout),
  route(decisions.rejectPayout, rejectPayout, resumePayout),
  route(decisions.cancelPayout, cancelPayout, resumePayout),
  route(decisions.refreshPayout, refreshPayout, resumePayout),
  route(decisions.resolvePayout, resolvePayout, resumePayout),
];
