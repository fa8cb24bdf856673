import { nairobiDateTime } from "../../daraja/time.ts";
import { shillings } from "../../lib/shillings.ts";
import { actorIn, type Language, say, type Sentence } from "../timeline/sentences.ts";
import { whySetAside } from "../timeline/set-aside.ts";

/** What the statement of a source knows about a case. */
export type Values = Readonly<Record<string, string | number | null>>;

const SENTENCES: Readonly<Record<string, Sentence>> = {
  taken_back: [
    "M-Pesa reversed money that paid {reference}.",
    "M-Pesa imerudisha pesa zilizolipia {reference}.",
  ],
  unknown: ["We don't know yet whether {reference} was paid.", "Bado hatujui kama {reference} imelipwa."],
  less: ["{reference} got {received} of {amount}.", "{reference} imepata {received} kati ya {amount}."],
  more: [
    "M-Pesa says {received} was paid for {reference}; we asked for {amount}.",
    "M-Pesa inasema {received} zimelipwa kwa {reference}; tuliomba {amount}.",
  ],
  review: ["The payment of {reference} needs checking.", "Malipo ya {reference} yanahitaji ukaguzi."],
  payout: [
    "{amount} to {phone} may have gone. Don't send it again.",
    "Huenda {amount} zimetumwa kwa {phone}. Usitume tena.",
  ],
  payout_succeeded: [
    "{who} said failed; M-Pesa now says paid: {amount} to {phone}.",
    "{who} alisema haikufaulu; sasa M-Pesa inasema imelipwa: {amount} kwa {phone}.",
  ],
  payout_failed: [
    "{who} said paid; M-Pesa now says that it was not: {amount} to {phone}.",
    "{who} alisema imelipwa; sasa M-Pesa inasema haikulipwa: {amount} kwa {phone}.",
  ],
  payee: [
    "{amount} to {phone} waits: M-Pesa's name of the payee is not the one given.",
    "{amount} kwa {phone} zinasubiri: jina la mpokeaji kwa M-Pesa si lile lililotolewa.",
  ],
  payout_person: [
    "{amount} to {phone} waits for a person.",
    "{amount} kwa {phone} zinasubiri mtu.",
  ],
  refund: ["The refund of {amount} has no clear answer.", "Hakuna jibu wazi kuhusu kurudishwa kwa {amount}."],
  unmatched: [
    "{amount} came for account {account}; no order has it.",
    "{amount} zimeingia kwa akaunti {account}; haina oda.",
  ],
  unmatched_till: ["{amount} came by itself; no order has it.", "{amount} zimeingia zenyewe; hazina oda."],
  twice: ["{reference} was paid twice. Give one back.", "{reference} imelipwa mara mbili. Rudisha malipo ya pili."],
  notice: [
    "A message of M-Pesa was set aside: {problem}.",
    "Ujumbe wa M-Pesa umewekwa kando: {problem}.",
  ],
  approval: ["{who} asks you to approve {amount}.", "{who} anaomba uidhinishe {amount}."],
  batch: [
    "{who} asks you to approve {count} payouts, {amount}.",
    "{who} anaomba uidhinishe malipo {count}, {amount}.",
  ],
  endpoint: [
    "Your server has not answered since {since}; {count} messages wait.",
    "Seva yako haijajibu tangu {since}; jumbe {count} zinasubiri.",
  ],
  dead_job: [
    "A task ({kind}) is stuck after {tries} tries.",
    "Kazi moja ({kind}) imekwama baada ya kujaribu mara {tries}.",
  ],
  reconciliation: [
    "M-Pesa's list and our payments differ in {count}.",
    "Orodha ya M-Pesa na malipo yetu yanatofautiana mara {count}.",
  ],
  ledger: [
    "The check of the ledger found {count} differences.",
    "Ukaguzi wa leja umepata tofauti {count}.",
  ],
  balance: ["Float of {number} is {amount}.", "Float ya {number} ni {amount}."],
  change: ["A change waits for a second person: {summary}", "Badiliko linasubiri mtu wa pili: {summary}"],
};

const CENTS = new Set(["amount", "received"]);

/** What is the matter with a case, as a sentence. */
export function sentenceOf(form: string, values: Values, language: Language): string {
  const shown = Object.entries(values).map(([name, value]) => {
    if (value === null) return [name, "?"];
    if (CENTS.has(name)) return [name, shillings(Number(value))];
    if (name === "problem") return [name, whySetAside(String(value), language)];
    if (name === "since") return [name, nairobiDateTime(Number(value)).slice(0, 16)];
    return [name, name === "who" ? actorIn(String(value), language) : String(value)];
  });
  return say(
    SENTENCES[form] ?? ["A person must look at it.", "Lazima mtu aangalie."],
    language,
    Object.fromEntries(shown),
  );
}
