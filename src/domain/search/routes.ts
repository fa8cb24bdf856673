import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { search } from "./search.ts";

export const searchRoutes: readonly Route[] = [route(contract.search, search)];
