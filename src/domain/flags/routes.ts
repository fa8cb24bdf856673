import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { listFlags, setFlag } from "./flags.ts";

export const flagRoutes: readonly Route[] = [
  route(contract.listFlags, listFlags),
  route(contract.setFlag, setFlag),
];
