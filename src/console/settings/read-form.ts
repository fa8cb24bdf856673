import { type MerchantView, updateMerchant as contract } from "../../domain/merchants/settings-contract.ts";
import type { Input } from "../../http/operation.ts";
import { validationProblem } from "../../http/respond.ts";
import { invalidField } from "../../problems/problem.ts";
import { centsOf } from "../kit/filters.ts";
import { typedIn } from "../kit/form.tsx";
import type { SettingsText } from "./text.ts";

type Change = Input<typeof contract>;

/** Larger files are no logo, whatever is in them. */
const MOST_BYTES = 36_000;

/** The fields of the form, as they are now: what stands in them until somebody types. */
export const fieldsOf = (now: MerchantView): Readonly<Record<string, string>> => ({
  display_name: now.display_name,
  colour: now.colour ?? "",
  support_phone: now.support.phone ?? "",
  support_whatsapp: now.support.whatsapp ?? "",
  support_email: now.support.email ?? "",
  language: now.language ?? "",
  kra_pin: now.kra_pin ?? "",
  duplicates_payouts: now.duplicates.payouts,
  duplicates_checkouts: now.duplicates.checkouts,
  partial: now.partial,
  overpayment: now.overpayment,
  overpayment_within: String(now.overpayment_within / 100),
});

/**
 * What a form changes of the settings: only what differs from `now`, so that the audit trail names that. Empty: nothing.
 * Errors: `validation_failed`, at the names of the form's fields.
 */
export async function changeIn(form: FormData, now: MerchantView, text: SettingsText): Promise<Change> {
  const before = fieldsOf(now);
  const differs = (name: string) => form.has(name) && typedIn(form, name).trim() !== before[name];
  const orNull = (name: string) => typedIn(form, name).trim() || null;
  const some = (names: Readonly<Record<string, string>>, prefix = "") =>
    Object.fromEntries(
      Object.keys(names).filter((name) => differs(prefix + name)).map((name) => [name, orNull(prefix + name)]),
    );
  const support = some(now.support as Readonly<Record<string, string>>, "support_");
  const duplicates = some(now.duplicates, "duplicates_");
  const logo = await logoIn(form, text);
  const change = {
    ...some({ colour: "", language: "", kra_pin: "", partial: "", overpayment: "" }),
    ...differs("display_name") ? { display_name: typedIn(form, "display_name") } : {},
    ...differs("overpayment_within") ? { overpayment_within: centsIn(form, text) } : {},
    ...Object.keys(support).length > 0 ? { support } : {},
    ...Object.keys(duplicates).length > 0 ? { duplicates } : {},
    ...logo === undefined ? {} : { logo },
  };
  const read = contract.body?.safeParse(change);
  if (read?.success) return read.data as Change; // the body of this operation
  throw read === undefined ? new Error("PATCH /v1/merchant has no body") : validationProblem(read.error, "json");
}

function centsIn(form: FormData, text: SettingsText): number {
  const cents = centsOf(typedIn(form, "overpayment_within"));
  if (cents === null) throw invalidField("/overpayment_within", text.kes);
  return cents;
}

/** The logo that was chosen, in base64. Null: it is removed. Undefined: it stays. */
async function logoIn(form: FormData, text: SettingsText): Promise<string | null | undefined> {
  const file = form.get("logo");
  if (!(file instanceof File) || file.size === 0) return form.get("remove_logo") === "yes" ? null : undefined;
  if (file.size > MOST_BYTES) throw invalidField("/logo", text.tooLarge);
  return new Uint8Array(await file.arrayBuffer()).toBase64();
}

/** The name of the form's field that a refusal is about: `support_phone` of `/support/phone`. */
export const formPointer = (pointer: string): string => pointer.replace(/^\//, "").replaceAll("/", "_");
