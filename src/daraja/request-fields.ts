/** Fields that several requests share. */

import { wholeShillings } from "./money.ts";
import type { DarajaDeps, Initiator, Rejected, ResultUrls } from "./types.ts";

/** An id of plain digits is sent as a number, the form that every source accepts (daraja.md section 2.1). */
export function plainId(deps: DarajaDeps, id: string): number | string {
  return deps.plainIdsAs !== "string" && /^[1-9]\d{0,14}$/.test(id) ? Number(id) : id;
}

export function initiatorFields(initiator: Initiator): Record<string, string> {
  return { Initiator: initiator.name, SecurityCredential: initiator.securityCredential };
}

export function resultUrlFields(urls: ResultUrls): Record<string, string> {
  return { QueueTimeOutURL: urls.timeoutUrl, ResultURL: urls.resultUrl };
}

/** Whole shillings, or our own rejection: Daraja refuses a fraction, or changes it (daraja.md section 2.1). */
export function shillingsOrRejection(cents: number): number | Rejected {
  return wholeShillings(cents) ?? {
    outcome: "rejected",
    code: "amount_invalid",
    darajaCode: null,
    message: "The amount must be a positive number of whole shillings; nothing was sent.",
  };
}

export const DEFAULT_TIMEOUT_MS = 10_000;

export function defaultTimeoutMs(deps: DarajaDeps): number {
  return deps.timeouts?.defaultMs ?? DEFAULT_TIMEOUT_MS;
}
