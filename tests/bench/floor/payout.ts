import { setImmediate } from "node:timers";
import type { Statement } from "../../../src/db/database.ts";
import { bytes, digest, newId, phoneIndex } from "./ids.ts";
import type { Parts, Principal } from "./parts.ts";
import { from, insert, noClient, of, oneOf } from "./rows.ts";
import { type Payout, payoutOf, payoutView, SELECT_PAYOUT } from "./payout-view.ts";

const DAY_MS = 86_400_000;
const CAP = 100_000_000_000;
const LEASE_MS = 60_000;
const ASK_MS = 45_000;

const selectLimits = oneOf("SELECT daily_amount FROM payout_limits WHERE merchant_id = ?");
const selectPauses = of("SELECT scope FROM payout_pauses WHERE scope = '*' OR scope = ?");
export const selectPayout = oneOf(SELECT_PAYOUT);
const insertPayout = of(
  "INSERT INTO payouts (id, merchant_id, shortcode_id, status, amount, currency, phone, phone_index, phone_masked, " +
    "reference, purpose, remarks, metadata, originator_conversation_id, created_by, approval_required, evidence, sends, " +
    "unsent, missed, polls, held, send_after, created_at, updated_at, version, destination) VALUES (?, ?, ?, 'queued', " +
    "?, 'KES', ?, ?, ?, ?, 'business', ?, '{}', ?, ?, 0, 0, 0, 0, 0, 0, 1, ?, ?, ?, 1, 'phone')",
);
const lease = of(
  "UPDATE jobs SET lease = 'floor', run_at = ?, attempts = attempts + 1 WHERE kind = 'payout' AND subject_id = ?",
);
const beginSend = of(
  "UPDATE payouts SET status = 'submitted', sends = 1, first_sent_at = ?, sent_at = ?, updated_at = ?, version = 2 WHERE id = ?",
);
const acceptSend = of(
  "UPDATE payouts SET evidence = 8, conversation_id = ?, accepted_at = ?, updated_at = ?, version = 3 WHERE id = ? AND version = 2",
);

interface Input {
  readonly amount: number;
  readonly reference: string;
  readonly phone_number: string;
  readonly remarks: string;
}

/** POST /v1/payouts: one read and one commit, then the answer; the job sends it. */
export async function pay(parts: Parts, who: Principal, request: Request): Promise<Response> {
  const text = await request.text();
  const input: Input = JSON.parse(text);
  await parts.store.read([selectLimits(who.merchantId)]);
  const now = Date.now();
  const phone = `254${input.phone_number.slice(-9)}`;
  const payout: Payout = {
    id: newId("pyt"),
    status: "queued",
    amount: input.amount,
    phone,
    reference: input.reference,
    remarks: input.remarks,
    originatorId: crypto.randomUUID(),
    conversationId: null,
    receipt: null,
    createdBy: who.clientId,
    acceptedAt: null,
    paidAt: null,
    endedAt: null,
    createdAt: now,
    updatedAt: now,
  };
  const key = request.headers.get("idempotency-key") ?? newId("key");
  const answer = JSON.stringify(payoutView(parts, payout));
  await parts.store.commit([
    insert.key(who.merchantId, key, digest(text), payout.id, 202, bytes(answer), now + LEASE_MS, now),
    ...counters(who, payout),
    insertPayout(
      ...[payout.id, who.merchantId, parts.paybill.id, payout.amount, bytes(phone), phoneIndex(phone)],
      ...[`${phone.slice(0, 4)}•••••${phone.slice(-3)}`, payout.reference, payout.remarks, payout.originatorId],
      ...[who.clientId, now, now, now],
    ),
    insert.event(newId("evt"), who.merchantId, "payout.created", payout.id, answer, now),
    insert.audit(
      who.merchantId,
      who.clientId,
      "payout.created",
      payout.id,
      newId("req"),
      trace(payout, 0, 0),
      now,
      ...from(who),
    ),
    job(who.merchantId, payout.id, now, now),
  ]);
  setImmediate(() => send(parts, who.merchantId, payout.id).catch((error) => console.error("not sent:", error)));
  return new Response(answer, { status: 202, headers: { "content-type": "application/json" } });
}

/** The job of a payout: its lease, a read, that it is about to leave, the call, a read, what the call told. */
async function send(parts: Parts, merchant: string, id: string): Promise<void> {
  const { store } = parts;
  await store.commit([lease(Date.now() + LEASE_MS, id)]);
  const [found] = await store.read([selectPayout(id), selectPauses(merchant)]);
  const payout = payoutOf(found?.[0]);
  const now = Date.now();
  await store.commit([
    beginSend(now, now, now, id),
    insert.audit(
      merchant,
      "system",
      "payout.sending",
      id,
      id,
      trace({ ...payout, status: "submitted" }, 0, 1),
      now,
      ...noClient,
    ),
    job(merchant, id, now + ASK_MS, now),
  ]);
  const order = { shortcode: parts.paybill.number, amount: payout.amount, phone: payout.phone };
  const url = `${parts.publicUrl}/notify/payout.${id}`;
  const { ConversationID } = await parts.daraja.pay(order, payout.originatorId, payout.remarks, url);
  const [again] = await store.read([selectPayout(id)]);
  const at = Date.now();
  const sent: Payout = { ...payoutOf(again?.[0]), conversationId: ConversationID, acceptedAt: at, updatedAt: at };
  await store.commit([
    acceptSend(ConversationID, at, at, id),
    insert.event(newId("evt"), merchant, "payout.submitted", id, JSON.stringify(payoutView(parts, sent)), at),
    insert.audit(merchant, "system", "payout.accepted", id, id, trace(sent, 8, 1), at, ...noClient),
    job(merchant, id, at + ASK_MS, at),
  ]);
}

const job = (merchant: string, id: string, dueAt: number, now: number): Statement =>
  insert.job(newId("job"), "payout", id, merchant, "queued", dueAt, null, 0, null, now, now);

function counters({ merchantId: merchant, clientId }: Principal, { phone, amount, createdAt }: Payout): Statement[] {
  const [day, hour] = [new Date(createdAt).toISOString().slice(0, 10), Math.floor(createdAt / 3_600_000)];
  const until = createdAt + 2 * DAY_MS;
  return [
    insert.counter(`payout/day/${merchant}/${day}`, amount, CAP, until),
    insert.counter(`payout/phone-day/${merchant}/${phone}/${day}`, amount, CAP, until),
    insert.counter(`payout/phone-hour/${merchant}/${phone}/${hour}`, 1, CAP, until),
    insert.counter(`unapproved/maker/${merchant}/${clientId}/${hour}`, amount, CAP, until),
    insert.counter(`unapproved/payee/${merchant}/${phone}/${hour}`, amount, CAP, until),
  ];
}

export const trace = ({ status, receipt }: Payout, evidence: number, sends: number): string =>
  JSON.stringify({ status, evidence, sends, result_code: receipt === null ? null : "0", receipt });
