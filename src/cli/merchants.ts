import type { Database } from "../db/database.ts";
import { first, rows } from "../db/query.ts";
import { allMerchants, changedMerchant, newMerchant, selectMerchant } from "../domain/merchants/merchant-rows.ts";
import { systemClock } from "../platform/deno.ts";
import { command, type Group, UsageError } from "./frame/command.ts";
import { withDatabase } from "./frame/database.ts";
import { atDesk } from "./frame/desk.ts";
import { runTask } from "./frame/main.ts";

const author = { actor: "cli", requestId: "cli", clock: systemClock };

function nameIn(words: readonly string[]): string {
  const name = words.join(" ").trim();
  if (name === "" || name.length > 100) throw new UsageError("The name has 1 to 100 characters.");
  return name;
}

const create = command({
  summary: "makes a merchant with its first client, and prints the client's secret, only now",
  words: ["NAME..."],
  examples: ["Duka la Mama"],
  async run({ words, out }) {
    const name = nameIn(words);
    const { row, client } = await atDesk(async (desk) => {
      const made = await newMerchant(desk, name);
      await desk.db.write(made.statements);
      return made;
    });
    out.table([{ merchant: row.id, client_id: client.id, client_secret: client.secret }]);
  },
});

const list = command({
  summary: "lists the merchants",
  async run({ out }) {
    const [found] = await withDatabase((db) => rows(db, allMerchants()));
    out.table(found.map(({ id, name, status }) => ({ id, name, status })), "There is no merchant yet.");
  },
});

interface Change {
  readonly name?: string;
  readonly status?: "active" | "disabled";
}

async function change(db: Database, id: string | undefined, to: Change) {
  const before = id === undefined ? null : await first(db, selectMerchant(id));
  if (before === null) throw new UsageError(`There is no merchant ${id}; \`merchants list\` shows them.`);
  const { after, statements } = changedMerchant(author, before, to);
  if (statements.length > 0) await db.write(statements);
  return { id: before.id, name: after.name, status: after.status };
}

const rename = command({
  summary: "gives a merchant another name",
  words: ["ID", "NAME..."],
  async run({ words: [id, ...words], out }) {
    const name = nameIn(words);
    out.table([await withDatabase((db) => change(db, id, { name }))]);
  },
});

const turn = (status: "active" | "disabled", summary: string) =>
  command({
    summary,
    words: ["ID"],
    run: async ({ words: [id], out }) => out.table([await withDatabase((db) => change(db, id, { status }))]),
  });

/** `merchants`: the merchants of this service. */
export const merchants: Group = {
  summary: "the merchants of this service",
  details: "It writes to the database of DATABASE_URL, and leaves a line in the audit trail.",
  commands: {
    create,
    list,
    rename,
    disable: turn(
      "disabled",
      "refuses the merchant's clients (within 5 s) and stops its money from leaving; what arrives is recorded",
    ),
    enable: turn("active", "lets a disabled merchant work again"),
  },
  examples: ["create Duka la Mama"],
};

if (import.meta.main) await runTask(merchants, "deno task merchants");
