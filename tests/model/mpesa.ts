import { outResult, pullRow, reversalRow, statusResult } from "./notices.ts";
import type { Out, Place, Prompt, Transfer, Truth } from "./truth.ts";
import { MODEL_APP } from "./set-up.ts";

/** What the model's M-Pesa needs of its surroundings. */
export interface Surroundings {
  readonly now: () => number;
  /** How long (ms) after a pause was answered a request that was under way may still arrive. */
  readonly pauseGraceMs: number;
  /** Runs something `ms` later; whoever waits for the service waits for it too. */
  readonly later: (ms: number, run: () => Promise<void>) => void;
  /** Posts a message to one of the service's own addresses. */
  readonly post: (url: string, body: string) => Promise<unknown>;
}

/** A prompt whose push has not come yet. */
interface Expected {
  readonly prompt: Prompt;
  readonly arrived: () => void;
}

type Body = Readonly<Record<string, unknown>>;
const SOON_MS = 2_000;
const AGAIN_MS = 60_000;
const FOUND_AFTER_MS = 600_000;
const ACCEPTED = { ResponseCode: "0", ResponseDescription: "Accept the service request successfully." };

/** Daraja, as far as the model needs it: it answers from the truth of one history, and records what it is asked to do. */
export class Mpesa {
  #truth: Truth | null = null;
  #waiting: Expected[] = [];
  #ids = 0;
  constructor(readonly around: Surroundings) {}

  /** From now on calls are about this history. */
  follow(truth: Truth): void {
    this.#truth = truth;
    this.#waiting = [];
  }

  /** A push to the phone of this prompt will come. `arrived` is called when it does. */
  expect(prompt: Prompt, arrived: () => void): void {
    this.#waiting.push({ prompt, arrived });
  }

  /** A prompt that was expected was not sent. */
  forget(prompt: Prompt): void {
    this.#waiting = this.#waiting.filter((each) => each.prompt !== prompt);
  }

  /** Answers a call; null where it is not about the model's shortcodes. */
  async answer(request: Request): Promise<Response | null> {
    const { pathname } = new URL(request.url);
    if (pathname === "/oauth/v1/generate") return oauth(request);
    const body: Body = await request.clone().json();
    const number = String(body["BusinessShortCode"] ?? body["ShortCode"] ?? body["ReceiverParty"] ?? body["PartyA"]);
    const isQuery = pathname === "/mpesa/stkpushquery/v1/query";
    // A new shortcode is proven by a query of a push that never was, before the truth knows its place.
    if (this.#truth === null) return isQuery && Number(number) >= 1_000_000 ? missing() : null;
    const place = this.#truth.places.find((p) => p.api === number || p.number === number);
    if (place === undefined) return Number(number) < 1_000_000 ? null : isQuery ? missing() : ambiguous();
    return this.#dispatch(this.#truth, place, pathname, body);
  }

  #dispatch(truth: Truth, place: Place, path: string, body: Body): Response | null {
    switch (path) {
      case "/mpesa/stkpush/v1/processrequest":
        return this.#push(body);
      case "/mpesa/stkpushquery/v1/query":
        return query(truth, String(body["CheckoutRequestID"]));
      case "/pulltransactions/v1/register":
        return Response.json({ ResponseRefID: "1", ResponseStatus: "1000", ResponseDescription: "Registered" });
      case "/pulltransactions/v1/query":
        return pull(truth, place, Number(body["OffSetValue"]), this.around.now());
      case "/mpesa/reversal/v1/request":
        return this.#reverse(truth, place, body);
      case "/mpesa/b2c/v3/paymentrequest":
        return this.#pay(truth, place, body);
      case "/mpesa/transactionstatus/v1/query":
        return this.#status(truth, body);
      default:
        return null;
    }
  }

  #push(body: Body): Response {
    const expected = this.#waiting.find(({ prompt }) => prompt.phone === String(body["PhoneNumber"]));
    if (expected === undefined) {
      const known = this.#truth?.prompts.find(({ phone }) => phone === String(body["PhoneNumber"]));
      const text = `${known?.label} is prompted again, though nobody asked for that`;
      if (known !== undefined) this.#truth?.notes.push({ rule: "prompted_again", about: known.label, text });
      return ambiguous();
    }
    const { prompt, arrived } = expected;
    this.forget(prompt);
    prompt.asked = Number(body["Amount"]) * 100;
    if (prompt.plan.answer === "lost_untaken") {
      arrived();
      return ambiguous();
    }
    const n = ++this.#ids;
    prompt.request = {
      id: `ws_CO_301120261200${String(n).padStart(12, "0")}`,
      merchantRequest: `model-${n}`,
      callbackUrl: String(body["CallBackURL"]),
    };
    arrived();
    if (prompt.plan.answer === "lost") return ambiguous();
    return Response.json({
      MerchantRequestID: prompt.request.merchantRequest,
      CheckoutRequestID: prompt.request.id,
      ResponseCode: "0",
      ResponseDescription: "Success. Request accepted for processing",
      CustomerMessage: "Success. Request accepted for processing",
    });
  }

  #reverse(truth: Truth, place: Place, body: Body): Response {
    const of = truth.transfers.find((t) => t.receipt === body["TransactionID"] && t.place === place) ?? null;
    const out = this.#newOut(truth, place, body, "reversal", of);
    this.#noteIfPaused(truth, out);
    if (of === null) return this.#take(out, "R000002", SOON_MS);
    if (truth.outs.some((other) => other.of === of && other.done)) return this.#take(out, "R000001", SOON_MS);
    return this.#fulfil(truth, out);
  }

  #pay(truth: Truth, place: Place, body: Body): Response {
    const originator = String(body["OriginatorConversationID"]);
    if (truth.outs.some((out) => out.originator === originator)) {
      return Response.json(
        { requestId: "1", errorCode: "500.002.1001", errorMessage: "Duplicate OriginatorConversationID." },
        { status: 500 },
      );
    }
    const out = this.#newOut(truth, place, body, "payout", null);
    this.#noteIfPaused(truth, out);
    return this.#fulfil(truth, out);
  }

  #newOut(truth: Truth, place: Place, body: Body, kind: Out["kind"], of: Out["of"]): Out {
    const n = ++this.#ids;
    return {
      kind,
      receipt: truth.receipt(),
      place,
      amount: Number(body["Amount"]) * 100,
      phone: kind === "reversal" ? of?.phone ?? "" : String(body["PartyB"]),
      of,
      fate: truth.fateOfNextOut(),
      conversation: `AG_20261130_2010${String(n).padStart(16, "0")}`,
      originator: kind === "payout" ? String(body["OriginatorConversationID"]) : `model-out-${n}`,
      resultUrl: String(body["ResultURL"]),
      at: this.around.now(),
      done: false,
      denied: false,
      isForeign: false,
      listedAt: null,
    };
  }

  /** Somebody else has a transfer reversed. M-Pesa reverses a receipt only once. */
  takeBack(truth: Truth, of: Transfer): void {
    if (truth.outs.some((out) => out.of === of && out.done)) return;
    const n = ++this.#ids;
    truth.outs.push({
      kind: "reversal",
      receipt: truth.receipt(),
      place: of.place,
      amount: of.amount,
      phone: of.phone,
      of,
      fate: "done",
      conversation: `AG_20261130_2010${String(n).padStart(16, "0")}`,
      originator: `portal-${n}`,
      resultUrl: "",
      at: this.around.now(),
      done: true,
      denied: false,
      isForeign: true,
      listedAt: null,
    });
  }

  #fulfil(truth: Truth, out: Out): Response {
    truth.outs.push(out);
    out.done = out.fate !== "failed";
    if (out.fate === "lost") return ambiguous();
    if (out.fate === "result_lost") return acknowledge(out);
    if (out.fate === "failed") return this.#take(out, 1, SOON_MS);
    if (out.fate === "slow") return this.#take(out, 0, 1_200_000);
    if (out.fate === "done") return this.#take(out, 0, SOON_MS);
    out.denied = true;
    this.#tell(SOON_MS, out.resultUrl, outResult(out, 1));
    this.#insist(600_000, out.resultUrl, outResult(out, 0)); // nobody asks after what has failed, so this must arrive
    return acknowledge(out);
  }

  #take(out: Out, code: number | string, ms: number): Response {
    this.#tell(ms, out.resultUrl, outResult(out, code));
    return acknowledge(out);
  }

  #insist(ms: number, url: string, message: string): void {
    this.around.later(ms, async () => {
      if (await this.around.post(url, message) === false) this.#insist(AGAIN_MS, url, message);
    });
  }

  #tell(ms: number, url: string, message: string): void {
    this.around.later(ms, async () => void await this.around.post(url, message));
  }

  #noteIfPaused(truth: Truth, out: Out): void {
    const since = truth.paused.get(out.place.merchant.id);
    if (since === undefined || out.at < since + this.around.pauseGraceMs) return;
    truth.notes.push({
      rule: "sent_while_paused",
      about: out.kind,
      text: `a ${out.kind} of ${out.amount / 100} left while ${out.place.merchant.name}'s payouts were paused`,
    });
  }

  #status(truth: Truth, body: Body): Response {
    const id = body["OriginalConversationID"] ?? body["TransactionID"];
    const found = truth.outs.find((o) => o.conversation === id || o.originator === id || o.receipt === id) ?? null;
    const silent = found?.fate === "failed_first"; // its results are still to come
    // What was lost on the way is not found at first, though it is done.
    const unfound = found?.fate === "lost" && !truth.settling && this.around.now() - found.at < FOUND_AFTER_MS;
    const originator = `model-status-${++this.#ids}`;
    const url = String(body["ResultURL"]);
    const answer = statusResult(unfound ? null : found, originator);
    if (!silent) this.#tell(SOON_MS, url, answer);
    return Response.json({ ...ACCEPTED, ConversationID: "AG_20261130_2010", OriginatorConversationID: originator });
  }
}

function oauth(request: Request): Response | null {
  const credentials = atob((request.headers.get("authorization") ?? "").replace(/^Basic /, ""));
  if (!credentials.startsWith(`${MODEL_APP}:`)) return null;
  return Response.json({ access_token: "model-access-token-for-daraja", expires_in: "3599" });
}

const ambiguous = (): Response => new Response("<html>", { status: 503, headers: { "content-type": "text/html" } });

const acknowledge = (out: Out): Response =>
  Response.json({ ...ACCEPTED, ConversationID: out.conversation, OriginatorConversationID: out.originator });

/** STK query: it names neither amount nor receipt. */
function missing(): Response {
  const body = { requestId: "1", errorCode: "500.001.1001", errorMessage: "The transaction does not Exist" };
  return Response.json(body, { status: 500 });
}

function query(truth: Truth, id: string): Response {
  const prompt = truth.prompts.find((p) => p.request?.id === id);
  if (prompt === undefined) return missing();
  const [code, words] = verdict(truth, prompt);
  return Response.json({
    ResponseCode: "0",
    ResponseDescription: "The service request has been accepted successsfully",
    MerchantRequestID: prompt.request?.merchantRequest,
    CheckoutRequestID: id,
    ResultCode: code,
    ResultDesc: words,
  });
}

function verdict(truth: Truth, prompt: Prompt): readonly [code: string, words: string] {
  const processing = ["4999", "The transaction is still under processing"] as const;
  const cancelled = ["1032", "Request Cancelled by user."] as const;
  if (!truth.settling) {
    if (prompt.plan.query === "nothing") return processing;
    if (prompt.plan.query === "denies") {
      prompt.denied = true;
      return cancelled;
    }
  }
  if (prompt.outcome === "paid") return ["0", "The service request is processed successfully."];
  if (prompt.outcome === "cancelled") return cancelled;
  return truth.settling ? ["1037", "DS timeout user cannot be reached."] : processing;
}

const PAGE = 100;

function pull(truth: Truth, place: Place, offset: number, now: number): Response {
  const transfers = truth.transfers.filter((t) => t.place === place);
  const reversals = truth.outs.filter((out) => out.place === place && out.of !== null && out.done);
  for (const transfer of transfers) transfer.told.add("pull");
  for (const out of reversals) out.listedAt ??= now;
  const rows = [...transfers.map(pullRow), ...reversals.map(reversalRow)].slice(offset, offset + PAGE);
  if (rows.length === 0) return Response.json({ ResponseRefID: "1", ResponseCode: "1001", ResponseMessage: "None" });
  return Response.json({
    ResponseRefID: "1",
    ResponseCode: "1000",
    ResponseMessage: "Success",
    Response: [rows],
  });
}
