import type { AuditAction } from "../../db/audit-actions.ts";

export type Language = "en" | "sw";
/** A sentence in English and in Swahili. */
export type Sentence = readonly [en: string, sw: string];

/** A payment has a receipt to share. */
export const RECEIPT: Sentence = ["It has a receipt to share.", "Ina risiti ya kutuma."];

/** Money that came. */
export const ARRIVED = {
  named: ["{amount} came, with the receipt {receipt}.", "{amount} ziliingia, kwa risiti {receipt}."],
  unnamed: ["{amount} came; M-Pesa has not named its receipt.", "{amount} ziliingia; M-Pesa haijataja risiti."],
} as const satisfies Record<string, Sentence>;

/** What an act of the audit trail means. `{who}` is who did it. An act without a sentence is told by something else. */
export const ACTS: Readonly<Partial<Record<AuditAction, Sentence>>> = {
  "checkout.created": ["{who} created the checkout.", "{who} alifungua ombi la malipo."],
  "checkout.refreshed": ["{who} asked M-Pesa at once.", "{who} aliuliza M-Pesa mara moja."],
  "checkout.cancelled": ["{who} cancelled the checkout.", "{who} alighairi ombi la malipo."],
  "checkout.paid_by_hand": ["{who} matched a payment to it.", "{who} aliunganisha malipo nayo."],
  "checkout.paid_by_paybill": ["Money came by paybill or till.", "Pesa ziliingia kwa paybill au till."],
  "checkout.payment_moved": ["{who} moved a payment.", "{who} alihamisha malipo."],
  "checkout.receipt_taken": ["Its payment took a receipt.", "Malipo yake yalipata risiti."],
  "checkout.receipt_placed": [
    "{who} put a receipt in the place of a guess.",
    "{who} aliweka risiti badala ya kukisia.",
  ],
  "checkout.money_placed": ["Money that had come was placed here.", "Pesa zilizoingia ziliwekwa hapa."],
  "checkout.payment_withdrawn": ["A payment was withdrawn.", "Malipo yaliondolewa."],
  "checkout.payment_taken_back": ["M-Pesa reversed its payment.", "M-Pesa ilirudisha malipo yake."],
  "payment.received": ["The payment was recorded.", "Malipo yalirekodiwa."],
  "payment.taken_back": ["M-Pesa reversed the payment.", "M-Pesa ilirudisha malipo."],
  "payment.withdrawn": ["The payment was withdrawn.", "Malipo yaliondolewa."],
  "payment.booked": ["{who} booked it at its shortcode.", "{who} aliiweka kwenye nambari yake ya biashara."],
  "payment.matched": ["{who} matched the payment.", "{who} aliunganisha malipo."],
  "payout.created": ["{who} created the payout.", "{who} aliandaa malipo."],
  "payout.approved": ["{who} approved it.", "{who} aliidhinisha."],
  "payout.rejected": ["{who} rejected it; nothing is sent.", "{who} alikataa; hakuna kitakachotumwa."],
  "payout.cancelled": ["{who} cancelled it before it left.", "{who} alighairi kabla hayajatumwa."],
  "payout.held": [
    "M-Pesa's name of the payee is not the one given, so it waits.",
    "Jina la mpokeaji kwa M-Pesa si lile lililotolewa, hivyo yanasubiri.",
  ],
  "payout.name_checked": ["We asked Safaricom for the payee's name.", "Tuliuliza Safaricom jina la mpokeaji."],
  "payout.name_confirmed": ["{who} confirmed the payee's name.", "{who} alithibitisha jina la mpokeaji."],
  "payout.resolved": ["{who} recorded what became of it.", "{who} aliweka matokeo yake."],
  "payout.refreshed": ["{who} asked M-Pesa at once.", "{who} aliuliza M-Pesa mara moja."],
  "payout.expire": [
    "Nobody approved it in time; nothing is sent.",
    "Hakuna aliyeidhinisha kwa wakati; hakuna kitakachotumwa.",
  ],
  "payout.ask": ["We asked M-Pesa what became of it.", "Tuliuliza M-Pesa matokeo yake."],
  "payout.mark_ambiguous": [
    "The answer was never stored, so it may have left.",
    "Jibu halikuhifadhiwa; huenda pesa zimetumwa.",
  ],
  "payout.mark_in_doubt": ["No result came, so it is in doubt.", "Hakuna matokeo; haijulikani bado."],
  "payout.stop_polling": ["We stopped asking; a person must look.", "Tumeacha kuuliza; lazima mtu aangalie."],
  "payout.sending": ["We sent it to M-Pesa.", "Tulituma kwa M-Pesa."],
  "payout.accepted": ["M-Pesa took it; the result follows.", "M-Pesa imepokea; matokeo yatafuata."],
  "payout.refused": ["M-Pesa refused the request.", "M-Pesa ilikataa ombi."],
  "payout.resend_stopped": [
    "M-Pesa took the payment back, so it is not sent again.",
    "M-Pesa ilirudisha malipo, hivyo hayatatumwa tena.",
  ],
  "payout.unsent": ["The request did not leave.", "Ombi halikutoka."],
  "payout.ambiguous": [
    "M-Pesa's answer was unclear, so it may have left.",
    "Jibu la M-Pesa halikuwa wazi; huenda pesa zimetumwa.",
  ],
  "payout.duplicate": ["M-Pesa knows the request already.", "M-Pesa inalijua ombi hili tayari."],
  "payout.result_told": ["M-Pesa told the result.", "M-Pesa ilitoa matokeo."],
  "payout.status_told": ["M-Pesa answered our question.", "M-Pesa ilijibu swali letu."],
  "payout.timeout_told": ["M-Pesa said that the request waited too long.", "M-Pesa ilisema ombi lilisubiri mno."],
  "payout.status_timeout_told": ["M-Pesa had no time for our question.", "M-Pesa haikupata muda wa swali letu."],
  "payout.receipt_shared": ["Another transfer has the same receipt.", "Muamala mwingine una risiti hiyo hiyo."],
  "refund.created": ["{who} asked to give money back.", "{who} aliomba pesa zirudishwe."],
  "refund.resolved": ["{who} recorded what became of it.", "{who} aliweka matokeo yake."],
  "refund.refreshed": ["{who} asked M-Pesa at once.", "{who} aliuliza M-Pesa mara moja."],
  "refund.followed": ["It follows its payout.", "Inafuata malipo yake."],
  "refund.ask": ["We asked M-Pesa what became of it.", "Tuliuliza M-Pesa matokeo yake."],
  "refund.mark_ambiguous": [
    "The answer was never stored, so it may have gone back.",
    "Jibu halikuhifadhiwa; huenda pesa zimerudishwa.",
  ],
  "refund.mark_in_doubt": ["No result came, so it is in doubt.", "Hakuna matokeo; haijulikani bado."],
  "refund.stop_polling": ["We stopped asking; a person must look.", "Tumeacha kuuliza; lazima mtu aangalie."],
  "refund.sending": ["We asked M-Pesa to reverse the payment.", "Tuliomba M-Pesa irudishe malipo."],
  "refund.accepted": ["M-Pesa took the request; the result follows.", "M-Pesa imepokea ombi; matokeo yatafuata."],
  "refund.refused": ["M-Pesa refused the request.", "M-Pesa ilikataa ombi."],
  "refund.unsent": ["The request did not leave.", "Ombi halikutoka."],
  "refund.ambiguous": [
    "M-Pesa's answer was unclear, so it may have gone back.",
    "Jibu la M-Pesa halikuwa wazi; huenda pesa zimerudishwa.",
  ],
  "refund.result_told": ["M-Pesa told the result.", "M-Pesa ilitoa matokeo."],
  "refund.status_told": ["M-Pesa answered our question.", "M-Pesa ilijibu swali letu."],
  "refund.timeout_told": ["M-Pesa said that the request waited too long.", "M-Pesa ilisema ombi lilisubiri mno."],
  "refund.status_timeout_told": ["M-Pesa had no time for our question.", "M-Pesa haikupata muda wa swali letu."],
  "refund.receipt_shared": ["Another transfer has the same receipt.", "Muamala mwingine una risiti hiyo hiyo."],
  "refund.reversal_listed": ["M-Pesa lists the reversal.", "M-Pesa inaonyesha kurudishwa."],
  "refund.taken_back": ["M-Pesa reversed the payment itself.", "M-Pesa yenyewe ilirudisha malipo."],
};

/** What a new status means. */
export const STATUSES: Readonly<Record<string, Sentence>> = {
  "checkout.succeeded": ["It is paid.", "Imelipwa."],
  "checkout.expired": ["Its time ran out.", "Muda umekwisha."],
  "checkout.cancelled": ["It is cancelled.", "Imeghairiwa."],
  "checkout.review": [
    "It needs checking: we don't know yet whether it was paid.",
    "Inahitaji ukaguzi: bado hatujui kama imelipwa.",
  ],
  "payout.in_doubt": [
    "It is in doubt: the money may have gone. Don't send it again.",
    "Haijulikani bado: huenda pesa zimetumwa. Usitume tena.",
  ],
  "payout.succeeded": ["It is paid out.", "Imefika."],
  "payout.failed": ["It failed; no money left.", "Haikufaulu; hakuna pesa zilizotoka."],
  "refund.in_doubt": ["It is in doubt: the money may have gone back.", "Haijulikani bado: huenda pesa zimerudishwa."],
  "refund.succeeded": ["The money is given back.", "Pesa zimerudishwa."],
  "refund.failed": ["It failed; no money went back.", "Haikufaulu; hakuna pesa zilizorudishwa."],
};

export const PROMPT = {
  sent: ["The phone {phone} was prompted.", "Simu {phone} ilitumiwa ombi la PIN."],
  accepted: ["Safaricom accepted the prompt.", "Safaricom ilipokea ombi."],
  succeeded: ["The prompt was paid.", "Ombi lililipwa."],
  failed: ["The prompt was not paid: {why}", "Ombi halikulipwa: {why}"],
  unknown: ["No clear answer about the prompt came.", "Hakuna jibu wazi kuhusu ombi."],
} as const satisfies Record<string, Sentence>;

export const NOTICE = {
  stk: ["Safaricom's callback about the prompt came", "Ujumbe wa Safaricom kuhusu ombi ulifika"],
  c2b_confirmation: ["The paybill confirmation came", "Uthibitisho wa paybill ulifika"],
  other: ["M-Pesa's message ({kind}) came", "Ujumbe wa M-Pesa ({kind}) ulifika"],
  stored: [" and waits.", " na unasubiri."],
  applied: [" and was used.", " na ulitumika."],
  quarantined: [" and was set aside: {problem}.", " na uliwekwa kando: {problem}."],
  unreadable: [", and can't be read.", ", na hausomeki."],
} as const satisfies Record<string, Sentence>;

export const TOLD = {
  answered: [
    "Your shop was told ({type}) and answered {status}.",
    "Duka lako liliarifiwa ({type}) na likajibu {status}.",
  ],
  failed: [
    "Your shop was told ({type}) and did not take it: {why}.",
    "Duka lako liliarifiwa ({type}) na halikupokea: {why}.",
  ],
  waiting: ["Your shop will be told ({type}).", "Duka lako litaarifiwa ({type})."],
  listed: [
    "The event {type} is stored. No webhook endpoint takes it.",
    "Tukio {type} limehifadhiwa. Hakuna seva inayolipokea.",
  ],
} as const satisfies Record<string, Sentence>;

export const NEXT = {
  review: [
    "A person at the shop compares it with M-Pesa. Call the shop and quote {reference}; don't pay again before.",
    "Mtu wa duka analinganisha na M-Pesa. Pigia duka na utaje {reference}; usilipe tena kabla ya hapo.",
  ],
  asked: ["We ask M-Pesa again at {time} and don't send it as new.", "Tutaiuliza M-Pesa tena {time}; hatutumi upya."],
  name: [
    "A second person must confirm the payee's name, or cancel it.",
    "Lazima mtu wa pili athibitishe jina la mpokeaji, au aghairi.",
  ],
  person: [
    "An operator must look into the M-Pesa portal and resolve it.",
    "Lazima mtu aangalie tovuti ya M-Pesa na kuamua.",
  ],
} as const satisfies Record<string, Sentence>;

/** The sentence in a language, with what stands in braces filled in. */
export const say = (
  [en, sw]: Sentence,
  language: Language,
  values: Readonly<Record<string, string | number | null>> = {},
): string => (language === "sw" ? sw : en).replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? "?"));

/** Who acts, in words. A client or a person is named by id. */
export const actorIn = (actor: string, language: Language): string =>
  actor === "daraja" ? "M-Pesa" : actor === "system" ? (language === "sw" ? "Mfumo" : "Malipo") : actor;
