// Reads the file of payouts. It is checked as a whole before anything is paid.

const HEADER = "reference,phone_number,amount_kes";

/** Rows of `reference,phone_number,amount_kes`, without quotes, or what is wrong with them. */
export function readRows(text) {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const problems = [];
  if (lines[0] !== HEADER) problems.push(`line 1: must be ${HEADER}`);
  const rows = [];
  const seen = new Set();
  for (const [i, line] of lines.entries()) {
    if (i === 0 || line.trim() === "") continue;
    const [reference = "", phone = "", amount = "", ...more] = line.split(",").map((cell) => cell.trim());
    const refuse = (problem) => problems.push(`line ${i + 1}: ${problem}`);
    if (more.length > 0) refuse("has more than three columns");
    if (!/^[\w.-]{1,64}$/.test(reference)) refuse("the reference must be 1 to 64 letters, digits, . _ or -");
    if (seen.has(reference)) refuse(`the reference ${reference} is there twice`);
    if (!/^(\+?254|0)[17]\d{8}$/.test(phone)) refuse("the phone number is not a Kenyan mobile number");
    if (!/^[1-9]\d{0,6}$/.test(amount)) refuse("the amount must be whole shillings");
    seen.add(reference);
    rows.push({ reference, phone, shillings: Number(amount) });
  }
  if (rows.length === 0) problems.push("there is no row");
  return { rows, problems };
}
