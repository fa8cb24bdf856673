import type { Language } from "../../pages/text/language.ts";

/** What the pages around signing in say. */
export interface SignInText {
  readonly signIn: string;
  readonly signInAs: (email: string) => string;
  readonly linkWorksOnce: string;
  readonly linkEnded: string;
  readonly linkEndedHelp: string;
  readonly howToSignIn: string;
  readonly withPasskey: string;
  readonly notSignedIn: string;
  readonly askForLink: string;
  readonly withOidc: (name: string) => string;
  readonly oidcRefused: string;
  readonly whichMerchant: string;
  /** What the links to the languages are, for who hears the page. */
  readonly language: string;
}

const en: SignInText = {
  signIn: "Sign in",
  signInAs: (email) => `Sign in as ${email}`,
  linkWorksOnce: "This link works once. You stay signed in on this device until you sign out or stop working.",
  linkEnded: "This link no longer works",
  linkEndedHelp: "It was used, or its time is over. Ask the person who sent it for a new one.",
  howToSignIn: "Use the passkey that you made on this device or in your password manager.",
  withPasskey: "Sign in with a passkey",
  notSignedIn: "You are not signed in. This passkey is not known here, or it took too long. Try again.",
  withOidc: (name) => `Sign in with ${name}`,
  oidcRefused: "You are not signed in. Nobody here has your verified e-mail address, or it took too long. Try again.",
  whichMerchant: "Which business?",
  language: "Language",
  askForLink: "No passkey, or a lost one? Ask an admin of your business, who gets you a link that signs you in once.",
};

const sw: SignInText = {
  signIn: "Ingia",
  signInAs: (email) => `Ingia kama ${email}`,
  linkWorksOnce:
    "Kiungo hiki hufanya kazi mara moja. Utabaki umeingia kwenye kifaa hiki hadi utoke au uache kufanya kazi.",
  linkEnded: "Kiungo hiki hakifanyi kazi tena",
  linkEndedHelp: "Kimeshatumika, au muda wake umekwisha. Mwombe aliyekutumia akupe kipya.",
  howToSignIn: "Tumia passkey uliyotengeneza kwenye kifaa hiki au kwenye kidhibiti nywila chako.",
  withPasskey: "Ingia kwa passkey",
  notSignedIn: "Hujaingia. Passkey hii haijulikani hapa, au muda ulikwisha. Jaribu tena.",
  withOidc: (name) => `Ingia kwa ${name}`,
  oidcRefused: "Hujaingia. Hakuna mtu hapa mwenye barua pepe yako iliyothibitishwa, au muda ulikwisha. Jaribu tena.",
  whichMerchant: "Biashara ipi?",
  language: "Lugha",
  askForLink: "Huna passkey, au umeipoteza? Mwombe msimamizi wa biashara yako akupatie kiungo cha kuingia mara moja.",
};

export const signInText: Readonly<Record<Language, SignInText>> = { en, sw };
