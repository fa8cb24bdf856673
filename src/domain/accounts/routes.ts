import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import * as links from "./link-contract.ts";
import { createAccountLink, listAccountLinks, revokeAccountLink } from "./links.ts";
import { createAccount, resumeAccount } from "./create-account.ts";
import { getAccount, listAccounts } from "./read.ts";
import { getAccountStatement } from "./statement.ts";
import { updateAccount } from "./update-account.ts";

export const accountRoutes: readonly Route[] = [
  route(contract.createAccount, createAccount, resumeAccount),
  route(contract.listAccounts, listAccounts),
  route(contract.getAccount, getAccount),
  route(contract.updateAccount, updateAccount),
  route(contract.getAccountStatement, getAccountStatement),
  route(links.createAccountLink, createAccountLink),
  route(links.listAccountLinks, listAccountLinks),
  route(links.revokeAccountLink, revokeAccountLink),
];
