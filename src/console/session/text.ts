import type { Language } from "../../pages/text/language.ts";

/** What the pages around signing in say. */
export interface SignInText {
  readonly signIn: string;
  readonly signInAs: (email: string) => string;
  readonly linkWorksOnce: string;
  readonly linkEnded: string;
  readonly linkEndedHelp: string;
  readonly howToSignIn: string;
}

const en: SignInText = {
  signIn: "Sign in",
  signInAs: (email) => `Sign in as ${email}`,
  linkWorksOnce: "This link works once. You stay signed in on this device until you sign out or stop working.",
  linkEnded: "This link no longer works",
  linkEndedHelp: "It was used, or its time is over. Ask the person who sent it for a new one.",
  howToSignIn: "Open the link that you were sent. If you have none, ask an admin of your business for one.",
};

const sw: SignInText = {
  signIn: "Ingia",
  signInAs: (email) => `Ingia kama ${email}`,
  linkWorksOnce:
    "Kiungo hiki hufanya kazi mara moja. Utabaki umeingia kwenye kifaa hiki hadi utoke au uache kufanya kazi.",
  linkEnded: "Kiungo hiki hakifanyi kazi tena",
  linkEndedHelp: "Kimeshatumika, au muda wake umekwisha. Mwombe aliyekutumia akupe kipya.",
  howToSignIn: "Fungua kiungo ulichotumiwa. Kama huna, mwombe msimamizi wa biashara yako.",
};

export const signInText: Readonly<Record<Language, SignInText>> = { en, sw };
