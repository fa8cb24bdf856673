import type { Account } from "../core/accounts.ts";
import type { Answer } from "../core/outbox.ts";
import { isRecord } from "../core/requests.ts";
import type { World } from "../core/world.ts";
import type { C2bRegistration } from "../options.ts";
import { c2bPayload, type C2bPayment, sendConfirmation } from "./notify.ts";

/** How a customer's payment ended. */
export interface C2bOutcome {
  /** Null if the payment was refused, and no money moved. */
  readonly receipt: string | null;
  /** Whether the validation URL accepted the payment. */
  readonly validated: boolean;
  /** Whether the confirmation URL answered 2xx. */
  readonly confirmed: boolean;
}

const DEFAULT_VALIDATION_TIMEOUT_MS = 8_000;

/** A customer pays a paybill or till: validation, movement of the money, confirmation (daraja.md section 5.5). */
export async function payC2b(
  world: World,
  account: Account,
  payment: Pick<C2bPayment, "amount" | "phone" | "reference">,
): Promise<C2bOutcome> {
  const fullPayment = { ...payment, receipt: world.ids.receipt(), at: world.now(), thirdPartyId: "" };
  const registration = account.c2b;
  const verdict = registration?.validationUrl ? await validate(world, account, registration, fullPayment) : undefined;
  if (verdict && !verdict.proceed) return { receipt: null, validated: false, confirmed: false };
  account.utilityCents += payment.amount * 100;
  world.transactions.record({
    receipt: fullPayment.receipt,
    kind: "c2b",
    amount: payment.amount,
    phone: payment.phone,
    shortcode: account.number,
    account_reference: account.shortcode.kind === "till" ? null : payment.reference,
  });
  const confirmedPayment = { ...fullPayment, thirdPartyId: verdict?.thirdPartyId ?? "" };
  const confirmed = registration ? await sendConfirmation(world, account, registration, confirmedPayment) : false;
  return { receipt: fullPayment.receipt, validated: verdict?.accepted ?? false, confirmed };
}

interface Verdict {
  readonly accepted: boolean;
  readonly proceed: boolean;
  readonly thirdPartyId: string;
}

async function validate(
  world: World,
  account: Account,
  registration: C2bRegistration,
  payment: C2bPayment,
): Promise<Verdict> {
  const json = await c2bPayload(account, registration.version, payment, "");
  const timeoutMs = world.options.validationTimeoutMs ?? DEFAULT_VALIDATION_TIMEOUT_MS;
  return readVerdict(
    await world.outbox.post(registration.validationUrl, account.number, json, timeoutMs),
    registration,
  );
}

/** Without a readable answer, the registered ResponseType decides. */
function readVerdict(answer: Answer, registration: C2bRegistration): Verdict {
  const reply = answer?.status === 200 ? parse(answer.text) : undefined;
  const code = isRecord(reply) ? reply["ResultCode"] : undefined;
  if (!isRecord(reply) || code === undefined) {
    return { accepted: false, proceed: registration.responseType === "Completed", thirdPartyId: "" };
  }
  const accepted = String(code) === "0";
  const thirdPartyId = typeof reply["ThirdPartyTransID"] === "string" ? reply["ThirdPartyTransID"] : "";
  return { accepted, proceed: accepted, thirdPartyId };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
