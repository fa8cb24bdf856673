/** What two spellings of one account have in common: case, spaces and separators do not count. */
export const accountKey = (account: string): string => account.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
