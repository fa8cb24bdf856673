import { phoneField, required, shortcodeField, urlField } from "../core/fields.ts";
import type { Call } from "../core/operation.ts";
import { DarajaError, ok, type Reply } from "../core/reply.ts";
import { isRecord } from "../core/requests.ts";

const MOST_INVOICES = 1_000;

/**
 * Bill Manager (daraja.md section 7.10): joining, invoices and their end. Its answers have codes without dots. It keeps
 * the invoices that were sent; nobody is told of them, and no money moves.
 */
export const billManager = {
  optIn: (call: Call): Reply =>
    answering(() => {
      shortcodeField(call.fields, "shortcode");
      required(call.fields, "email");
      required(call.fields, "officialContact");
      urlField(call.fields, "callbackurl");
      return { app_key: call.world.ids.token() };
    }),
  changeDetails: (call: Call): Reply => answering(() => void shortcodeField(call.fields, "shortcode")),
  invoice: (call: Call): Reply => answering(() => send(call, [call.fields])),
  invoices: (call: Call): Reply =>
    answering(() => {
      const { invoices } = call.fields;
      if (!Array.isArray(invoices) || invoices.length < 1 || invoices.length > MOST_INVOICES) throw wrong("invoices");
      send(call, invoices);
    }),
  cancel: (call: Call): Reply => answering(() => cancel(call, [call.fields])),
  cancelMany: (call: Call): Reply =>
    answering(() => {
      const { invoices } = call.fields;
      if (!Array.isArray(invoices)) throw wrong("invoices");
      cancel(call, invoices);
    }),
  reconcile: (call: Call): Reply =>
    answering(() => {
      for (const name of ["paidAmount", "accountReference", "transactionId"]) required(call.fields, name);
    }),
};

/** Runs `work`; wrong input has the code "400" here. */
function answering(work: () => Readonly<Record<string, unknown>> | void): Reply {
  try {
    return ok({ ...work(), resmsg: "Success", rescode: "200" });
  } catch (error) {
    if (error instanceof DarajaError && error.code === "400.002.02") throw new DarajaError(400, "400", error.message);
    throw error;
  }
}

function send({ world }: Call, invoices: readonly unknown[]): void {
  const references = invoices.map((invoice) => {
    if (!isRecord(invoice)) throw wrong("invoices");
    phoneField(invoice, "billedPhoneNumber");
    required(invoice, "amount", /^\d{1,9}$/);
    required(invoice, "invoiceName");
    required(invoice, "accountReference");
    return required(invoice, "externalReference");
  });
  for (const reference of references) world.invoices.set(reference, "sent");
}

function cancel({ world }: Call, invoices: readonly unknown[]): void {
  const references = invoices.map((invoice) => {
    if (!isRecord(invoice)) throw wrong("invoices");
    return required(invoice, "externalReference");
  });
  if (references.some((reference) => world.invoices.get(reference) !== "sent")) {
    throw new DarajaError(409, "409", "Conflict");
  }
  for (const reference of references) world.invoices.set(reference, "cancelled");
}

const wrong = (field: string): DarajaError => new DarajaError(400, "400", `Bad Request - Invalid ${field}`);
