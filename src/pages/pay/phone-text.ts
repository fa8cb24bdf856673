import type { Services } from "../../context/context.ts";
import { VaultError } from "../../crypto/vault.ts";
import type { Attempt } from "../../domain/checkouts/machine.ts";

/** `0712 ••• 678`: what its owner recognises, of a phone of 12 digits. */
export const shownPhone = (digits: string): string => `0${digits.slice(3, 6)} ••• ${digits.slice(-3)}`;

/** The same of a phone that is known only as `2547•••••678`. */
const shownMasked = (masked: string): string => `0${masked.slice(3, 4)}•• ••• ${masked.slice(-3)}`;

/** The phones of the attempts as the page shows them. Where a key was lost, less of them is shown. */
export async function shownPhones(
  { vault }: Pick<Services, "vault">,
  attempts: readonly Attempt[],
): Promise<ReadonlyMap<string, string>> {
  const shown = attempts.map(async ({ id, phone, phone_masked }) => {
    try {
      return [id, shownPhone(await vault.openText(phone, { table: "attempts", column: "phone", row: id }))] as const;
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      return [id, shownMasked(phone_masked)] as const;
    }
  });
  return new Map(await Promise.all(shown));
}
