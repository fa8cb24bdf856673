import { type Route, route } from "../../http/operation.ts";
import { cancelCheckout } from "./cancel-checkout.ts";
import * as contract from "./contract.ts";
import { createAttempt } from "./create-attempt.ts";
import { createCheckout } from "./create-checkout.ts";
import { getCheckout, listCheckouts, resumeCheckout } from "./read.ts";
import { refreshCheckout } from "./refresh-checkout.ts";

export const checkoutRoutes: readonly Route[] = [
  route(contract.createCheckout, createCheckout, resumeCheckout),
  route(contract.listCheckouts, listCheckouts),
  route(contract.getCheckout, getCheckout),
  route(contract.createAttempt, createAttempt, resumeCheckout),
  route(contract.cancelCheckout, cancelCheckout, resumeCheckout),
  route(contract.refreshCheckout, refreshCheckout, resumeCheckout),
];
