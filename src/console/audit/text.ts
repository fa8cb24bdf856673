import { bilingual } from "../text/bilingual.ts";

export const auditText = bilingual({
  en: {
    question: "Who did what?",
    empty: "Each act of a person, a program or M-Pesa shows here, and is never changed or removed.",
    time: "Time",
    who: "Who",
    act: "Act",
    subject: "Subject",
    from: "From",
    system: "Malipo itself",
    whole: (time: string) => `Chain whole, checked ${time}`,
    broken: (count: number) =>
      count === 1 ? "Chain broken: 1 entry does not fit" : `Chain broken: ${count} entries do not fit`,
    brokenSays: "Somebody changed the trail outside of the service. Tell the people who run it.",
    checking: "The chain is being checked",
    unchecked: "The chain has not been checked yet; it is within the hour",
  },
  sw: {
    question: "Nani alifanya nini?",
    empty: "Kila tendo la mtu, programu au M-Pesa huonekana hapa, na halibadilishwi wala kuondolewa.",
    time: "Wakati",
    who: "Nani",
    act: "Tendo",
    subject: "Kuhusu",
    from: "Kutoka",
    system: "Malipo yenyewe",
    whole: (time) => `Mnyororo ni kamili, ulikaguliwa ${time}`,
    broken: (count) => `Mnyororo umevunjika: maingizo ${count} hayalingani`,
    brokenSays: "Mtu alibadilisha kumbukumbu nje ya huduma. Waambie wanaoendesha huduma.",
    checking: "Mnyororo unakaguliwa sasa",
    unchecked: "Mnyororo bado haujakaguliwa; utakaguliwa ndani ya saa moja",
  },
});
