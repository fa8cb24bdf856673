import { rows } from "../db/query.ts";
import { setFlagStatements } from "../domain/flags/flag-rows.ts";
import { ALL_MERCHANTS, allFlags, FLAG_NAMES, type FlagName, FLAGS } from "../flags/flags.ts";
import { systemClock } from "../platform/deno.ts";
import { command, type Group, UsageError } from "./frame/command.ts";
import { withDatabase } from "./frame/database.ts";

const list = command({
  summary: "lists the feature flags, with what is set",
  async run({ out }) {
    const [stored] = await withDatabase((db) => rows(db, allFlags()));
    const known = FLAG_NAMES.map((name) => ({ name, merchant: "default", percent: FLAGS[name].percent, by: "code" }));
    const set = stored.map(({ name, scope, percent, changed_by }) => ({
      name,
      merchant: scope,
      percent,
      by: changed_by,
    }));
    out.table([...known, ...set]);
  },
});

function percentIn(text: string | undefined): number | null {
  if (text === "default") return null;
  if (text === undefined || !/^\d{1,3}$/.test(text) || Number(text) > 100) {
    throw new UsageError(`PERCENT is 0 to 100, or default; it was ${text}.`);
  }
  return Number(text);
}

const set = command({
  summary: "switches a flag for a percentage of all merchants, or of one",
  details: "Each process notices within 5 seconds. PERCENT is 0 to 100, or default to remove what was set.\n\n" +
    FLAG_NAMES.map((name) => `${name}: ${FLAGS[name].meaning}`).join("\n"),
  words: ["NAME", "PERCENT", "[MERCHANT]"],
  examples: ["live_pages 10", "live_pages 0 mer_01kamcvd000000000000000001"],
  async run({ words: [name, percent, scope = ALL_MERCHANTS], out }) {
    const known: FlagName | undefined = FLAG_NAMES.find((each) => each === name);
    if (known === undefined) throw new UsageError(`There is no flag ${name}; there is ${FLAG_NAMES.join(", ")}.`);
    const value = percentIn(percent);
    await withDatabase(async (db) => {
      const found = await db.read([{ sql: "SELECT 1 FROM merchants WHERE id = ?", args: [scope], one: true }]);
      if (scope !== ALL_MERCHANTS && found[0]?.rows.length !== 1) {
        throw new UsageError(`There is no merchant ${scope}; \`merchants list\` shows them.`);
      }
      const author = { actor: "cli", requestId: "cli", clock: systemClock, merchantId: scope };
      await db.write([...setFlagStatements(author, known, scope, value)]);
    });
    out.table([{ name: known, merchant: scope, percent: value ?? "default" }]);
  },
});

/** `malipo flags`: what can be switched while the service runs. */
export const flags: Group = { summary: "list and switch feature flags", commands: { list, set } };
