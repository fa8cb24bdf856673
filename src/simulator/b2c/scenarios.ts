import type { Fault } from "../core/movement.ts";
import { isPayoutCode } from "../core/result-codes.ts";

const faults: Readonly<Record<string, Fault>> = {
  "9014": { notice: "never", settlesAtOnce: true },
  "9015": { notice: "never", settlesAtOnce: true, rejectsAcceptedRequest: true },
  "9016": { notice: "timeout" },
  "9017": { notice: "never", isHidden: true },
};

/** The fault that the customer's phone number chooses for an asynchronous movement (design.md section 9). */
export function faultOf(phone: string): Fault {
  return faults[phone.slice(-4)] ?? { notice: "result" };
}

/** The result code that the phone number chooses; 0 is paid. */
export function payoutCodeOf(phone: string): number {
  const code = Number(phone.slice(-4));
  return isPayoutCode(code) ? code : 0;
}
