import type { Scope } from "../../src/auth/scopes.ts";
import { SCOPES } from "../../src/auth/scopes.ts";
import { type Context, type Services, systemContext } from "../../src/context/context.ts";
import type { Database, Result, Statement } from "../../src/db/database.ts";
import { getAccount } from "../../src/domain/accounts/read.ts";
import { getCheckout } from "../../src/domain/checkouts/read.ts";
import { getPayment } from "../../src/domain/payments/read.ts";
import { getPayout } from "../../src/domain/payouts/read.ts";
import { getRefund } from "../../src/domain/refunds/read.ts";
import { getStandingOrder } from "../../src/domain/standing-orders/read.ts";
import { RawJson } from "../../src/http/respond.ts";
import { getEndpoint } from "../../src/webhooks/endpoints/read-endpoints.ts";

/** The tables whose rows the API answers with a version. */
export const VERSIONED = [
  "attempts",
  "checkouts",
  "clients",
  "deliveries",
  "merchants",
  "notices",
  "payments",
  "payouts",
  "reconciliations",
  "refunds",
  "shortcodes",
  "standing_orders",
  "webhook_endpoints",
] as const;

/** What refunds have reserved of a payment is not shown, so it raises no version. */
const SHOWN = "WHEN NEW.amount_promised = OLD.amount_promised OR NEW.version <> OLD.version";

type Data = Record<string, unknown>;

const readers: Readonly<Record<string, (ctx: Context, input: { id: string }) => Promise<unknown>>> = {
  account: getAccount,
  checkout: getCheckout,
  payment: getPayment,
  payout: getPayout,
  refund: getRefund,
  standing_order: getStandingOrder,
  webhook_endpoint: getEndpoint,
};

/** What GET answers and the data of events has not, and the other way round. */
const ONLY_THERE = [
  "prompts_failing",
  "hosted_url",
  "receipt_url",
  "notices",
  "suggestions",
  "account_suggestions",
  "merged",
];

/** The same for accounts, whose events name what moved, and never the person. */
const ONLY_OF_ACCOUNTS = ["name", "payment", "checkout", "applied", "missing"];

/**
 * A database that looks at each commit: whether each row that changed has the next version, and whether the data of each
 * event is what GET answers right after it. Batches are stored one at a time.
 */
export class CommitWatch implements Database {
  readonly problems: string[] = [];
  /** The types of events that were compared. */
  readonly types = new Set<string>();
  services: Services | null = null;
  readonly #last = new Map<string, Data>();
  #turn: Promise<unknown> = Promise.resolve();
  #isReady = false;
  #seen = 0;

  constructor(readonly inner: Database) {}

  read(statements: readonly Statement[]): Promise<readonly Result[]> {
    return this.inner.read(statements);
  }

  write(statements: readonly Statement[]): Promise<readonly Result[]> {
    const turn = this.#turn.then(() => this.#commit(statements));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  async #commit(statements: readonly Statement[]): Promise<readonly Result[]> {
    if (!this.#isReady) await this.#prepare();
    const results = await this.inner.write(statements);
    await this.#checkVersions();
    await this.#checkEvents();
    return results;
  }

  async #prepare(): Promise<void> {
    this.#isReady = true;
    await this.inner.write([
      "CREATE TABLE watched_changes (name TEXT, id TEXT, was INTEGER, became INTEGER)",
      ...VERSIONED.map((table) =>
        `CREATE TRIGGER watch_${table} AFTER UPDATE ON ${table} ${table === "payments" ? SHOWN : ""} BEGIN ` +
        `INSERT INTO watched_changes VALUES ('${table}', NEW.id, OLD.version, NEW.version); END`
      ),
    ].map((sql) => ({ sql, args: [] })));
    this.#seen = Number((await this.#rows("SELECT coalesce(max(rowid), 0) FROM events"))[0]?.[0]);
  }

  async #rows(sql: string, ...args: Statement["args"]): Promise<Result["rows"]> {
    return (await this.inner.read([{ sql, args }]))[0]?.rows ?? [];
  }

  async #checkVersions(): Promise<void> {
    const changes = await this.#rows("SELECT name, id, min(was), max(became) FROM watched_changes GROUP BY name, id");
    if (changes.length === 0) return;
    await this.inner.write([{ sql: "DELETE FROM watched_changes", args: [] }]);
    for (const [name, id, was, became] of changes) {
      if (Number(became) === Number(was) + 1) continue;
      const events = await this.#rows("SELECT type FROM events WHERE rowid > ?", this.#seen);
      const audit = await this.#rows("SELECT action FROM audit ORDER BY seq DESC LIMIT 3");
      this.problems.push(`${name} ${id}: version ${was} became ${became} in one commit (${events}; ${audit})`);
    }
  }

  async #checkEvents(): Promise<void> {
    const events = await this.#rows(
      "SELECT rowid, type, subject_id, merchant_id, data FROM events WHERE rowid > ? ORDER BY rowid",
      this.#seen,
    );
    for (const [rowid, type, subject, merchant, data] of events) {
      this.#seen = Number(rowid);
      if (type === "webhook_endpoint.test") continue; // it tells of no change
      await this.#checkEvent(String(type), String(subject), String(merchant), JSON.parse(String(data)));
    }
  }

  async #checkEvent(type: string, subject: string, merchant: string, told: Data): Promise<void> {
    this.types.add(type);
    const before = this.#last.get(subject);
    this.#last.set(subject, { type, merchant, ...told });
    if (Number(told["version"]) < Number(before?.["version"] ?? 0)) {
      this.problems.push(`${type} ${subject}: version ${told["version"]} after ${before?.["version"]}`);
    }
    const differences = differencesOf(type, told, await this.get(type, subject, merchant));
    if (differences.length > 0) this.problems.push(`${type} ${subject}: ${differences.join("; ")}`);
  }

  /** The resource as GET answers it. */
  async get(type: string, id: string, merchant: string): Promise<Data> {
    const read = readers[type.split(".")[0] ?? ""];
    if (this.services === null || read === undefined) throw new Error(`nobody reads ${type}`);
    const scopes: ReadonlySet<Scope> = new Set(SCOPES);
    const ctx = { ...systemContext(this.services, merchant, "system", "test", () => {}), scopes };
    const answer = await read(ctx, { id });
    return (answer instanceof RawJson ? JSON.parse(answer.text) : JSON.parse(JSON.stringify(answer))) as Data;
  }

  /** What GET answers otherwise than the last event of each resource, but for what grows with each poll. */
  async staleEvents(): Promise<string[]> {
    const stale: string[] = [];
    for (const [id, { type, merchant, ...told }] of this.#last) {
      const found = await this.get(String(type), id, String(merchant)).catch(() => null);
      if (found === null || found["id"] !== id) continue; // merged into another one, which has told so
      const differences = differencesOf(String(type), shown(told), shown(found));
      if (differences.length > 0) stale.push(`${type} ${id}: ${differences.join("; ")}`);
    }
    return stale;
  }
}

/** The data without what grows with each stored change. */
const shown = (data: Data): Data =>
  JSON.parse(JSON.stringify(data, (key, value) => key === "version" || key === "updated_at" ? undefined : value));

function differencesOf(type: string, told: Data, found: Data): string[] {
  const without = type.startsWith("account.") ? [...ONLY_THERE, ...ONLY_OF_ACCOUNTS] : ONLY_THERE;
  const keys = [...new Set([...Object.keys(told), ...Object.keys(found)])].filter((key) => !without.includes(key));
  return keys.filter((key) => JSON.stringify(told[key]) !== JSON.stringify(found[key]))
    .map((key) => `${key}: ${JSON.stringify(told[key])} told, ${JSON.stringify(found[key])} found`);
}
