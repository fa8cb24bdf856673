import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { createPaymentLink, resumePaymentLink } from "./create-payment-link.ts";
import { getPaymentLink, listPaymentLinks } from "./read.ts";
import { updatePaymentLink } from "./update-payment-link.ts";

export const paymentLinkRoutes: readonly Route[] = [
  route(contract.createPaymentLink, createPaymentLink, resumePaymentLink),
  route(contract.listPaymentLinks, listPaymentLinks),
  route(contract.getPaymentLink, getPaymentLink),
  route(contract.updatePaymentLink, updatePaymentLink),
];
