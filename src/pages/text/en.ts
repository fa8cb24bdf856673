import { failuresEn } from "./failures-en.ts";
import type { Text } from "./types.ts";

export const en: Text = {
  lang: "en",
  title: (headline, merchant) => `${headline} – ${merchant}`,
  languages: "Language",
  reference: "Reference",
  part: (received, whole) => `Left to pay. We have received ${received} of ${whole}.`,
  splitPart: (part, of) => `Request ${part} of ${of}:`,
  splitText: "M-Pesa does not take this amount at once, so you confirm it in parts, one after the other.",
  splitProgress: (received, whole) => `${received} of ${whole} received`,
  partRefused: (received) =>
    `We have received ${received}, but the shop takes this payment only in one sum. Ask the shop before you pay again.`,
  promptAsksMore: (asked) =>
    `The request on your phone asks for ${asked}. More money has come since: if you confirm it, you pay more than is left.`,
  items: "What you pay for",
  payableUntil: (time) => `Open until ${time}`,
  timeLeft: "Time left",
  safety: "Your PIN is asked for on your phone only, never on this page. Share it with nobody.",
  securedBy: "Secured by Malipo",

  readyHeading: "Pay with M-Pesa",
  readyText: "We send a payment request to your phone. You confirm it there with your PIN.",
  phoneLabel: "M-Pesa phone number",
  phoneHint: "For example 0712 345 678",
  phoneAgain: (phone) => `Leave empty to use ${phone} again`,
  remember: "Remember this number on this device",
  pay: (amount) => `Pay ${amount}`,
  tryAgain: "Try again",
  sending: "Sending…",

  offline: "You are offline, so nothing was sent. Connect to the internet, then press again.",
  waitingHeading: "Check your phone",
  waitingUnsure: (phone) => `A payment request to ${phone} is on its way. M-Pesa has not confirmed it yet.`,
  waitingText: (phone) => `We sent a payment request to ${phone}.`,
  waitingSteps: [
    (business) => `The M-Pesa window on your phone names ${business} and the amount.`,
    "Enter your M-Pesa PIN there and confirm.",
    "Stay here: this page changes by itself, mostly within a minute.",
  ],
  stillWaiting: "Still waiting for M-Pesa. Look at your phone: the request may be behind a locked screen.",
  twoPrompts: (phones) => `Requests are out to ${phones}. Approve only one of them, or you pay twice.`,
  and: " and ",
  checkNow: "Check now",
  noPrompt: "No request on your phone?",
  noPromptText:
    "Unlock the phone and wait a little. Use another way only if no request shows up, so that you don't pay twice.",
  otherPhone: "Use another phone",

  failedHeading: "You have not paid yet",
  notTaken:
    "M-Pesa says that no money was taken. If M-Pesa still sends you a message that you paid, don't pay again: this page will show it.",
  unclearHeading: "We can't tell yet whether you paid",
  unclearText:
    "M-Pesa has not given a clear answer. Look at your M-Pesa messages: if a payment message came, wait here and don't pay again. Only if no money was taken, try again.",
  earlierUnclear: "An earlier request has no clear answer yet. If an M-Pesa payment message came, don't pay again.",

  promptsFail: "M-Pesa is not sending payment requests to phones just now. Please pay by paybill from the M-Pesa menu.",
  promptsFailTill: "M-Pesa is not sending payment requests to phones just now. Please try again in a few minutes.",
  paybill: "Pay by paybill instead",
  paybillText: "Pay from the M-Pesa menu. This page shows it as soon as the money is here.",
  paybillSteps: [
    "Open M-Pesa and choose Lipa na M-Pesa, then Pay Bill.",
    "Enter these numbers exactly as they stand here:",
    "Enter your PIN and confirm.",
  ],
  businessNumber: "Business number",
  accountNumber: "Account number",
  amount: "Amount",
  qrLabel: "QR code with business number, account number and amount",
  qrText: "On a computer? Scan this with your phone's camera to have the numbers there for copying.",
  copy: "Copy",
  copied: "Copied",
  paidByPaybill: "I have paid: check now",

  paidHeading: "Paid. Thank you!",
  paidText: (merchant) => `${merchant} has your payment.`,
  receiptHeading: "Receipt",
  paidTo: "Paid to",
  receipt: "M-Pesa receipt",
  receiptComing: "in your M-Pesa message",
  phone: "Phone",
  date: "Date",
  print: "Print receipt",

  receiptOnlyHeading: "There is no receipt yet",
  receiptOnlyText: "This link shows the receipt of a payment, once it has been paid. To pay, use the link of the shop.",
  expiredHeading: "This payment has expired",
  expiredText:
    "This payment is no longer open. If you still want to pay, start again in the shop. If an M-Pesa payment message comes late, the shop is told of the money.",
  cancelledHeading: "The shop has cancelled this payment",
  cancelledText:
    "There is nothing to pay here. If M-Pesa sent you a message that you paid, the shop is told of the money.",
  reviewHeading: "We are checking your payment",
  reviewText:
    "Money may have moved, but M-Pesa has not confirmed it as it should. Please don't pay again. The shop has been told and will look at it.",
  reviewSteps: [
    "What happened: M-Pesa's answer was unclear, or did not fit this payment.",
    "What happens next: the payment is compared with M-Pesa's own records. This page shows the result by itself.",
    (merchant) => `What to do: don't pay again. Keep your M-Pesa message, and ask ${merchant} if you are in a hurry.`,
  ],
  returnTo: (merchant) => `Return to ${merchant}`,

  returning: (merchant) => `Back to ${merchant} in`,
  stay: "Stay here",
  support: {
    heading: (merchant) => `Questions? Ask ${merchant}`,
    call: "Call",
    whatsapp: "WhatsApp",
    email: "E-mail",
    quote: "Quote this reference",
    none: "Ask where you ordered, or who sent you the link.",
  },

  phoneWrong: "This is not a Kenyan mobile number. Write it like 0712 345 678.",
  phoneBusy: (phone, seconds) =>
    `A request is already on ${phone}. Answer it there, or wait ${seconds} s before you send another.`,
  limited: (minutes) =>
    `This phone has had many payment requests. To protect its owner, the next may be sent in ${
      minutes === 1 ? "a minute" : `${minutes} minutes`
    }. You can use another phone, or pay by paybill now.`,
  limitedCheckout: "No more requests can be sent for this payment. You can still pay by paybill.",
  overLimit:
    "With this payment the phone would pass M-Pesa's limit for a day. Pay from another phone, or after midnight.",
  unavailable:
    "We could not tell whether the request was sent. Look at your phone first; if nothing shows up, try again.",

  notFoundHeading: "There is no payment here",
  notFoundText: "The link is wrong or incomplete. Open it again from the shop, just as the shop gave it to you.",
  errorHeading: "Something went wrong on our side",
  errorText: "Please load this page again in a moment. Don't pay a second time before you have seen it.",

  link: {
    preview: (merchant) => `Pay ${merchant} with M-Pesa`,
    amountLabel: "Amount in KES",
    amountHint: (most) => `Whole shillings, up to ${most}`,
    amountWrong: (most) => `Type a whole number of shillings, from 1 up to ${most}.`,
    pay: "Pay with M-Pesa",
    paidHeading: "This has been paid",
    paidText: (merchant) =>
      `The link was for one payment, which ${merchant} has received. Please don't pay again. If you owe for something else, ask ${merchant} for a new link.`,
    tooMany: (minutes) =>
      `Many payments were begun from here. The next can begin in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
    busyHeading: "A payment is under way",
    busyText:
      "This link is for one payment, and a request for it is on a phone just now. Only one can be paid, so please wait until it is over.",
    goOn: "It is mine: go on",
    expiredHeading: "This link has ended",
    disabledHeading: "This link is not in use",
    overText: (merchant) => `Nobody can pay by it any more. Ask ${merchant} for a new one.`,
  },
  receiptPage: {
    heading: (merchant) => `Receipt of ${merchant}`,
    from: "From",
    kraPin: "KRA PIN",
    total: "Paid",
    partlyGivenBack: (amount) => `${amount} of this was given back later.`,
    givenBack: "All of this was given back later. The receipt is no proof of payment any more.",
    takenBack: "M-Pesa took this money back. The receipt is no proof of payment any more.",
    share: "Share",
    save: "Save",
    open: "Receipt to share or save",
    signed: "Signed. Scan the code to check that nothing was changed.",
    codeLabel: "QR code with the signed receipt",
    check: "Check this receipt",
    checkHeading: "Check a receipt",
    checkText:
      "Scan the code of a receipt, or paste its text here. The signature is checked on this device; whether the money was given back later is asked of this service.",
    checkLabel: "Text or address of the receipt",
    checkButton: "Check",
    good: "The receipt is real: its signature is right.",
    bad: "This is no receipt of this service, or it was changed.",
    paid: "Nothing of it was given back until now.",
    unknownNow: "Nobody could be asked whether it was given back since then.",
    more: (count) => `${count} items are not in the code; the whole receipt lists them.`,
  },
  statement: {
    heading: "Account",
    balance: "Balance",
    arrears: (amount) => `Still to be paid by now: ${amount}`,
    howToPay: (paybill, account) => `To pay: Lipa na M-Pesa, Pay Bill, business number ${paybill}, account ${account}`,
    print: "Print",
    lines: "What came and what was paid",
    empty: "Nothing has come yet.",
    older: (count) => `These are the newest ${count}. Ask for the older ones.`,
    after: (balance) => `Balance ${balance}`,
    kinds: {
      received: "Received",
      applied: "Paid from the balance",
      released: "Back on the balance",
      paid_checkout: "Paid directly",
      given_back: "Given back",
      taken_back: "Reversed by M-Pesa",
    },
  },

  failures: failuresEn,
};
