import { DatabaseUnavailable } from "../db/database.ts";
import type { Database } from "../db/database.ts";
import { openDatabase } from "../db/open.ts";
import { first, rows } from "../db/query.ts";
import { allMerchants, changedMerchant, newMerchant, selectMerchant } from "../domain/merchants/merchant-rows.ts";
import { systemClock } from "../platform/deno.ts";

/** `deno task merchants`: the merchants of this service. It prints JSON, one line for each merchant. */

const USAGE = `deno task merchants create NAME
deno task merchants list
deno task merchants rename ID NAME
deno task merchants disable ID
deno task merchants enable ID

create   makes a merchant with its first client, and prints the client's secret, only now. The name has 1 to 100 characters.
disable  refuses the merchant's clients (within 5 seconds) and stops its money from leaving. Money that arrives is recorded.

Example: deno task merchants create Duka la Mama`;

/** A wrong use of the command: exit code 2. */
class UsageError extends Error {}

const author = { actor: "cli", requestId: "cli", clock: systemClock };
const print = (value: unknown) => console.log(JSON.stringify(value));

function nameIn(words: readonly string[]): string {
  const flag = words.find((word) => word.startsWith("-"));
  if (flag !== undefined) throw new UsageError(`There is no flag ${flag}.`);
  const name = words.join(" ").trim();
  if (name === "" || name.length > 100) throw new UsageError("The name has 1 to 100 characters.");
  return name;
}

async function create(db: Database, words: readonly string[]): Promise<void> {
  const { row, client, statements } = newMerchant(author, nameIn(words));
  await db.write(statements);
  print({ merchant: row.id, client_id: client.id, client_secret: client.secret });
}

async function list(db: Database): Promise<void> {
  const [found] = await rows(db, allMerchants());
  for (const { id, name, status } of found) print({ id, name, status });
}

async function change(
  db: Database,
  id: string | undefined,
  to: { readonly name?: string; readonly status?: "active" | "disabled" },
): Promise<void> {
  if (id === undefined) throw new UsageError("Name the merchant by its id; `list` shows them.");
  const before = await first(db, selectMerchant(id));
  if (before === null) throw new UsageError(`There is no merchant ${id}; \`list\` shows them.`);
  const { after, statements } = changedMerchant(author, before, to);
  if (statements.length > 0) await db.write(statements);
  print({ id, name: after.name, status: after.status });
}

const verbs: Readonly<Record<string, (db: Database, words: readonly string[]) => Promise<void>>> = {
  create,
  list,
  rename: (db, [id, ...words]) => change(db, id, { name: nameIn(words) }),
  disable: (db, [id]) => change(db, id, { status: "disabled" }),
  enable: (db, [id]) => change(db, id, { status: "active" }),
};

const [verb = "", ...words] = Deno.args;
if (Deno.args.includes("--help")) {
  console.log(USAGE);
  Deno.exit(0);
}
try {
  const run = verbs[verb];
  if (run === undefined) throw new UsageError(verb.startsWith("-") ? `There is no flag ${verb}.` : "");
  const db = await openDatabase(
    Deno.env.get("DATABASE_URL") ?? "file:.data/malipo.db",
    Deno.env.get("DATABASE_AUTH_TOKEN"),
  );
  try {
    await run(db, words);
  } finally {
    await db.close();
  }
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`${error.message}\n\n${USAGE}`.trim());
    Deno.exit(2);
  }
  const reason = error instanceof DatabaseUnavailable ? error.message : String((error as Error).message);
  console.error(`It was not done: ${reason}. Has the database been migrated (deno task migrate)?`);
  Deno.exit(1);
}
