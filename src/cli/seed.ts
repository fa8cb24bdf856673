import type { Services } from "../context/context.ts";
import type { Statement } from "../db/database.ts";
import { insert } from "../db/query.ts";
import { clients, merchants, merchantSettings, people, shortcodes } from "../db/schema.ts";
import type { Role } from "../auth/roles.ts";
import { sealClient } from "../auth/client-seals.ts";
import { type Scope, SCOPES } from "../auth/scopes.ts";
import { hashSecret } from "../auth/tokens.ts";
import type { Credentials } from "../context/shortcode.ts";
import { credentialsPlace, pullPhonePlace } from "../domain/shortcodes/lookup.ts";
import { newLink } from "../domain/people/links.ts";
import { type Identity, newPerson } from "../domain/people/store.ts";
import { DEMO_CERTIFICATE_PEM, demoShortcodes } from "../simulator/demo.ts";

const KEEP = "ON CONFLICT DO NOTHING";
const insertMerchant = insert(merchants, KEEP);
const insertClient = insert(clients, KEEP);
const insertShortcode = insert(shortcodes, KEEP);
const insertSettings = insert(merchantSettings, KEEP);
const insertPerson = insert(people, KEEP);
/** Somebody who starts the service in the morning may open the console in the evening. */
const DEMO_LINK_MS = 24 * 3_600_000;

export const DEMO_MERCHANT = "mer_01kamcvd000000000000000001";
export const OTHER_MERCHANT = "mer_01kamcvd000000000000000002";
/** The people who run the service. */
const SERVICE_MERCHANT = "mer_01kamcvd000000000000000003";
/** The shortcodes whose C2B addresses development registers with the simulator. */
export const registeredShortcodes = [{ id: "sho_01kamcvd000000000000000001", number: "600000" }] as const;

const READ_SCOPES = SCOPES.filter((scope) => scope.endsWith(":read"));
const NOT_SHOP: readonly Scope[] = ["payouts:approve", "audit:read", "operator", "platform"];
const SHOP_SCOPES = SCOPES.filter((scope) => !NOT_SHOP.includes(scope));

const demoClients: readonly { merchant: string; id: string; secret: string; scopes: readonly Scope[] }[] = [
  { merchant: DEMO_MERCHANT, id: "cli_demo", secret: "demo-secret", scopes: SHOP_SCOPES },
  {
    merchant: DEMO_MERCHANT,
    id: "cli_approver",
    secret: "approver-secret",
    scopes: ["payouts:read", "payouts:approve"],
  },
  {
    merchant: DEMO_MERCHANT,
    id: "cli_treasurer",
    secret: "treasurer-secret",
    scopes: ["payouts:read", "payouts:write", "payouts:approve"],
  },
  { merchant: DEMO_MERCHANT, id: "cli_operator", secret: "operator-secret", scopes: [...READ_SCOPES, "operator"] },
  { merchant: OTHER_MERCHANT, id: "cli_other", secret: "other-secret", scopes: SHOP_SCOPES },
  { merchant: SERVICE_MERCHANT, id: "cli_platform", secret: "platform-secret", scopes: [...READ_SCOPES, "platform"] },
];

/** The secrets of the clients of development, by their ids. They are public. */
export const demoSecrets: ReadonlyMap<string, string> = new Map(demoClients.map(({ id, secret }) => [id, secret]));

/** The people of development. Each signs in by a one-time link that `deno task dev` prints. */
export const demoPeople: readonly (Identity & { merchant: string; id: string; role: Role })[] = [
  {
    merchant: DEMO_MERCHANT,
    id: "per_01kamcvd000000000000000001",
    email: "finance@demo.test",
    name: "Faith Wanjiru",
    role: "finance",
  },
  {
    merchant: DEMO_MERCHANT,
    id: "per_01kamcvd000000000000000002",
    email: "approver@demo.test",
    name: "Amina Otieno",
    role: "approver",
  },
  {
    merchant: DEMO_MERCHANT,
    id: "per_01kamcvd000000000000000003",
    email: "admin@demo.test",
    name: "Joseph Mwangi",
    role: "admin",
  },
  {
    merchant: SERVICE_MERCHANT,
    id: "per_01kamcvd000000000000000004",
    email: "platform@malipo.test",
    name: "Grace Njeri",
    role: "platform",
  },
];

const demoRows: readonly { id: string; merchant: string; number: string; isDefault: boolean }[] = [
  { id: registeredShortcodes[0].id, merchant: DEMO_MERCHANT, number: "600000", isDefault: true },
  { id: "sho_01kamcvd000000000000000002", merchant: DEMO_MERCHANT, number: "500000", isDefault: false },
  { id: "sho_01kamcvd000000000000000003", merchant: OTHER_MERCHANT, number: "600001", isDefault: true },
];

/** Fills a development database with the merchants and clients of design.md section 8. It can be run again. */
export async function seed({ db, vault, clock }: Pick<Services, "db" | "vault" | "clock">): Promise<void> {
  const now = clock.now();
  const statements: Statement[] = [
    ...[[DEMO_MERCHANT, "demo"], [OTHER_MERCHANT, "other"], [SERVICE_MERCHANT, "malipo"]].map(([id = "", name = ""]) =>
      insertMerchant({ id, name, created_at: now, version: 1, status: "active", disabled_at: null })
    ),
    insertSettings({
      merchant_id: DEMO_MERCHANT,
      rules: {},
      brand: { display_name: "Demo Shop" },
      version: 1,
      created_at: now,
      updated_at: now,
    }),
  ];
  for (const { merchant, id, secret, scopes } of demoClients) {
    const secret_hash = hashSecret(secret);
    statements.push(
      insertClient(
        await sealClient(vault, {
          id,
          merchant_id: merchant,
          name: id,
          secret_hash,
          scopes: [...scopes],
          status: "active",
          created_at: now,
          revoked_at: null,
          version: 1,
          epoch: 0,
          parent_id: null,
          owner_id: null,
          previous_secret_hash: null,
          previous_secret_until: null,
          last_used_at: null,
          access: null,
          access_seal: null,
          row_seal: null,
        }),
      ),
    );
  }
  for (const { id, merchant, number, isDefault } of demoRows) {
    const known = demoShortcodes.find((shortcode) => shortcode.number === number);
    if (known === undefined) throw new Error(`the simulator has no shortcode ${number}`);
    const credentials: Credentials = {
      consumer_key: known.consumerKey,
      consumer_secret: known.consumerSecret,
      passkey: known.passkey,
      initiator_name: known.initiatorName,
      initiator_password: known.initiatorPassword,
      certificate: DEMO_CERTIFICATE_PEM,
    };
    statements.push(insertShortcode({
      id,
      merchant_id: merchant,
      kind: known.kind,
      number,
      store_number: known.storeNumber ?? null,
      name: known.name ?? number,
      is_default: isDefault,
      credentials: await vault.seal(JSON.stringify(credentials), credentialsPlace(id)),
      created_at: now,
      updated_at: now,
      version: 1,
      proven_at: now,
      url_number: 1,
      urls_revoked: 0,
      validation: "accept_all",
      known_accounts: [],
      name_check: false,
      store: null,
      tariff: null,
      pull_phone: await vault.seal("254700000000", pullPhonePlace(id)),
    }));
  }
  for (const { merchant, id, role, ...identity } of demoPeople) {
    const author = { vault, clock, merchantId: merchant, actor: "cli" };
    statements.push(insertPerson(await newPerson(author, identity, [role], id)));
  }
  await db.write(statements);
}

/** Fresh one-time links for the people of development: their e-mails and the paths of their links. */
export async function demoLinks(
  { db, clock }: Pick<Services, "db" | "clock">,
): Promise<readonly { readonly email: string; readonly role: Role; readonly path: string }[]> {
  const made = demoPeople.map(({ id, email, role }) => {
    const { path, statement } = newLink({ clock, actor: "cli" }, id, DEMO_LINK_MS);
    return { email, role, path, statement };
  });
  await db.write(made.map(({ statement }) => statement));
  return made.map(({ email, role, path }) => ({ email, role, path }));
}
