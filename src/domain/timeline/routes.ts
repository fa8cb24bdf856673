import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { getCheckoutTimeline, getPaymentTimeline, getPayoutTimeline, getRefundTimeline } from "./read.ts";

export const timelineRoutes: readonly Route[] = [
  route(contract.checkoutTimeline, getCheckoutTimeline),
  route(contract.paymentTimeline, getPaymentTimeline),
  route(contract.payoutTimeline, getPayoutTimeline),
  route(contract.refundTimeline, getRefundTimeline),
];
