import type { Language, Sentence } from "./sentences.ts";

const ABOUT_NOTHING: Sentence = ["it is about nothing that we know", "inahusu kitu ambacho hatukijui"];

/** Why a message was set aside, by the code that its row holds. */
const REASONS: Readonly<Record<string, Sentence>> = {
  amount_differs: ["its amount is not the one that we know", "kiasi chake si kile tunachokijua"],
  amount_unreadable: ["its amount can't be read", "kiasi chake hakisomeki"],
  another_payment: ["it is about another payment", "inahusu malipo mengine"],
  attempt_unknown: ABOUT_NOTHING,
  payout_unknown: ABOUT_NOTHING,
  refund_unknown: ABOUT_NOTHING,
  standing_order_unknown: ABOUT_NOTHING,
  receipt_of_another_checkout: ["its receipt belongs to another checkout", "risiti yake ni ya ombi jingine la malipo"],
  receipt_of_another_payout: ["its receipt belongs to another payout", "risiti yake ni ya malipo mengine yanayotoka"],
  receipt_of_another_shortcode: [
    "its receipt belongs to another shortcode",
    "risiti yake ni ya nambari nyingine ya biashara",
  ],
  shortcode_differs: ["its shortcode is not the one that we know", "nambari yake ya biashara si ile tunayoijua"],
  refuted_by_mpesa: ["M-Pesa did not confirm it when asked", "M-Pesa haikuithibitisha ilipoulizwa"],
  status_differs: ["its status contradicts an earlier one", "hali yake inapingana na ya awali"],
  status_unreadable: ["its status can't be read", "hali yake haisomeki"],
};

/** Why a message was set aside, in words. A code without words is shown as it is. */
export function whySetAside(problem: string | null, language: Language): string {
  const words = problem !== null && Object.hasOwn(REASONS, problem) ? REASONS[problem] : undefined;
  return words?.[language === "sw" ? 1 : 0] ?? problem ?? "?";
}
