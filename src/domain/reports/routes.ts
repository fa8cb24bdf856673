import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { getSummary } from "./summary.ts";

export const reportRoutes: readonly Route[] = [route(contract.getSummary, getSummary)];
