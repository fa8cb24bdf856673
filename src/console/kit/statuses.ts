import type { Language } from "../text/bilingual.ts";
import type { IconName } from "./icons.tsx";

/** How a state is shown: its icon, and its word in each language. */
export interface Status {
  readonly icon: IconName;
  readonly en: string;
  readonly sw: string;
}

const of = (icon: IconName, en: string, sw: string): Status => ({ icon, en, sw });

const money = {
  queued: of("clock", "In line", "Kwenye foleni"),
  submitted: of("arrow", "With M-Pesa", "Iko M-Pesa"),
  in_doubt: of("question", "In doubt", "Haijulikani bado"),
  failed: of("cross", "Failed", "Haikufaulu"),
} as const;

/** Every state that a chip can show, by what it is of and by the API's word. CSV files keep the API's word. */
export const statuses = {
  checkout: {
    open: of("ring", "Not paid yet", "Haijalipwa"),
    pending: of("phone", "Waiting for PIN", "Inasubiri PIN"),
    succeeded: of("tick", "Paid", "Imelipwa"),
    expired: of("dash", "Expired", "Muda umekwisha"),
    cancelled: of("dash", "Cancelled", "Imeghairiwa"),
    review: of("alert", "Needs checking", "Inahitaji ukaguzi"),
  },
  attempt: {
    pending: of("phone", "Waiting for PIN", "Inasubiri PIN"),
    succeeded: of("tick", "Paid", "Imelipwa"),
    failed: of("cross", "Failed", "Haikufaulu"),
    unknown: of("question", "No clear answer", "Hakuna jibu wazi"),
  },
  payment: {
    matched: of("tick", "Matched", "Imeunganishwa"),
    partial: of("half", "Part paid", "Sehemu imelipwa"),
    unmatched: of("question", "Not matched", "Haijaunganishwa"),
    duplicate_payment: of("double", "Paid twice", "Imelipwa mara mbili"),
    refunded: of("back", "Given back", "Imerudishwa"),
    taken_back: of("alert", "Reversed by M-Pesa", "M-Pesa imeirudisha"),
  },
  payout: {
    awaiting_approval: of("person", "Needs approval", "Inasubiri idhini"),
    ...money,
    succeeded: of("tick", "Paid out", "Imefika"),
    rejected: of("dash", "Rejected", "Imekataliwa"),
    cancelled: of("dash", "Cancelled", "Imeghairiwa"),
  },
  batch: {
    processing: of("arrow", "Under way", "Inaendelea"),
    completed: of("tick", "Ended", "Imekwisha"),
  },
  refund: { ...money, succeeded: of("back", "Given back", "Imerudishwa") },
  standing_order: {
    pending: of("phone", "Waiting for PIN", "Inasubiri PIN"),
    active: of("tick", "Active", "Inatumika"),
    failed: of("cross", "Failed", "Haikufaulu"),
    unknown: of("question", "No clear answer", "Hakuna jibu wazi"),
  },
  health: {
    ok: of("tick", "Works", "Inafanya kazi"),
    failing: of("cross", "Fails", "Haifanyi kazi"),
    no_data: of("dash", "Not measured", "Haijapimwa"),
  },
  reconciliation: {
    queued: of("ring", "Waiting", "Inasubiri"),
    running: of("arrow", "Running", "Inaendelea"),
    completed: of("tick", "Done", "Imekwisha"),
    failed: of("cross", "Failed", "Haikufaulu"),
    reversing: of("arrow", "Being undone", "Inatenguliwa"),
    reversed: of("back", "Undone", "Imetenguliwa"),
  },
  change: {
    proposed: of("person", "Waits for a second person", "Inasubiri mtu wa pili"),
    applied: of("tick", "Applied", "Imetumika"),
    rejected: of("dash", "Withdrawn or rejected", "Imeondolewa au kukataliwa"),
    stale: of("alert", "No longer fits", "Haifai tena"),
  },
  notice: {
    stored: of("clock", "Kept", "Imehifadhiwa"),
    applied: of("tick", "Used", "Imetumika"),
    quarantined: of("alert", "Set aside", "Imewekwa kando"),
    unreadable: of("cross", "Unreadable", "Haisomeki"),
  },
  job: {
    queued: of("ring", "Waiting", "Inasubiri"),
    running: of("arrow", "Running", "Inaendelea"),
    dead: of("cross", "Stuck", "Imekwama"),
  },
  delivery: {
    pending: of("clock", "To be sent", "Itatumwa"),
    succeeded: of("tick", "Received", "Imepokelewa"),
    failed: of("cross", "Not received", "Haikupokelewa"),
    cancelled: of("dash", "Dropped", "Imeachwa"),
  },
} as const satisfies Record<string, Readonly<Record<string, Status>>>;

export type StatusKind = keyof typeof statuses;

/** How a state is shown. A word that the table lacks, such as one of a newer release, is shown as it is. */
export function statusOf(kind: StatusKind, word: string): Status {
  const known: Readonly<Record<string, Status>> = statuses[kind];
  return Object.hasOwn(known, word) ? known[word] as Status : of("ring", word, word); // it has the key
}

/** The word of a state in a language. */
export const statusWord = (kind: StatusKind, word: string, language: Language): string =>
  statusOf(kind, word)[language];

/** The states of a kind as the options of a filter. */
export const statusOptions = (
  kind: StatusKind,
  language: Language,
): readonly (readonly [value: string, label: string])[] =>
  Object.entries<Status>(statuses[kind]).map(([word, status]) => [word, status[language]]);
