import { fromUUID } from "typeid-js";
import type { Api } from "./api.ts";
import { isTill, type PlaceIndex } from "./history.ts";
import { type Merchant, type Place, placesNeeded, type Truth } from "./truth.ts";

const EVERY_SCOPE = [
  ..."checkouts:read checkouts:write payments:read payments:write payouts:read payouts:write".split(" "),
  ..."accounts:read accounts:write refunds:read refunds:write balances:read shortcodes:read shortcodes:write webhooks:read webhooks:write ledger:read operator"
    .split(
      " ",
    ),
];
const APPROVER_SCOPES = ["payouts:read", "payouts:approve", "operator"];
/** The app that all of the model's shortcodes belong to; its calls are answered by the model. */
export const MODEL_APP = "model-consumer-key";

/** Makes two merchants that no other history uses, with the paybills and tills that this one needs. */
export async function setUp(api: Api, truth: Truth): Promise<void> {
  const merchants = { X: newMerchant("X"), Y: newMerchant("Y") };
  const { world } = api;
  const client = (id: string, merchant: string, scopes: readonly string[]) => ({
    sql: "INSERT INTO clients (id, merchant_id, name, secret_hash, scopes, status, created_at, revoked_at) " +
      "SELECT ?, ?, 'model', secret_hash, ?, 'active', created_at, NULL FROM clients WHERE id = 'cli_demo'",
    args: [id, merchant, JSON.stringify(scopes)],
  });
  await world.write(
    Object.values(merchants).flatMap(({ id, client: own, approver }) => [
      { sql: "INSERT INTO merchants (id, name, created_at) VALUES (?, 'model', ?)", args: [id, world.now()] },
      client(own, id, EVERY_SCOPE),
      client(approver, id, APPROVER_SCOPES),
    ]),
  );
  for (const index of placesNeeded(truth.history)) {
    truth.places.push(await newPlace(api, truth, index, index < 2 ? merchants.X : merchants.Y));
  }
}

const newId = (prefix: string): string => fromUUID(crypto.randomUUID(), prefix);

const newMerchant = (name: "X" | "Y"): Merchant => ({
  name,
  id: newId("mer"),
  client: newId("cli"),
  approver: newId("cli"),
});

async function newPlace(api: Api, truth: Truth, index: PlaceIndex, merchant: Merchant): Promise<Place> {
  const number = String(1_000_000 + truth.serial * 8 + index * 2);
  const store = isTill(index) ? String(Number(number) + 1) : null;
  const { status, body } = await api.call(merchant.client, "POST", "/v1/shortcodes", {
    kind: store === null ? "paybill" : "till",
    number,
    ...(store === null ? {} : { store_number: store }),
    name: "Model",
    consumer_key: MODEL_APP,
    consumer_secret: "model-consumer-secret",
    passkey: "model-passkey",
    initiator_name: "model",
    security_credential: "A".repeat(344),
  });
  if (status !== 201) throw new Error(`no shortcode: ${status} ${JSON.stringify(body)}`);
  return { index, merchant, number, api: store ?? number, id: body.id };
}
