/** Why money that a completed row pays in is not a payment to the shortcode. */
export type OwnMoney = "own_transfer" | "reversal" | "charge";

/** The accounts of one shortcode at M-Pesa (daraja.md section 10). */
const ACCOUNT =
  "(?:organi[sz]ation settlement|utility|working|mmf|m-?pesa|merchant|float|charges? paid|loyalty)(?: account)?";
const OWN_TRANSFER = new RegExp(
  `^(?:(?:business|funds?|internal) )?(?:transfer )?(?:of funds )?(?:from )?${ACCOUNT} to ${ACCOUNT}(?: transfer)?$` +
    "|^organi[sz]ation settlement(?: account)?(?: transfer)?$",
);
const CHARGE = /^(?:[a-z0-9]+ )*charges?$/;
const REVERSAL = /^(?:[a-z0-9]+ )*reversal$/;
const REVERSAL_IN_DETAILS = new RegExp(
  "^(?:(?:online|transaction|customer|merchant|business|salary|promotion|organi[sz]ation|b2c|c2b|b2b|pay ?bill|" +
    "buy ?goods|payment|pay) )*reversal(?: of .*| by .*| - .*)?$",
);

/**
 * Whether money that was paid in did not come from outside: a transfer between accounts of the shortcode, money that had
 * gone out and came back, or a charge. Only M-Pesa's own name of the kind decides, as a whole; the words of an account, a
 * payer or a remark never do. An unknown kind is money from outside. `reasonType` and `details` are cells, `otherParty`
 * the other side of the transfer, `own` the shortcode's numbers.
 */
export function ownMoneyOf(
  { reasonType, details, otherParty }: {
    readonly reasonType: string;
    readonly details: string;
    readonly otherParty: string;
  },
  own: readonly string[],
): OwnMoney | null {
  const party = /^\s*(\d{5,8})\b/.exec(otherParty)?.[1];
  if (party !== undefined && own.includes(party)) return "own_transfer";
  const kind = spaced(reasonType);
  if (kind !== "") {
    if (OWN_TRANSFER.test(kind)) return "own_transfer";
    if (REVERSAL.test(kind)) return "reversal";
    return CHARGE.test(kind) ? "charge" : null;
  }
  const said = spaced(details);
  if (OWN_TRANSFER.test(said)) return "own_transfer";
  return REVERSAL_IN_DETAILS.test(said) ? "reversal" : null;
}

const spaced = (text: string): string => text.trim().toLowerCase().replaceAll(/\s+/g, " ");
