import type { Language } from "../../pages/text/language.ts";

/** What pages say around passkeys. */
export interface SigningText {
  readonly failed: string;
  readonly needsScript: string;
}

export const signingText: Readonly<Record<Language, SigningText>> = {
  en: {
    failed: "Your device did not confirm it. Nothing was done. Try again, or use another device that has your passkey.",
    needsScript: "A passkey needs JavaScript. Switch it on for this page, or use another browser.",
  },
  sw: {
    failed:
      "Kifaa chako hakikuthibitisha. Hakuna kilichofanyika. Jaribu tena, au tumia kifaa kingine chenye passkey yako.",
    needsScript: "Passkey inahitaji JavaScript. Iwashe kwa ukurasa huu, au tumia kivinjari kingine.",
  },
};
