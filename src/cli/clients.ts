import { isScope, type Scope, SCOPES } from "../auth/scopes.ts";
import type { Database } from "../db/database.ts";
import { DatabaseUnavailable } from "../db/database.ts";
import { openDatabase } from "../db/open.ts";
import { first, rows } from "../db/query.ts";
import { allClients, newClient, revocation, selectClient } from "../domain/merchants/client-rows.ts";
import { selectMerchant } from "../domain/merchants/merchant-rows.ts";
import { systemClock } from "../platform/deno.ts";

/** `deno task clients`: the clients of a merchant, and the only way to a client with the scope `platform`. */

const USAGE = `deno task clients create MERCHANT NAME SCOPE...
deno task clients list MERCHANT
deno task clients revoke CLIENT

create  makes a client that no other client has made, and prints its secret, only now. So it may approve what the
        merchant's other clients have created. The scope platform reaches every merchant: give it to the people who run
        this service, and to nobody else.
Scopes: ${SCOPES.join(" ")}

Example: deno task clients create mer_01kamcvd000000000000000001 approvals payouts:read payouts:approve`;

/** A wrong use of the command: exit code 2. */
class UsageError extends Error {}

const author = { actor: "cli", requestId: "cli", clock: systemClock };
const print = (value: unknown) => console.log(JSON.stringify(value));

async function merchantIn(db: Database, id: string | undefined): Promise<string> {
  if (id === undefined || id.startsWith("-")) throw new UsageError("Name the merchant by its id.");
  if (await first(db, selectMerchant(id)) !== null) return id;
  throw new UsageError(`There is no merchant ${id}; \`deno task merchants list\` shows them.`);
}

async function create(db: Database, [id, name = "", ...scopes]: readonly string[]): Promise<void> {
  const merchantId = await merchantIn(db, id);
  if (name === "" || name.length > 100 || name.startsWith("-")) {
    throw new UsageError("The name has 1 to 100 characters.");
  }
  const wrong = scopes.filter((scope) => !isScope(scope));
  if (wrong.length > 0) throw new UsageError(`There is no scope ${wrong.join(" ")}.`);
  if (scopes.length === 0) throw new UsageError("Name at least one scope.");
  const granted = [...new Set(scopes.filter(isScope))] as readonly Scope[];
  const { row, secret, statements } = newClient({ ...author, merchantId }, { name, scopes: granted });
  await db.write(statements);
  print({ merchant: merchantId, client_id: row.id, client_secret: secret, scopes: granted });
}

async function list(db: Database, [id]: readonly string[]): Promise<void> {
  const [found] = await rows(db, allClients(await merchantIn(db, id)));
  for (const { id, name, status, scopes } of found) print({ id, name, status, scopes });
}

async function revoke(db: Database, [id]: readonly string[]): Promise<void> {
  const row = id === undefined ? null : await first(db, selectClient(id));
  if (row === null) throw new UsageError("Name a client by its id; `list` shows them.");
  if (row.status !== "revoked") await db.write(revocation(author, row).statements);
  print({ id: row.id, name: row.name, status: "revoked" });
}

const verbs: Readonly<Record<string, (db: Database, words: readonly string[]) => Promise<void>>> = {
  create,
  list,
  revoke,
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
