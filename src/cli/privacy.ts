import { createVault } from "../crypto/vault.ts";
import { auditEntry } from "../db/trail.ts";
import { countOf, erasePerson } from "../domain/privacy/erase.ts";
import { exportPerson } from "../domain/privacy/export.ts";
import { findPerson, merchantsOf, type Person, underWay } from "../domain/privacy/person.ts";
import { kenyanMobile } from "../http/fields.ts";
import { command, CommandFailed, type Group, UsageError } from "./frame/command.ts";
import { runTask } from "./frame/main.ts";
import { type Stores, withStores } from "./frame/stores.ts";

const PHONE = { value: "PHONE", help: "the person's phone, in any usual spelling; required" } as const;
const MERCHANT = { value: "ID", help: "only what this merchant holds" } as const;
const BY = { value: "NAME", help: "who does it; required, and kept in the audit trail" } as const;

function phoneIn(text: string | undefined): string {
  const phone = text === undefined ? null : kenyanMobile(text);
  if (phone === null) throw new UsageError("Give a Kenyan mobile number with --phone.");
  return phone;
}

function nameIn(text = ""): string {
  if (text.trim() === "" || text.length > 64) throw new UsageError("Say who you are with --by (1 to 64 characters).");
  return text.trim();
}

/** Works on what is held about a phone. */
async function withPerson<T>(
  phone: string,
  merchant: string | undefined,
  work: (stores: Stores & { readonly vault: Awaited<ReturnType<typeof createVault>> }, person: Person) => Promise<T>,
): Promise<T> {
  return await withStores(async (stores) => {
    const { encryption, index } = stores.config.keys;
    const vault = await createVault(encryption, undefined, index);
    return await work({ ...stores, vault }, await findPerson({ db: stores.db, vault }, phone, merchant ?? null));
  });
}

const exported = command({
  summary: "prints what is held about a phone, one line of JSON for each thing",
  details: "The audit trail of each merchant concerned says who exported it.",
  options: { phone: PHONE, merchant: MERCHANT, by: BY },
  examples: ["--phone 0712345678 --by amina@duka.co.ke"],
  async run({ options, out }) {
    const phone = phoneIn(options.phone);
    const by = nameIn(options.by);
    await withPerson(phone, options.merchant, async ({ db, vault, clock }, person) => {
      const things = await exportPerson(vault, person);
      const subject = `person:${vault.index("phone", phone).toHex().slice(0, 16)}`;
      await db.write(
        merchantsOf(person).map((merchantId) =>
          auditEntry({ merchantId, actor: by, requestId: "cli", clock }, "person.exported", subject, {
            ...countOf(person),
          })
        ),
      );
      for (const thing of things) out.record(thing, JSON.stringify(thing));
      if (things.length === 0) out.say("Nothing is held about this phone.");
    });
  },
});

const erase = command({
  summary: "erases a person: says what it would do, and does it with --yes",
  details:
    "Overwrites phone, names and free text with the phone in it, and deletes the person's entries in the books of " +
    "payees, notes, M-Pesa's messages and events about the person. Amounts, receipts, times and the ledger stay. What " +
    "is under way has to end first, also a standing order.",
  options: {
    phone: PHONE,
    merchant: MERCHANT,
    by: BY,
    because: { value: "REASON", help: "why; required with --yes" },
    yes: { help: "does it; it can't be undone" },
  },
  examples: [
    "--phone 0712345678 --by amina@duka.co.ke",
    '--phone 0712345678 --by amina@duka.co.ke --because "asked on 1 December" --yes',
  ],
  async run({ options, out }) {
    const phone = phoneIn(options.phone);
    const by = nameIn(options.by);
    const because = options.because?.trim() ?? "";
    const isMeant = options.yes === true;
    if (isMeant && because === "") throw new UsageError("Say why with --because.");
    await withPerson(phone, options.merchant, async ({ db, vault, clock }, person) => {
      const counts = countOf(person);
      const blockers = underWay(person, clock.now());
      const what = Object.entries(counts).map(([name, count]) => `${count} ${name}`).join(", ");
      if (blockers.length > 0) {
        throw new CommandFailed(`Under way, so nothing can be erased yet: ${blockers.join(", ")}. Found: ${what}.`);
      }
      if (isMeant) await erasePerson({ db, vault, clock, by, because }, person);
      out.record(
        { erased: isMeant, ...counts },
        `${isMeant ? "Erased" : "Would erase (nothing was changed)"}: ${what}.`,
      );
      return 0;
    });
  },
});

/** `privacy`: what is held about a person. */
export const privacy: Group = {
  summary: "what is held about a person",
  commands: { export: exported, erase },
};

if (import.meta.main) await runTask(privacy, "deno task malipo privacy");
