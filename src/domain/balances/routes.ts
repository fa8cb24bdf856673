import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { listBalances } from "./read.ts";
import { refreshBalance } from "./refresh-balance.ts";
import { setBalanceAlert } from "./set-alert.ts";

export const balanceRoutes: readonly Route[] = [
  route(contract.listBalances, listBalances),
  route(contract.refreshBalance, refreshBalance),
  route(contract.setBalanceAlert, setBalanceAlert),
];
