import { type Route, route } from "../http/operation.ts";
import { deleteEndpoint, rotateSecret, updateEndpoint } from "./endpoints/change-endpoint.ts";
import * as contract from "./events/contract.ts";
import { createEndpoint } from "./endpoints/create-endpoint.ts";
import * as delivery from "./deliveries/contract.ts";
import * as endpoint from "./endpoints/contract.ts";
import { getEvent, listEvents } from "./events/read-events.ts";
import { listDeliveries } from "./deliveries/list-deliveries.ts";
import { getEndpoint, listEndpoints } from "./endpoints/read-endpoints.ts";
import { redeliverEvent, redeliverSince, resumeRedelivery } from "./deliveries/redeliver.ts";
import { resumeTest, testEndpoint } from "./deliveries/test-endpoint.ts";

export const eventRoutes: readonly Route[] = [
  route(contract.listEvents, listEvents),
  route(contract.getEvent, getEvent),
  route(delivery.redeliverEvent, redeliverEvent, resumeRedelivery),
];

export const webhookRoutes: readonly Route[] = [
  route(endpoint.createEndpoint, createEndpoint),
  route(endpoint.listEndpoints, listEndpoints),
  route(endpoint.getEndpoint, getEndpoint),
  route(endpoint.updateEndpoint, updateEndpoint),
  route(endpoint.deleteEndpoint, deleteEndpoint),
  route(endpoint.rotateSecret, rotateSecret),
  route(delivery.testEndpoint, testEndpoint, resumeTest),
  route(delivery.listDeliveries, listDeliveries),
  route(delivery.redeliverSince, redeliverSince),
];
