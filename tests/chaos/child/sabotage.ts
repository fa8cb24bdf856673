import type { Statement } from "../../../src/db/database.ts";
import { withWrite, type Wrap } from "./seams.ts";

const holds = (statements: readonly Statement[], text: string): boolean =>
  statements.some(({ sql }) => sql.includes(text));
const aLittle = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Answers Daraja before its notice is stored: a crash in between loses what it said. */
const ackBeforeStore: Wrap = ({ db, fetch }) => {
  const waiting = new Set<Promise<unknown>>();
  return {
    fetch,
    db: withWrite(db, async (statements) => {
      if (holds(statements, "UPDATE notices")) await Promise.all(waiting); // its job comes after it
      if (!holds(statements, "INSERT INTO notices")) return await db.write(statements);
      const stored: Promise<unknown> = aLittle(250).then(() => db.write(statements)).catch(() => {})
        .finally(() => waiting.delete(stored));
      waiting.add(stored);
      return statements.map(() => ({ rows: [], changes: 1 }));
    }),
  };
};

/** Settles whatever the version that was read: two answers at once both record the payment. */
const settleWithoutGuard: Wrap = ({ db, fetch }) => ({
  fetch,
  db: withWrite(db, (statements) => {
    const blind = statements.map((statement) => {
      if (statement.sql.includes("SELECT 'conflict' WHERE changes() = 0")) return { sql: "SELECT 1", args: [] };
      const guard = / AND version = \?$/;
      if (!guard.test(statement.sql)) return statement;
      return { sql: statement.sql.replace(guard, ""), args: statement.args.slice(0, -1) };
    });
    return db.write(blind);
  }),
});

/** Sends a payout again under a new id when its answer is unclear. */
const newOriginatorId: Wrap = ({ db, fetch: send }) => ({
  db,
  fetch: async (input, init) => {
    if (!String(input).includes("/b2c/") || !(init?.body instanceof Blob)) return await send(input, init);
    const body: Record<string, unknown> = JSON.parse(await init.body.text());
    const again = () => {
      const changed = JSON.stringify({ ...body, OriginatorConversationID: crypto.randomUUID() });
      return send(input, { ...init, body: new Blob([changed], { type: "application/json" }) });
    };
    try {
      const response = await send(input, init);
      if (response.status < 500) return response;
      await response.body?.cancel();
    } catch {
      // no answer: sent again all the same
    }
    return await again();
  },
});

/** Throws away a job that failed too often, rather than parking it for a person. */
const dropDeadLetters: Wrap = ({ db, fetch }) => ({
  fetch,
  db: withWrite(db, (statements) =>
    db.write(statements.map((statement) => {
      const parks = statement.sql.startsWith("UPDATE jobs SET") && statement.args.includes("dead");
      if (!parks) return statement;
      const [id, lease] = statement.args.slice(-2);
      return { sql: "DELETE FROM jobs WHERE id = ? AND lease = ?", args: [id ?? null, lease ?? null] };
    }))),
});

/** Only runs the jobs that this very process scheduled, as timers in memory would: a restart forgets the rest. */
const timerInsteadOfSweep: Wrap = ({ db, fetch }) => {
  const mine = new Set<string>();
  return {
    fetch,
    db: withWrite(db, (statements) => {
      for (const { sql, args } of statements) {
        if (sql.startsWith("INSERT INTO jobs")) mine.add(String(args[2])); // its subject
      }
      return db.write(statements.map((statement) => {
        if (!statement.sql.startsWith("UPDATE jobs SET lease")) return statement;
        const known = "status = 'queued' AND subject_id IN (SELECT value FROM json_each(?7))";
        return {
          sql: statement.sql.replaceAll("status = 'queued'", known),
          args: [...statement.args, JSON.stringify([...mine])],
        };
      }));
    }),
  };
};

/** Promises more of a payment than was paid: two parts are each looked at alone. */
const refundWithoutCap: Wrap = ({ db, fetch }) => ({
  fetch,
  db: withWrite(db, (statements) =>
    db.write(statements.map((statement) => {
      if (!statement.sql.startsWith("INSERT INTO refund_totals")) return statement;
      const [payment, , amount] = statement.args;
      return { ...statement, args: [payment ?? null, 1_000_000_000, amount ?? null] };
    }))),
});

/** Known bugs, to show that the run finds them. */
const sabotages: Readonly<Record<string, Wrap>> = {
  "ack-before-store": ackBeforeStore,
  "settle-without-guard": settleWithoutGuard,
  "new-originator-id": newOriginatorId,
  "drop-dead-letters": dropDeadLetters,
  "timer-instead-of-sweep": timerInsteadOfSweep,
  "refund-without-cap": refundWithoutCap,
};

export const sabotageNames: readonly string[] = Object.keys(sabotages);

/** The bug of a name; none for null. Errors: on a name that is not known. */
export function sabotageOf(name: string | null): Wrap {
  if (name === null) return (parts) => parts;
  const found = sabotages[name];
  if (found === undefined) throw new Error(`There is no sabotage ${name}.`);
  return found;
}
