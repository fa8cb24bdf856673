import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { listAudit } from "./list-audit.ts";

export const auditRoutes: readonly Route[] = [route(contract.listAudit, listAudit)];
