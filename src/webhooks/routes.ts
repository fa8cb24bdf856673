import { type Route, route } from "../http/operation.ts";
import { deleteEndpoint, rotateSecret, updateEndpoint } from "./change-endpoint.ts";
import * as contract from "./contract.ts";
import { createEndpoint } from "./create-endpoint.ts";
import * as delivery from "./delivery-contract.ts";
import * as endpoint from "./endpoint-contract.ts";
import { getEvent, listEvents } from "./events.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { getEndpoint, listEndpoints } from "./read-endpoints.ts";
import { redeliverEvent, redeliverSince, resumeRedelivery } from "./redeliver.ts";
import { resumeTest, testEndpoint } from "./test-endpoint.ts";

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
