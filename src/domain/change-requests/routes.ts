import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { confirmChange, rejectChange } from "./decide.ts";
import type { ChangeKinds } from "./kind.ts";
import { getChangeRequest, listChangeRequests } from "./read.ts";

export const changeRequestRoutes = (kinds: ChangeKinds): readonly Route[] => [
  route(contract.listChangeRequests, listChangeRequests),
  route(contract.getChangeRequest, getChangeRequest),
  route(contract.confirmChange, (ctx, input) => confirmChange(ctx, input, kinds), getChangeRequest),
  route(contract.rejectChange, rejectChange, getChangeRequest),
];
