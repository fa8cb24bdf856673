import { type Route, route } from "../../http/operation.ts";
import {
  type CancelUnsent,
  createClient,
  getClient,
  listClients,
  resumeRevocation,
  revokeClient,
  rotateClientSecret,
} from "./clients.ts";
import * as contract from "./contract.ts";
import * as merchantContract from "./merchant-contract.ts";
import * as outside from "./outside-contract.ts";
import {
  blockOutsideSubject,
  listOutsideSubjects,
  resumeOutsideSubject,
  unblockOutsideSubject,
} from "./outside-subjects.ts";
import { changeMerchant, createMerchant, listMerchants } from "./merchants.ts";
import * as settings from "./settings-contract.ts";
import { updateClient } from "./update-client.ts";
import { getMerchant, updateMerchant } from "./settings.ts";

/** The routes of clients. `cancelUnsent` belongs to payouts, which import from here. */
export const clientRoutes = (cancelUnsent: CancelUnsent): readonly Route[] => [
  route(contract.createClient, createClient),
  route(contract.listClients, listClients),
  route(contract.getClient, getClient),
  route(contract.updateClient, updateClient),
  route(contract.rotateClientSecret, rotateClientSecret),
  route(contract.revokeClient, revokeClient(cancelUnsent), resumeRevocation),
  route(outside.listOutsideSubjects, listOutsideSubjects),
  route(outside.blockOutsideSubject, blockOutsideSubject, resumeOutsideSubject),
  route(outside.unblockOutsideSubject, unblockOutsideSubject, resumeOutsideSubject),
];

export const merchantRoutes: readonly Route[] = [
  route(settings.getMerchant, getMerchant),
  route(settings.updateMerchant, (ctx, input) => updateMerchant(ctx, input)),
  route(merchantContract.createMerchant, createMerchant),
  route(merchantContract.listMerchants, listMerchants),
  route(merchantContract.changeMerchant, changeMerchant),
];
