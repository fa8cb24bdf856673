const FIRST_NAMES = ["WANJIRU", "OTIENO", "AMINA", "KIPCHOGE", "NJERI", "MUTUA", "ACHIENG", "HASSAN"];
const MIDDLE_NAMES = ["GRACE", "PETER", "FATUMA", "JOHN", "MERCY", "DAVID", "ROSE", "ALI"];
const LAST_NAMES = ["KAMAU", "ODHIAMBO", "MOHAMED", "CHERONO", "MWANGI", "MUSYOKA", "OKOTH", "ABDI"];

/** An invented customer for a number, always the same one. */
export function nameOf(phone: string): { first: string; middle: string; last: string } {
  const digits = Number(phone.slice(-3)) || 0;
  return {
    first: FIRST_NAMES[digits % 8] ?? "",
    middle: MIDDLE_NAMES[Math.floor(digits / 8) % 8] ?? "",
    last: LAST_NAMES[Math.floor(digits / 64) % 8] ?? "",
  };
}

/** `254705912645 - NICHOLAS JOHN SONGOK` */
export function publicNameOf(phone: string): string {
  const name = nameOf(phone);
  return `${phone} - ${name.first} ${name.middle} ${name.last}`;
}
