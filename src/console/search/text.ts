import { bilingual } from "../text/bilingual.ts";

export const searchText = bilingual({
  en: {
    heading: "Search",
    none: "No such receipt, id, phone or reference.",
    knows:
      "Names are sealed and can't be searched. Try a receipt, an id, a phone, an account, a reference, or an amount of the last 7 days.",
    didYouMean: "Did you mean",
    types: { checkout: "Checkouts", payment: "Payments", payout: "Payouts", refund: "Refunds" },
    allOfPhone: "All payments of this phone",
  },
  sw: {
    heading: "Tafuta",
    none: "Hakuna risiti, ID, simu wala kumbukumbu kama hiyo.",
    knows:
      "Majina yamefichwa, hayawezi kutafutwa. Jaribu risiti, ID, simu, akaunti, kumbukumbu, au kiasi cha siku 7 zilizopita.",
    didYouMean: "Ulimaanisha",
    types: {
      checkout: "Maombi ya malipo",
      payment: "Malipo yaliyoingia",
      payout: "Malipo yanayotoka",
      refund: "Marejesho",
    },
    allOfPhone: "Malipo yote ya simu hii",
  },
});
