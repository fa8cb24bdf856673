/** A payment to write into a statement. `amount` in cents, `at` in ms. */
export interface PaidRow {
  readonly receipt: string;
  readonly at: number;
  readonly amount: number;
  readonly account: string;
}

const HEADER = [
  "Receipt No.",
  "Completion Time",
  "Initiation Time",
  "Details",
  "Transaction Status",
  "Paid In",
  "Withdrawn",
  "Balance",
  "Balance Confirmed",
  "Reason Type",
  "Other Party Info",
  "Linked Transaction ID",
  "A/C No.",
];

export const separators = [",", ";", "\t", "|"] as const;

/** Rows that are no payments, as cells. */
export const noiseRows: readonly (readonly string[])[] = [
  [
    "UKN0000AAA",
    "20-11-2026 08:00:00",
    "",
    "Pay Bill Charge",
    "Completed",
    "",
    "-25.00",
    "1.00",
    "true",
    "Pay Bill Charge",
  ],
  [
    "UKN0000AAB",
    "20-11-2026 08:00:00",
    "",
    "Pay Bill from X Acc. Y",
    "Failed",
    "900.00",
    "",
    "1.00",
    "true",
    "Pay Bill Online",
  ],
  [
    "UKN0000AAC",
    "20-11-2026 08:00:00",
    "",
    "",
    "Completed",
    "900.00",
    "",
    "",
    "",
    "Utility Account to Merchant Account",
  ],
  ["UKN0000AAD", "20-11-2026 08:00:00", "", "", "Completed", "900.00", "-", "", "", "B2C Reversal"],
  ["UKN0000AAE", "20-11-2026 08:00:00", "", "", "Completed", "-", "-900.00", "", "", "Business Payment"],
  ["UKN0000AAF", "soon", "", "", "Completed", "900.00", "", "", "", "Pay Bill Online"],
  ["UKN0000AAG", "20-11-2026 08:00:00", "", "", "Completed", "many", "", "", "", "Pay Bill Online"],
  ["Total", "", "", "", "", "KES 1,500.00", "", "", "", ""],
  ["Closing Balance", "", "", "", "", "1,500.00", "", "", "", ""],
];

/** A statement's text: some lines about the account, the header, and the rows, with `noise` put in at those places. */
export function statementFile(
  paid: readonly PaidRow[],
  { separator, noise = [] }: {
    readonly separator: string;
    readonly noise?: readonly (readonly [number, readonly string[]])[];
  },
): string {
  const rows: (readonly string[])[] = paid.map(rowOf);
  for (const [at, cells] of noise) rows.splice(at % (rows.length + 1), 0, cells);
  const quoted = (cell: string) =>
    new RegExp(`["\n${separator}]`).test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  return [HEADER, ...rows].map((cells) => cells.map(quoted).join(separator)).join("\r\n");
}

function rowOf({ receipt, at, amount, account }: PaidRow): string[] {
  const nairobi = new Date(at + 3 * 3_600_000).toISOString();
  const time = `${nairobi.slice(0, 10).split("-").toReversed().join("-")} ${nairobi.slice(11, 19)}`;
  const details = `Pay Bill from 2547******78 - JANE ${account}`;
  return [
    receipt,
    time,
    time,
    details,
    "Completed",
    (amount / 100).toFixed(2),
    "",
    "",
    "true",
    "Pay Utility",
    "",
    "",
    account,
  ];
}

const utf16 = (text: string, isLittle: boolean, hasMark: boolean): Uint8Array => {
  const marked = hasMark ? `\ufeff${text}` : text;
  const view = new DataView(new ArrayBuffer(marked.length * 2));
  for (let i = 0; i < marked.length; i++) view.setUint16(i * 2, marked.charCodeAt(i), isLittle);
  return new Uint8Array(view.buffer);
};

/** The encodings of a text file. */
export const encoders: Readonly<Record<string, (text: string) => Uint8Array>> = {
  "UTF-8": (text) => new TextEncoder().encode(text),
  "UTF-8 with a mark": (text) => new TextEncoder().encode(`\ufeff${text}`),
  "UTF-16 (little end first)": (text) => utf16(text, true, true),
  "UTF-16 (big end first)": (text) => utf16(text, false, true),
  "UTF-16 without a mark": (text) => utf16(text, true, false),
  "Windows-1252": (text) => Uint8Array.from(text, (char) => char.charCodeAt(0)),
};
