import { type Route, route } from "../../http/operation.ts";
import * as contract from "./contract.ts";
import { createQrCode } from "./create-qr-code.ts";

export const qrCodeRoutes: readonly Route[] = [route(contract.createQrCode, createQrCode)];
