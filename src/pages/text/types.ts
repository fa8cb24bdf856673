import type { FailureCode } from "../../daraja/codes.ts";

/** For each failure code: what went wrong, and what the payer can do about it. */
export type FailureTexts = Readonly<Record<FailureCode, readonly [message: string, advice: string]>>;

/** The page of a payment link. */
export interface LinkText {
  readonly preview: (merchant: string) => string;
  readonly amountLabel: string;
  readonly amountHint: (most: string) => string;
  readonly amountWrong: (most: string) => string;
  readonly pay: string;
  readonly paidHeading: string;
  readonly paidText: (merchant: string) => string;
  readonly tooMany: (minutes: number) => string;
  readonly busyHeading: string;
  readonly busyText: string;
  readonly goOn: string;
  readonly expiredHeading: string;
  readonly disabledHeading: string;
  readonly overText: (merchant: string) => string;
}

/** The receipt to share, and the page that checks one. */
export interface ReceiptText {
  readonly heading: (merchant: string) => string;
  readonly from: string;
  readonly kraPin: string;
  readonly total: string;
  readonly partlyGivenBack: (amount: string) => string;
  readonly givenBack: string;
  readonly takenBack: string;
  readonly share: string;
  readonly save: string;
  readonly open: string;
  readonly signed: string;
  readonly codeLabel: string;
  readonly check: string;
  readonly checkHeading: string;
  readonly checkText: string;
  readonly checkLabel: string;
  readonly checkButton: string;
  readonly good: string;
  readonly bad: string;
  readonly paid: string;
  readonly unknownNow: string;
  readonly more: (count: number) => string;
}

/** Every string of the page, in one language. The functions get amounts already formatted and phones already masked. */
export interface Text {
  /** The `lang` attribute of the html element. */
  readonly lang: "en" | "sw";
  readonly title: (headline: string, merchant: string) => string;
  readonly languages: string;
  readonly reference: string;
  /** Shown after a part has come, under the amount that is left. */
  readonly part: (received: string, whole: string) => string;
  readonly splitPart: (part: number, of: number) => string;
  readonly splitText: string;
  readonly splitProgress: (received: string, whole: string) => string;
  readonly partRefused: (received: string) => string;
  readonly promptAsksMore: (asked: string) => string;
  readonly items: string;
  readonly payableUntil: (time: string) => string;
  /** Before a countdown of minutes and seconds. */
  readonly timeLeft: string;
  readonly safety: string;
  readonly securedBy: string;

  readonly readyHeading: string;
  readonly readyText: string;
  readonly phoneLabel: string;
  readonly phoneHint: string;
  readonly phoneAgain: (phone: string) => string;
  readonly remember: string;
  readonly pay: (amount: string) => string;
  readonly tryAgain: string;
  readonly sending: string;
  readonly offline: string;

  readonly waitingHeading: string;
  readonly waitingText: (phone: string) => string;
  /** While M-Pesa has not said that it took the request. */
  readonly waitingUnsure: (phone: string) => string;
  readonly waitingSteps: readonly [open: (business: string) => string, pin: string, stay: string];
  readonly stillWaiting: string;
  /** More than one phone has a request: all of them, joined. */
  readonly twoPrompts: (phones: string) => string;
  readonly and: string;
  readonly checkNow: string;
  readonly noPrompt: string;
  readonly noPromptText: string;
  readonly otherPhone: string;

  readonly failedHeading: string;
  readonly notTaken: string;
  readonly unclearHeading: string;
  readonly unclearText: string;
  readonly earlierUnclear: string;

  /** M-Pesa does not answer prompts: with a paybill, and at a till, which has none. */
  readonly promptsFail: string;
  readonly promptsFailTill: string;
  readonly paybill: string;
  readonly paybillText: string;
  readonly paybillSteps: readonly [menu: string, numbers: string, pin: string];
  readonly businessNumber: string;
  readonly accountNumber: string;
  readonly amount: string;
  readonly qrLabel: string;
  readonly qrText: string;
  readonly copy: string;
  readonly copied: string;
  readonly paidByPaybill: string;

  readonly paidHeading: string;
  readonly paidText: (merchant: string) => string;
  readonly receiptHeading: string;
  readonly paidTo: string;
  readonly receipt: string;
  readonly receiptComing: string;
  readonly phone: string;
  readonly date: string;
  readonly print: string;

  readonly receiptOnlyHeading: string;
  readonly receiptOnlyText: string;
  readonly expiredHeading: string;
  readonly expiredText: string;
  readonly cancelledHeading: string;
  readonly cancelledText: string;
  readonly reviewHeading: string;
  readonly reviewText: string;
  /** What happened, what happens next, and what to do. */
  readonly reviewSteps: readonly [happened: string, next: string, (merchant: string) => string];
  readonly returnTo: (merchant: string) => string;
  readonly returning: (merchant: string) => string;
  readonly stay: string;

  readonly support: {
    readonly heading: (merchant: string) => string;
    readonly call: string;
    readonly whatsapp: string;
    readonly email: string;
    readonly quote: string;
    readonly none: string;
  };

  readonly phoneWrong: string;
  readonly phoneBusy: (phone: string, seconds: number) => string;
  readonly limited: (minutes: number) => string;
  readonly limitedCheckout: string;
  readonly overLimit: string;
  readonly unavailable: string;

  readonly notFoundHeading: string;
  readonly notFoundText: string;
  readonly errorHeading: string;
  readonly errorText: string;

  readonly link: LinkText;
  readonly receiptPage: ReceiptText;
  readonly statement: {
    readonly heading: string;
    readonly balance: string;
    readonly arrears: (amount: string) => string;
    readonly howToPay: (paybill: string, account: string) => string;
    readonly print: string;
    readonly lines: string;
    readonly empty: string;
    readonly older: (count: number) => string;
    readonly after: (balance: string) => string;
    readonly kinds: Readonly<
      Record<"received" | "applied" | "released" | "paid_checkout" | "given_back" | "taken_back", string>
    >;
  };

  readonly failures: FailureTexts;
}
