import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { createStandingOrder } from "./create-standing-order.ts";
import { getStandingOrder, listStandingOrders, resumeStandingOrder } from "./read.ts";

export const standingOrderRoutes: readonly Route[] = [
  route(contract.createStandingOrder, createStandingOrder, resumeStandingOrder),
  route(contract.listStandingOrders, listStandingOrders),
  route(contract.getStandingOrder, getStandingOrder),
];
