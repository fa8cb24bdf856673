import type { Services } from "../context/context.ts";
import type { Statement } from "../db/database.ts";
import { insert } from "../db/query.ts";
import { clients, merchants, shortcodes } from "../db/schema.ts";
import { type Scope, scopes } from "../auth/scopes.ts";
import { hashSecret } from "../auth/tokens.ts";
import type { Credentials } from "../context/shortcode.ts";
import { placeOfCredentials, placeOfPullPhone } from "../domain/shortcodes/lookup.ts";
import { demoCertificatePem, demoShortcodes } from "../simulator/demo.ts";

const KEEP = "ON CONFLICT DO NOTHING";
const insertMerchant = insert(merchants, KEEP);
const insertClient = insert(clients, KEEP);
const insertShortcode = insert(shortcodes, KEEP);

export const demoMerchant = "mer_01kamcvd000000000000000001";
export const otherMerchant = "mer_01kamcvd000000000000000002";
/** The shortcodes whose C2B addresses development registers with the simulator. */
export const registered = [{ id: "sho_01kamcvd000000000000000001", number: "600000" }] as const;

const reads = scopes.filter((scope) => scope.endsWith(":read"));
const everything = scopes.filter((scope) => scope !== "payouts:approve" && scope !== "operator");

const people: readonly { merchant: string; id: string; secret: string; scopes: readonly Scope[] }[] = [
  { merchant: demoMerchant, id: "cli_demo", secret: "demo-secret", scopes: everything },
  {
    merchant: demoMerchant,
    id: "cli_approver",
    secret: "approver-secret",
    scopes: ["payouts:read", "payouts:approve"],
  },
  {
    merchant: demoMerchant,
    id: "cli_treasurer",
    secret: "treasurer-secret",
    scopes: ["payouts:read", "payouts:write", "payouts:approve"],
  },
  { merchant: demoMerchant, id: "cli_operator", secret: "operator-secret", scopes: [...reads, "operator"] },
  { merchant: otherMerchant, id: "cli_other", secret: "other-secret", scopes: everything },
];

const owned: readonly { id: string; merchant: string; number: string; isDefault: boolean }[] = [
  { id: registered[0].id, merchant: demoMerchant, number: "600000", isDefault: true },
  { id: "sho_01kamcvd000000000000000002", merchant: demoMerchant, number: "500000", isDefault: false },
  { id: "sho_01kamcvd000000000000000003", merchant: otherMerchant, number: "600001", isDefault: true },
];

/** Fills a development database with what design.md section 8 promises. Safe to run again. */
export async function seed({ db, vault, clock }: Pick<Services, "db" | "vault" | "clock">): Promise<void> {
  const now = clock.now();
  const statements: Statement[] = [
    insertMerchant({ id: demoMerchant, name: "demo", created_at: now }),
    insertMerchant({ id: otherMerchant, name: "other", created_at: now }),
  ];
  for (const { merchant, id, secret, scopes } of people) {
    const secret_hash = hashSecret(secret);
    statements.push(
      insertClient({
        id,
        merchant_id: merchant,
        name: id,
        secret_hash,
        scopes: [...scopes],
        status: "active",
        created_at: now,
        revoked_at: null,
      }),
    );
  }
  for (const { id, merchant, number, isDefault } of owned) {
    const known = demoShortcodes.find((shortcode) => shortcode.number === number);
    if (known === undefined) throw new Error(`the simulator has no shortcode ${number}`);
    const credentials: Credentials = {
      consumer_key: known.consumerKey,
      consumer_secret: known.consumerSecret,
      passkey: known.passkey,
      initiator_name: known.initiatorName,
      initiator_password: known.initiatorPassword,
      certificate: demoCertificatePem,
    };
    statements.push(insertShortcode({
      id,
      merchant_id: merchant,
      kind: known.kind,
      number,
      store_number: known.storeNumber ?? null,
      name: known.name ?? number,
      is_default: isDefault,
      credentials: await vault.seal(JSON.stringify(credentials), placeOfCredentials(id)),
      created_at: now,
      updated_at: now,
      validation: "accept_all",
      known_accounts: [],
      pull_phone: await vault.seal("254700000000", placeOfPullPhone(id)),
    }));
  }
  await db.write(statements);
}
