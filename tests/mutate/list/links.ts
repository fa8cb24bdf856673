import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "links";
const links = ["tests/pages/link_test.ts"];
const receipts = ["tests/pages/receipt_test.ts"];
const brand = ["tests/domain/merchants/brand_test.ts"];

/** Faults in payment links, receipts and brands: a link that is paid twice, a receipt that lies, a logo that runs. */
export const linksAndReceipts: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/domain/payment-links/start-checkout.ts", tests: links }, [
    ["...reusable ? [] : [statement(HAS_CURRENT, id)],", "", "two who pay at once both get a prompt"],
    ["if (started !== null) return { checkout: started };", "", "a form that is sent twice is paid twice"],
    [
      "if (current?.amount === amount) return",
      "if (current !== null) return",
      "a payer is prompted for another's amount",
    ],
    [
      'if (current?.mayBePaid === true) return { stage: "busy" };',
      "",
      "an amount is asked twice while one may be paid",
    ],
    ['isDisabled === true ? "disabled" : ', "", "a disabled merchant takes money by a link"],
  ]),
  ...mutationsOf({ area, file: "src/domain/payment-links/view.ts", tests: links }, [
    ["!link.reusable && timesPaid > 0", "timesPaid > 99", "a link for one payment is paid again"],
    ["now >= link.expires_at", "now < link.expires_at", "a link that has ended takes money"],
  ]),
  ...mutationsOf({ area, file: "src/pages/link/routes.ts", tests: links }, [
    ["if (open === null) countRequest(c, wrongCodes, address);", "", "codes can be tried without end"],
    [
      "return cents > 0 && cents <= most ? cents : null;",
      "return cents;",
      "nothing, or more than M-Pesa takes, is asked",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/receipts/signer.ts", tests: receipts }, [
    ["algorithms: [ALGORITHM], typ: TYPE, issuer", "algorithms: [ALGORITHM], issuer", "an access token is a receipt"],
  ]),
  ...mutationsOf({ area, file: "src/domain/receipts/read-receipt.ts", tests: receipts }, [
    ["Math.min(amount, amount_refunded + amount_taken_back)", "0", "a receipt hides that the money went back"],
    [
      'return back >= amount ? "given_back" : "partly_given_back";',
      'return "paid";',
      "a refund is not told",
    ],
    ['source === "inferred" ? null : receipt', "receipt", "a receipt that may be another customer's is signed"],
  ]),
  ...mutationsOf({ area, file: "src/lib/svg.ts", tests: ["tests/lib/svg_test.ts", ...brand] }, [
    ["if (!ELEMENTS.has(name)) continue;", "", "a logo brings a script"],
    ["ATTRIBUTES.has(name) ? valueOf(value.trim()) : null", "valueOf(value.trim())", "a logo brings a handler"],
    ["LOCAL_HREF.test(value) ? value : null", "value", "a logo loads from elsewhere"],
  ]),
];
