import { failuresSw } from "./failures-sw.ts";
import type { Text } from "./types.ts";

export const sw: Text = {
  lang: "sw",
  title: (headline, merchant) => `${headline} – ${merchant}`,
  languages: "Lugha",
  reference: "Kumbukumbu",
  part: (received, whole) => `Kiasi kilichobaki. Tumepokea ${received} kati ya ${whole}.`,
  splitPart: (part, of) => `Ombi la ${part} kati ya ${of}:`,
  splitText: "M-Pesa haipokei kiasi hiki kwa mara moja, hivyo unathibitisha kwa sehemu, moja baada ya nyingine.",
  splitProgress: (received, whole) => `${received} kati ya ${whole} zimepokelewa`,
  partRefused: (received) =>
    `Tumepokea ${received}, lakini duka hupokea malipo haya kwa mkupuo mmoja tu. Uliza duka kabla ya kulipa tena.`,
  promptAsksMore: (asked) =>
    `Ombi kwenye simu yako ni la ${asked}. Pesa nyingine zimefika tangu hapo: ukilithibitisha, utalipa zaidi ya kilichobaki.`,
  items: "Unacholipia",
  payableUntil: (time) => `Unaweza kulipa hadi ${time}`,
  timeLeft: "Muda uliobaki",
  safety: "PIN yako huombwa kwenye simu yako pekee, kamwe si kwenye ukurasa huu. Usimwambie mtu yeyote.",
  securedBy: "Inalindwa na Malipo",

  readyHeading: "Lipa kwa M-Pesa",
  readyText: "Tunatuma ombi la malipo kwenye simu yako. Unalithibitisha hapo kwa PIN yako.",
  phoneLabel: "Nambari ya simu ya M-Pesa",
  phoneHint: "Kwa mfano 0712 345 678",
  phoneAgain: (phone) => `Acha wazi ili kutumia ${phone} tena`,
  remember: "Kumbuka nambari hii kwenye kifaa hiki",
  pay: (amount) => `Lipa ${amount}`,
  tryAgain: "Jaribu tena",
  sending: "Inatuma…",

  offline: "Hauko mtandaoni, hivyo hakuna kilichotumwa. Unganisha intaneti, kisha bonyeza tena.",
  waitingHeading: "Angalia simu yako",
  waitingUnsure: (phone) => `Ombi la malipo kwa ${phone} liko njiani. M-Pesa bado haijalithibitisha.`,
  waitingText: (phone) => `Tumetuma ombi la malipo kwa ${phone}.`,
  waitingSteps: [
    (business) => `Dirisha la M-Pesa kwenye simu yako linaonyesha ${business} na kiasi.`,
    "Weka PIN yako ya M-Pesa hapo na uthibitishe.",
    "Subiri hapa: ukurasa huu hubadilika wenyewe, kwa kawaida ndani ya dakika moja.",
  ],
  stillWaiting: "Bado tunasubiri M-Pesa. Angalia simu yako: huenda ombi liko nyuma ya skrini iliyofungwa.",
  twoPrompts: (phones) => `Maombi yametumwa kwa ${phones}. Kubali moja tu, la sivyo utalipa mara mbili.`,
  and: " na ",
  checkNow: "Angalia sasa",
  noPrompt: "Hakuna ombi kwenye simu yako?",
  noPromptText:
    "Fungua simu na usubiri kidogo. Tumia njia nyingine tu kama hakuna ombi lililofika, ili usilipe mara mbili.",
  otherPhone: "Tumia simu nyingine",

  failedHeading: "Bado hujalipa",
  notTaken:
    "M-Pesa inasema hakuna pesa zilizochukuliwa. Ujumbe wa malipo ukifika hata hivyo, usilipe tena: ukurasa huu utaonyesha.",
  unclearHeading: "Bado hatujui kama umelipa",
  unclearText:
    "M-Pesa haijatoa jibu wazi. Angalia ujumbe wako wa M-Pesa: kama ujumbe wa malipo umefika, subiri hapa na usilipe tena. Jaribu tena tu kama hakuna pesa zilizochukuliwa.",
  earlierUnclear: "Ombi la awali bado halina jibu wazi. Kama ujumbe wa malipo wa M-Pesa umefika, usilipe tena.",

  promptsFail:
    "Kwa sasa M-Pesa haitumi maombi ya malipo kwenye simu. Tafadhali lipa kwa Paybill kupitia menyu ya M-Pesa.",
  promptsFailTill:
    "Kwa sasa M-Pesa haitumi maombi ya malipo kwenye simu. Tafadhali jaribu tena baada ya dakika chache.",
  paybill: "Lipa kwa Paybill badala yake",
  paybillText: "Lipa kupitia menyu ya M-Pesa. Ukurasa huu utaonyesha mara tu pesa zinapofika.",
  paybillSteps: [
    "Fungua M-Pesa, chagua Lipa na M-Pesa, kisha Pay Bill.",
    "Weka nambari hizi jinsi zilivyo hapa:",
    "Weka PIN yako na uthibitishe.",
  ],
  businessNumber: "Nambari ya biashara",
  accountNumber: "Nambari ya akaunti",
  amount: "Kiasi",
  qrLabel: "Msimbo wa QR wenye nambari ya biashara, nambari ya akaunti na kiasi",
  qrText: "Uko kwenye kompyuta? Changanua msimbo huu kwa kamera ya simu yako ili unakili nambari hizi huko.",
  copy: "Nakili",
  copied: "Imenakiliwa",
  paidByPaybill: "Nimelipa: angalia sasa",

  paidHeading: "Umelipa. Asante!",
  paidText: (merchant) => `${merchant} imepokea malipo yako.`,
  receiptHeading: "Risiti",
  paidTo: "Umelipa kwa",
  receipt: "Risiti ya M-Pesa",
  receiptComing: "iko kwenye ujumbe wako wa M-Pesa",
  phone: "Simu",
  date: "Tarehe",
  print: "Chapisha risiti",

  receiptOnlyHeading: "Bado hakuna risiti",
  receiptOnlyText: "Kiungo hiki huonyesha risiti ya malipo yakishalipwa. Ili kulipa, tumia kiungo cha duka.",
  expiredHeading: "Muda wa kulipa umekwisha",
  expiredText:
    "Malipo haya hayako wazi tena. Kama bado unataka kulipa, anza upya dukani. Ujumbe wa malipo wa M-Pesa ukichelewa kufika, duka litaarifiwa kuhusu pesa hizo.",
  cancelledHeading: "Duka limeghairi malipo haya",
  cancelledText:
    "Hakuna cha kulipa hapa. Kama ujumbe wa malipo wa M-Pesa umefika hata hivyo, duka litaarifiwa kuhusu pesa hizo.",
  reviewHeading: "Tunakagua malipo yako",
  reviewText:
    "Huenda pesa zimetoka, lakini M-Pesa haijathibitisha inavyopaswa. Tafadhali usilipe tena. Duka limearifiwa na litalishughulikia.",
  reviewSteps: [
    "Kilichotokea: jibu la M-Pesa halikuwa wazi, au halikulingana na malipo haya.",
    "Kinachofuata: malipo yanalinganishwa na rekodi za M-Pesa. Ukurasa huu utaonyesha matokeo wenyewe.",
    (merchant) => `Cha kufanya: usilipe tena. Hifadhi ujumbe wako wa M-Pesa, na uliza ${merchant} kama una haraka.`,
  ],
  returnTo: (merchant) => `Rudi kwa ${merchant}`,

  returning: (merchant) => `Unarudi kwa ${merchant} baada ya`,
  stay: "Baki hapa",
  support: {
    heading: (merchant) => `Una swali? Uliza ${merchant}`,
    call: "Piga simu",
    whatsapp: "WhatsApp",
    email: "Barua pepe",
    quote: "Taja kumbukumbu hii",
    none: "Uliza pale ulipoagiza, au aliyekutumia kiungo.",
  },

  phoneWrong: "Hii si nambari ya simu ya mkononi ya Kenya. Iandike kama 0712 345 678.",
  phoneBusy: (phone, seconds) =>
    `Tayari kuna ombi kwenye ${phone}. Lijibu hapo, au subiri sekunde ${seconds} kabla ya kutuma lingine.`,
  limited: (minutes) =>
    `Simu hii imepata maombi mengi ya malipo. Ili kumlinda mwenye simu, ombi lingine linaweza kutumwa baada ya ${
      minutes === 1 ? "dakika moja" : `dakika ${minutes}`
    }. Unaweza kutumia simu nyingine, au kulipa kwa Paybill sasa.`,
  limitedCheckout: "Hakuna maombi zaidi yanayoweza kutumwa kwa malipo haya. Bado unaweza kulipa kwa Paybill.",
  overLimit:
    "Kwa malipo haya simu hii itapita kikomo cha M-Pesa cha siku. Lipa kwa simu nyingine, au baada ya saa sita usiku.",
  unavailable: "Hatukuweza kujua kama ombi limetumwa. Angalia simu yako kwanza; kama hakuna kitu, jaribu tena.",

  notFoundHeading: "Hakuna malipo hapa",
  notFoundText: "Kiungo si sahihi au hakijakamilika. Kifungue tena kutoka dukani, jinsi duka lilivyokupa.",
  errorHeading: "Kuna hitilafu upande wetu",
  errorText: "Tafadhali fungua ukurasa huu tena baada ya muda mfupi. Usilipe mara ya pili kabla hujauona.",

  link: {
    preview: (merchant) => `Lipa ${merchant} kwa M-Pesa`,
    amountLabel: "Kiasi kwa KES",
    amountHint: (most) => `Shilingi kamili, hadi ${most}`,
    amountWrong: (most) => `Andika idadi kamili ya shilingi, kuanzia 1 hadi ${most}.`,
    pay: "Lipa kwa M-Pesa",
    paidHeading: "Hii imeshalipwa",
    paidText: (merchant) =>
      `Kiungo hiki kilikuwa cha malipo moja, ambayo ${merchant} imepokea. Tafadhali usilipe tena. Kama unadaiwa kitu kingine, omba ${merchant} kiungo kipya.`,
    tooMany: (minutes) =>
      `Malipo mengi yameanzishwa kutoka hapa. Yanayofuata yanaweza kuanza baada ya ${
        minutes === 1 ? "dakika moja" : `dakika ${minutes}`
      }.`,
    busyHeading: "Malipo yanaendelea",
    busyText:
      "Kiungo hiki ni cha malipo moja, na ombi lake liko kwenye simu sasa hivi. Moja tu linaweza kulipwa, hivyo tafadhali subiri hadi liishe.",
    goOn: "Ni langu: endelea",
    expiredHeading: "Kiungo hiki kimekwisha",
    disabledHeading: "Kiungo hiki hakitumiki",
    overText: (merchant) => `Hakuna anayeweza kulipa kwacho tena. Omba ${merchant} kipya.`,
  },
  receiptPage: {
    heading: (merchant) => `Risiti ya ${merchant}`,
    from: "Kutoka",
    kraPin: "PIN ya KRA",
    total: "Imelipwa",
    partlyGivenBack: (amount) => `${amount} kati ya hizi zilirudishwa baadaye.`,
    givenBack: "Pesa zote zilirudishwa baadaye. Risiti hii si uthibitisho wa malipo tena.",
    takenBack: "M-Pesa ilirudisha pesa hizi. Risiti hii si uthibitisho wa malipo tena.",
    share: "Tuma kwa mwingine",
    save: "Hifadhi",
    open: "Risiti ya kutuma au kuhifadhi",
    signed: "Imesainiwa. Changanua msimbo ili kuhakikisha hakuna kilichobadilishwa.",
    codeLabel: "Msimbo wa QR wenye risiti iliyosainiwa",
    check: "Hakiki risiti hii",
    checkHeading: "Hakiki risiti",
    checkText:
      "Changanua msimbo wa risiti, au bandika maandishi yake hapa. Saini inahakikiwa kwenye kifaa hiki; kama pesa zilirudishwa baadaye, huduma hii inaulizwa.",
    checkLabel: "Maandishi au anwani ya risiti",
    checkButton: "Hakiki",
    good: "Risiti ni ya kweli: saini yake ni sahihi.",
    bad: "Hii si risiti ya huduma hii, au imebadilishwa.",
    paid: "Hakuna kilichorudishwa hadi sasa.",
    unknownNow: "Hakuna wa kuulizwa kama pesa zilirudishwa tangu wakati huo.",
    more: (count) => `Vitu ${count} havipo kwenye msimbo; risiti nzima inavitaja.`,
  },
  statement: {
    heading: "Akaunti",
    balance: "Salio",
    arrears: (amount) => `Bado hakijalipwa kufikia sasa: ${amount}`,
    howToPay: (paybill, account) =>
      `Kulipa: Lipa na M-Pesa, Pay Bill, namba ya biashara ${paybill}, akaunti ${account}`,
    print: "Chapisha",
    lines: "Kilichoingia na kilicholipwa",
    empty: "Hakuna kilichoingia bado.",
    older: (count) => `Hizi ni ${count} za karibuni. Omba za zamani.`,
    after: (balance) => `Salio ${balance}`,
    kinds: {
      received: "Imepokelewa",
      applied: "Imelipwa kutoka kwenye salio",
      released: "Imerudi kwenye salio",
      paid_checkout: "Imelipwa moja kwa moja",
      given_back: "Imerudishwa",
      taken_back: "Imerudishwa na M-Pesa",
    },
  },

  failures: failuresSw,
};
