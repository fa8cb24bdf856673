import { type Route, route } from "../http/operation.ts";
import * as contract from "./contract.ts";
import { getEvent, listEvents } from "./events.ts";

export const eventRoutes: readonly Route[] = [
  route(contract.listEvents, listEvents),
  route(contract.getEvent, getEvent),
];
