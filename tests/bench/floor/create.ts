import { setImmediate } from "node:timers";
import type { Statement } from "../../../src/db/database.ts";
import { bytes, digest, newId, phoneIndex } from "./ids.ts";
import type { Parts, Principal } from "./parts.ts";
import { answerKey, from, insert, of } from "./rows.ts";
import { tell } from "./webhook.ts";
import { type Attempt, dataOf, viewOf, type Whole } from "./view.ts";

const LIFE_MS = 1_800_000;
const DAY_MS = 86_400_000;
const CAP = 100_000_000_000;
const FIRST_POLL_MS = 20_000;
const LOCK_MS = 60_000;

/** The fields that are read of a request; none is checked. */
interface Input {
  readonly amount: number;
  readonly reference: string;
  readonly phone_number?: string;
  readonly account_reference?: string;
}

const acceptCheckout = of("UPDATE checkouts SET updated_at = ?, version = 2 WHERE id = ? AND version = 1");
const acceptAttempt = of("UPDATE attempts SET request_ids = ?, accepted_at = ?, version = 2 WHERE id = ?");

interface Call {
  readonly parts: Parts;
  readonly who: Principal;
  readonly key: string;
  readonly requestId: string;
  readonly eventId: string;
}

/** POST /v1/checkouts: the first commit, the push, the second commit; without a phone one commit. */
export async function create(parts: Parts, who: Principal, request: Request): Promise<Response> {
  const text = await request.text();
  const input: Input = JSON.parse(text);
  const call: Call = {
    parts,
    who,
    key: request.headers.get("idempotency-key") ?? newId("key"),
    requestId: newId("req"),
    eventId: newId("evt"),
  };
  const phone = input.phone_number === undefined ? null : `254${input.phone_number.slice(-9)}`;
  const opened = open(call, input, phone);
  const view = viewOf(parts, opened);
  const answered = phone === null ? JSON.stringify(view) : null;
  await parts.store.commit(creation(call, opened, phone, digest(text), answered));
  if (parts.tells) {
    setImmediate(() => tell(parts, call.eventId).catch((error) => console.error("not told:", error)));
  }
  const attempt = opened.attempts[0];
  if (phone === null || attempt === undefined) return Response.json(view, { status: 201 });

  const { checkout } = opened;
  const ids = await parts.daraja.push(
    { shortcode: parts.paybill.number, amount: checkout.amount, phone },
    `${parts.publicUrl}/notify/stk.${attempt.id}`,
    checkout.account,
    checkout.description,
  );
  const now = Date.now();
  const accepted = {
    ...opened,
    checkout: { ...checkout, updatedAt: now, version: 2 },
    attempts: [{ ...attempt, acceptedAt: now, version: 2 }],
  };
  const answer = JSON.stringify(viewOf(parts, accepted));
  await parts.store.commit(acceptance(call, accepted, JSON.stringify(ids), answer));
  return new Response(answer, { status: 201, headers: { "content-type": "application/json" } });
}

function open({ who }: Call, input: Input, phone: string | null): Whole {
  const now = Date.now();
  const id = newId("chk");
  const attempt: Attempt = {
    id: newId("att"),
    status: "pending",
    masked: `${phone?.slice(0, 4)}•••••${phone?.slice(-3)}`,
    createdAt: now,
    acceptedAt: null,
    endedAt: null,
    version: 1,
  };
  return {
    merchant: who.merchantId,
    checkout: {
      id,
      status: phone === null ? "open" : "pending",
      amount: input.amount,
      reference: input.reference,
      account: input.account_reference ?? id.slice(-8).toUpperCase(),
      description: "Payment",
      returnUrl: null,
      metadata: "{}",
      expiresAt: now + LIFE_MS,
      createdAt: now,
      updatedAt: now,
      version: 1,
    },
    attempts: phone === null ? [] : [attempt],
    payment: null,
  };
}

function creation(call: Call, whole: Whole, phone: string | null, fingerprint: Uint8Array, answer: string | null) {
  const { parts, who } = call;
  const { checkout: c, attempts: [attempt] } = whole;
  const now = c.createdAt;
  const body = answer === null ? null : bytes(answer);
  const status = answer === null ? null : 201;
  const name = `checkout/${phone}/${new Date(now).toISOString().slice(0, 10)}`;
  const data = JSON.stringify({ amount: c.amount, attempt: attempt?.id ?? null });
  const due = phone === null ? c.expiresAt : now + FIRST_POLL_MS;
  const list: Statement[] = [
    insert.key(who.merchantId, call.key, fingerprint, c.id, status, body, now + LOCK_MS, now),
    insert.checkout(
      ...[c.id, who.merchantId, parts.paybill.id, c.status, c.amount, "KES", c.reference, c.account, c.account],
      ...[c.description, null, c.metadata, c.expiresAt, null, null, now, now, 1],
    ),
    insert.event(call.eventId, who.merchantId, "checkout.created", c.id, JSON.stringify(dataOf(parts, whole)), now),
    insert.audit(who.merchantId, who.clientId, "checkout.created", c.id, call.requestId, data, now, ...from(who)),
    insert.job(newId("job"), "checkout", c.id, who.merchantId, "queued", due, null, 0, null, now, now),
  ];
  if (phone === null || attempt === undefined) return list;
  const nothing = [null, null, null, null];
  list.push(
    insert.counter(name, c.amount, CAP, now + 2 * DAY_MS),
    insert.attempt(
      ...[attempt.id, c.id, "pending", bytes(phone), phoneIndex(phone), attempt.masked, 0, ...nothing],
      ...[0, now, null, null],
    ),
  );
  return list;
}

function acceptance({ who, key, requestId }: Call, { checkout, attempts }: Whole, ids: string, answer: string) {
  const [attempt] = attempts;
  const now = checkout.updatedAt;
  const told = { id: attempt?.id, status: "pending", evidence: 0, result_code: null };
  const data = JSON.stringify({ status: "pending", attempts: [told], payments: [] });
  return [
    acceptCheckout(now, checkout.id),
    acceptAttempt(bytes(ids), now, attempt?.id ?? ""),
    insert.audit(who.merchantId, who.clientId, "attempt.accepted", checkout.id, requestId, data, now, ...from(who)),
    answerKey(201, bytes(answer), who.merchantId, key),
  ];
}
