import type { Account } from "../core/accounts.ts";
import type { Answer } from "../core/outbox.ts";
import { isRecord } from "../core/requests.ts";
import type { World } from "../core/world.ts";
import type { C2bRegistration } from "../options.ts";
import { c2bPayload, type C2bPayment, sendConfirmation } from "./notify.ts";

/** What a customer's payment came to. */
export interface C2bOutcome {
  /** Null when the payment was refused: no money moved. */
  readonly receipt: string | null;
  /** The shop's validation said yes. */
  readonly validated: boolean;
  /** The shop's confirmation address answered 2xx. */
  readonly confirmed: boolean;
}

const DEFAULT_VALIDATION_TIMEOUT_MS = 8_000;

/** A customer pays a paybill or till: validation, the books, confirmation (daraja.md section 5.5). */
export async function payC2b(
  world: World,
  account: Account,
  payment: Pick<C2bPayment, "amount" | "phone" | "reference">,
): Promise<C2bOutcome> {
  const whole = { ...payment, receipt: world.ids.receipt(), at: world.now(), thirdPartyId: "" };
  const registration = account.c2b;
  const verdict = registration?.validationUrl ? await validate(world, account, registration, whole) : undefined;
  if (verdict && !verdict.proceed) return { receipt: null, validated: false, confirmed: false };
  account.utilityCents += payment.amount * 100;
  world.transactions.record({
    receipt: whole.receipt,
    kind: "c2b",
    amount: payment.amount,
    phone: payment.phone,
    shortcode: account.number,
    account_reference: account.shortcode.kind === "till" ? null : payment.reference,
  });
  const told = { ...whole, thirdPartyId: verdict?.thirdPartyId ?? "" };
  const confirmed = registration ? await sendConfirmation(world, account, registration, told) : false;
  return { receipt: whole.receipt, validated: verdict?.accepted ?? false, confirmed };
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

/** No answer, or none that can be read, leaves it to the registered ResponseType. */
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
