import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { getPayee, listPayees } from "./read.ts";

export const payeeRoutes: readonly Route[] = [
  route(contract.listPayees, listPayees),
  route(contract.getPayee, getPayee),
];
