import type { Language } from "../../pages/text/language.ts";

/** What the page about oneself says. */
export interface MyText {
  readonly heading: string;
  readonly passkeys: string;
  readonly noPasskey: string;
  readonly whatFor: string;
  readonly add: string;
  readonly nameLabel: string;
  readonly notAdded: string;
  readonly tooLate: string;
  readonly remove: string;
  readonly sessions: string;
  readonly end: string;
  readonly signOut: string;
  readonly since: (time: string) => string;
}

const en: MyText = {
  heading: "You and your passkeys",
  passkeys: "Your passkeys",
  noPasskey: "You have none yet.",
  whatFor: "A passkey signs you in by fingerprint, face or PIN, and signs what you approve.",
  add: "Add a passkey",
  nameLabel: "Name of this device",
  notAdded: "The passkey was not added. It is here already, or it took too long. Try again.",
  tooLate: "To add or remove a passkey, sign in again with one, or with a link: it is allowed for 30 minutes after.",
  remove: "Remove",
  sessions: "Where you are signed in",
  end: "Sign out there",
  signOut: "Sign out here",
  since: (time) => `since ${time}`,
};

const sw: MyText = {
  heading: "Wewe na passkey zako",
  passkeys: "Passkey zako",
  noPasskey: "Bado huna yoyote.",
  whatFor: "Passkey hukuingiza kwa alama ya kidole, uso au PIN, na husaini unachoidhinisha.",
  add: "Ongeza passkey",
  nameLabel: "Jina la kifaa hiki",
  notAdded: "Passkey haikuongezwa. Iko tayari, au muda ulikwisha. Jaribu tena.",
  tooLate: "Kuongeza au kuondoa passkey, ingia tena kwa passkey au kiungo: inaruhusiwa ndani ya dakika 30 baadaye.",
  remove: "Ondoa",
  sessions: "Ulipoingia",
  end: "Toka kule",
  signOut: "Toka hapa",
  since: (time) => `tangu ${time}`,
};

export const myText: Readonly<Record<Language, MyText>> = { en, sw };
