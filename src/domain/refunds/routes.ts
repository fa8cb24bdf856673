import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { createRefund } from "./create-refund.ts";
import { refreshRefund, resolveRefund } from "./decide.ts";
import { getRefund, listRefunds, resumeRefund } from "./read.ts";

export const refundRoutes: readonly Route[] = [
  route(contract.createRefund, createRefund, resumeRefund),
  route(contract.listRefunds, listRefunds),
  route(contract.getRefund, getRefund),
  route(contract.refreshRefund, refreshRefund, resumeRefund),
  route(contract.resolveRefund, resolveRefund, resumeRefund),
];
