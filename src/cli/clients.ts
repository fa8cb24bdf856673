import { isScope, type Scope, SCOPES } from "../auth/scopes.ts";
import type { Database } from "../db/database.ts";
import { first, rows } from "../db/query.ts";
import { auditEntry } from "../db/trail.ts";
import {
  allClients,
  type ClientRow,
  newClient,
  revocation,
  selectClient,
  storeChange,
} from "../domain/merchants/client-rows.ts";
import { selectMerchant } from "../domain/merchants/merchant-rows.ts";
import { systemClock } from "../platform/deno.ts";
import { command, type Group, UsageError } from "./frame/command.ts";
import { withDatabase } from "./frame/database.ts";
import { runTask } from "./frame/main.ts";

const author = { actor: "cli", requestId: "cli", clock: systemClock };

async function merchantIn(db: Database, id: string | undefined): Promise<string> {
  if (id !== undefined && await first(db, selectMerchant(id)) !== null) return id;
  throw new UsageError(`There is no merchant ${id}; \`merchants list\` shows them.`);
}

function scopesIn(words: readonly string[]): readonly Scope[] {
  const wrong = words.filter((scope) => !isScope(scope));
  if (wrong.length > 0) throw new UsageError(`There is no scope ${wrong.join(" ")}.`);
  return [...new Set(words.filter(isScope))];
}

const create = command({
  summary: "makes a client, and prints its secret, only now",
  details: `Scopes: ${SCOPES.join(" ")}`,
  words: ["MERCHANT", "NAME", "SCOPE..."],
  examples: ["mer_01kamcvd000000000000000001 approvals payouts:read payouts:approve"],
  async run({ words: [id, name = "", ...words], out }) {
    if (name === "" || name.length > 100) throw new UsageError("The name has 1 to 100 characters.");
    const scopes = scopesIn(words);
    const made = await withDatabase(async (db) => {
      const merchantId = await merchantIn(db, id);
      const { row, secret, statements } = newClient({ ...author, merchantId }, { name, scopes });
      await db.write(statements);
      return { merchant: merchantId, client_id: row.id, client_secret: secret, scopes };
    });
    out.table([made]);
  },
});

const list = command({
  summary: "lists the clients of a merchant",
  words: ["MERCHANT"],
  async run({ words: [id], out }) {
    const [found] = await withDatabase(async (db) => rows(db, allClients(await merchantIn(db, id))));
    out.table(found.map(summaryOf), "It has no client.");
  },
});

const summaryOf = ({ id, name, status, scopes, access }: ClientRow) => ({
  id,
  name,
  status,
  scopes,
  access: access === null ? "open" : "restricted",
});

const revoke = command({
  summary: "refuses a client from now on",
  words: ["CLIENT"],
  async run({ words: [id], out }) {
    const row = await withDatabase(async (db) => {
      const found = id === undefined ? null : await first(db, selectClient(id));
      if (found === null) throw new UsageError(`There is no client ${id}; \`clients list MERCHANT\` shows them.`);
      if (found.status !== "revoked") await db.write(revocation(author, found).statements);
      return found;
    });
    out.table([{ id: row.id, name: row.name, status: "revoked" }]);
  },
});

const open = command({
  summary: "lets a client use its secret again, from anywhere",
  details: "Removes what `access` of PATCH /v1/clients says: keys, DPoP, signatures and addresses. Its tokens end.\n" +
    "For people who have locked themselves out.",
  words: ["CLIENT"],
  async run({ words: [id], out }) {
    const row = await withDatabase(async (db) => {
      const found = id === undefined ? null : await first(db, selectClient(id));
      if (found === null) throw new UsageError(`There is no client ${id}; \`clients list MERCHANT\` shows them.`);
      const after = { ...found, access: null, access_seal: null, epoch: found.epoch + 1, version: found.version + 1 };
      const entry = auditEntry({ ...author, merchantId: found.merchant_id }, "client.updated", found.id, {
        access: "open",
      });
      await db.write([...storeChange(after, found), entry]);
      return found;
    });
    out.table([{ id: row.id, name: row.name, access: "open" }]);
  },
});

/** `clients`: the clients of a merchant, and the only way to a client with the scope `platform`. */
export const clients: Group = {
  summary: "the clients of a merchant: programs that call the API",
  details:
    `No other client has made a client that is made here, so it may approve what the merchant's other clients have created.
The scope platform reaches every merchant: give it to the people who run this service, and to nobody else.`,
  commands: { create, list, open, revoke },
  examples: ["create mer_01kamcvd000000000000000001 approvals payouts:read payouts:approve"],
};

if (import.meta.main) await runTask(clients, "deno task clients");
