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
  },
  sw: {
    question: "Nani alifanya nini?",
    empty: "Kila tendo la mtu, programu au M-Pesa huonekana hapa, na halibadilishwi wala kuondolewa.",
    time: "Wakati",
    who: "Nani",
    act: "Tendo",
    subject: "Kuhusu",
    from: "Kutoka",
  },
});
