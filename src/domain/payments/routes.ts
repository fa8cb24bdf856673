import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { acceptSuggestion } from "./accept-suggestion.ts";
import { allocatePayment } from "./allocate-payment.ts";
import { bookPayment } from "./book-payment.ts";
import { matchPayment } from "./match-payment.ts";
import { getPayment, listPayments } from "./read.ts";

export const paymentRoutes: readonly Route[] = [
  route(contract.listPayments, listPayments),
  route(contract.getPayment, getPayment),
  route(contract.matchPayment, matchPayment),
  route(contract.bookPayment, bookPayment),
  route(contract.acceptSuggestion, acceptSuggestion),
  route(contract.allocatePayment, allocatePayment),
];
