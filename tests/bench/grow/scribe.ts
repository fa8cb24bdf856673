import { reserveDaily } from "../../../src/domain/checkouts/limits.ts";
import type { Aggregate, Attempt } from "../../../src/domain/checkouts/machine.ts";
import { insertAttempt, insertCheckout, insertPayment } from "../../../src/domain/checkouts/store.ts";
import { checkoutAsStored } from "../../../src/domain/checkouts/as-stored.ts";
import { changeStatements, creationStatements } from "../../../src/domain/checkouts/transition.ts";
import { checkoutView } from "../../../src/domain/checkouts/view.ts";
import { type Context, type Services, systemContext } from "../../../src/context/context.ts";
import type { CallbackKind } from "../../../src/crypto/capability.ts";
import type { IdPrefix } from "../../../src/crypto/ids.ts";
import { sha256 } from "../../../src/crypto/hash.ts";
import type { AuditAction } from "../../../src/db/audit-actions.ts";
import type { Statement } from "../../../src/db/database.ts";
import { insert } from "../../../src/db/query.ts";
import { audit, events, notices } from "../../../src/db/schema.ts";
import { KeyClaim } from "../../../src/http/idempotency.ts";
import type { SettlementOutcome } from "../../../src/domain/settlement/outcome.ts";
import { Ids } from "./ids.ts";
import type { Shop } from "./shops.ts";

const DAY_MS = 86_400_000;
const insertNotice = insert(notices);
const { sql: insertEvent } = insert(events)({
  id: "",
  merchant_id: "",
  type: "checkout.created",
  subject_id: "",
  data: {},
  created_at: 1,
});
const { sql: insertAudit } = insert(audit)({ actor: "", action: "checkout.created", subject_id: "", data: {}, at: 1 });
const quiet = () => {};

/** Services whose clock stands where the life that is written has got to. */
export interface PastServices extends Services {
  readonly clock: { now(): number; set(ms: number): void };
}

/**
 * Writes down what one checkout leaves. State is the product's own machine's, events and audit entries are those that its
 * own transitions make; only rows that would be changed later come out once, as they are in the end. `until` is now: what
 * retention would have removed by then is left out.
 */
export class Scribe {
  readonly statements: Statement[] = [];
  readonly #ids = new Ids();
  #at = 0;
  #rows: Statement[] = [];
  constructor(readonly services: PastServices, readonly shop: Shop, readonly until: number) {}

  get now(): number {
    return this.#at;
  }

  /** Time moves to `ms`. */
  at(ms: number): void {
    this.#at = ms;
    this.services.clock.set(ms);
  }

  id(prefix: IdPrefix): string {
    return this.#ids.at(prefix, this.#at);
  }

  /** Whether the day's counters are still kept. */
  get #counts(): boolean {
    return this.until - this.#at < 2 * DAY_MS;
  }

  /** A new checkout, and the Idempotency-Key with the answer `answered` at its creation. */
  async created(state: Aggregate, answered: Aggregate): Promise<void> {
    const ctx = this.#context(this.shop.client, this.#request());
    this.#keep(await creationStatements(ctx, state, "off"));
    if (this.until - this.#at >= this.services.config.retention.idempotencyKeysMs) return;
    const key = new KeyClaim(ctx, ctx.merchantId, crypto.randomUUID(), crypto.getRandomValues(new Uint8Array(32)));
    const body = await checkoutView(ctx, answered);
    this.#rows.push(await key.claimStatement(state.checkout.id, { status: 201, body }));
  }

  /** A step of its life; answers the state as it is stored. */
  async moved(
    before: Aggregate,
    after: Aggregate,
    action: AuditAction,
    actor: string,
    request: string,
  ): Promise<Aggregate> {
    this.#keep(await changeStatements(this.#context(actor, request), before, after, action));
    return checkoutAsStored(before, after, this.#at);
  }

  /** A request of the shop's. */
  asked(before: Aggregate, after: Aggregate, action: AuditAction): Promise<Aggregate> {
    return this.moved(before, after, action, this.shop.client, this.#request());
  }

  /** A prompt counts against its phone's day. */
  prompted(attempt: Attempt, amount: number): void {
    if (!this.#counts) return;
    this.#rows.push(reserveDaily(this.#context("system", ""), attempt, amount));
  }

  /** A message of Daraja's, and what became of it. */
  async noticed(
    kind: CallbackKind,
    subjectId: string,
    id: string,
    body: string,
    settled: SettlementOutcome,
  ): Promise<void> {
    this.#rows.push(insertNotice({
      id,
      kind,
      subject_id: subjectId,
      merchant_id: this.shop.merchantId,
      digest: sha256(`${kind}\n${subjectId}\n${body}`),
      body: await this.services.vault.seal(body, { table: "notices", column: "body", row: id }),
      copies: 1,
      status: settled.status,
      problem: settled.problem,
      received_at: this.#at,
      processed_at: this.#at + 2,
      version: 2,
      payment_id: settled.paymentId ?? null,
      source_known: null,
      proof: null,
      proof_asks: 0,
    }));
  }

  /** The end: its rows as they are now. */
  ended({ checkout, attempts, payments }: Aggregate): void {
    this.statements.push(
      insertCheckout(checkout),
      ...attempts.map((attempt) => insertAttempt(attempt)),
      ...payments.map((payment) => insertPayment(payment)),
      ...this.#rows,
    );
    this.#rows = [];
  }

  #context(actor: string, request: string): Context {
    const context = { ...systemContext(this.services, this.shop.merchantId, "system", request, quiet), actor };
    return actor === "daraja" || actor === "system"
      ? context
      : { ...context, actorMerchantId: this.shop.merchantId, address: "192.0.2.1" };
  }

  readonly #request = (): string => `req_${crypto.randomUUID().replaceAll("-", "")}`;

  #keep(statements: readonly Statement[]): void {
    for (const { sql, args } of statements) {
      if (sql.startsWith("INSERT INTO events")) {
        this.#rows.push({ sql: insertEvent, args: [this.id("evt"), ...args.slice(1)] });
      } else if (sql.startsWith("INSERT INTO audit")) this.#rows.push({ sql: insertAudit, args });
      else if (sql.startsWith("UPDATE counters") && this.#counts) this.#rows.push({ sql, args });
    }
  }
}
