import { isScope, type Scope, SCOPES } from "../auth/scopes.ts";
import type { Database } from "../db/database.ts";
import { first, rows } from "../db/query.ts";
import { auditEntry } from "../db/trail.ts";
import { adoption, ClientSeals } from "../auth/client-seals.ts";
import {
  allClients,
  type ClientRow,
  newClient,
  revocation,
  selectClient,
  storeChange,
} from "../domain/merchants/client-rows.ts";
import { selectMerchant } from "../domain/merchants/merchant-rows.ts";
import { command, CommandFailed, type Group, UsageError } from "./frame/command.ts";
import { atDesk, type Desk } from "./frame/desk.ts";
import { runTask } from "./frame/main.ts";

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
    const made = await atDesk(async (desk) => {
      const merchantId = await merchantIn(desk.db, id);
      const { row, secret, statements } = await newClient({ ...desk, merchantId }, { name, scopes });
      await desk.db.write(statements);
      return { merchant: merchantId, client_id: row.id, client_secret: secret, scopes };
    });
    out.table([made]);
  },
});

const list = command({
  summary: "lists the clients of a merchant",
  words: ["MERCHANT"],
  async run({ words: [id], out }) {
    const found = await atDesk(async (desk) => {
      const [all] = await rows(desk.db, allClients(await merchantIn(desk.db, id)));
      const seals = sealsOf(desk);
      return await Promise.all(all.map(async (row) => summaryOf(row, await seals.isWhole(row))));
    });
    out.table(found, "It has no client.");
  },
});

const summaryOf = ({ id, name, status, scopes, access, row_seal }: ClientRow, isWhole: boolean) => ({
  id,
  name,
  status,
  scopes,
  access: access === null ? "open" : "restricted",
  seal: isWhole ? "whole" : row_seal === null ? "missing" : "altered",
});

const sealsOf = (desk: Desk): ClientSeals =>
  new ClientSeals({ ...desk, log: { write: () => {} }, policy: desk.config.auth.clientSeals });

async function clientIn({ db }: Desk, id: string | undefined): Promise<ClientRow> {
  const found = id === undefined ? null : await first(db, selectClient(id));
  if (found !== null) return found;
  throw new UsageError(`There is no client ${id}; \`clients list MERCHANT\` shows them.`);
}

const revoke = command({
  summary: "refuses a client from now on",
  words: ["CLIENT"],
  async run({ words: [id], out }) {
    const row = await atDesk(async (desk) => {
      const found = await clientIn(desk, id);
      if (found.status !== "revoked") await desk.db.write((await revocation(desk, found)).statements);
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
    const row = await atDesk(async (desk) => {
      const found = await clientIn(desk, id);
      if (!await sealsOf(desk).isGenuine(found)) {
        throw new CommandFailed(
          `${found.id} was changed past this service. Look at it, and \`clients adopt\` it first.`,
        );
      }
      const after = { ...found, access: null, access_seal: null, epoch: found.epoch + 1, version: found.version + 1 };
      const entry = auditEntry({ ...desk, merchantId: found.merchant_id }, "client.updated", found.id, {
        access: "open",
      });
      await desk.db.write([...await storeChange(desk.vault, after, found), entry]);
      return found;
    });
    out.table([{ id: row.id, name: row.name, access: "open" }]);
  },
});

const adopt = command({
  summary: "takes a client as it stands in the database, and seals it",
  details: "For a client that `list` shows as missing or altered, after you have compared it with the audit trail:\n" +
    "whoever wrote it into the database knows its secret. Restart, or wait 5 s, until every process knows.",
  words: ["CLIENT"],
  async run({ words: [id], out }) {
    const row = await atDesk(async (desk) => {
      const found = await clientIn(desk, id);
      await desk.db.write(await adoption(desk, found, "cli"));
      return found;
    });
    out.table([{ id: row.id, name: row.name, status: row.status, scopes: row.scopes }]);
  },
});

/** `clients`: the clients of a merchant, and the only way to a client with the scope `platform`. */
export const clients: Group = {
  summary: "the clients of a merchant: programs that call the API",
  details:
    `No other client has made a client that is made here, so it may approve what the merchant's other clients have created.
The scope platform reaches every merchant: give it to the people who run this service, and to nobody else.`,
  commands: { create, list, open, revoke, adopt },
  examples: ["create mer_01kamcvd000000000000000001 approvals payouts:read payouts:approve"],
};

if (import.meta.main) await runTask(clients, "deno task clients");
