import { outResult, statusResult, stkCallback } from "../model/notices.ts";
import { MODEL_APP } from "../model/set-up.ts";
import type { Out, Place, Transfer, Truth } from "../model/truth.ts";

/** A prompt on a phone, and what its customer did. */
export interface Prompt {
  readonly phone: string;
  request: { readonly id: string; readonly merchantRequest: string; readonly callbackUrl: string } | null;
  customer: "nothing" | "paid" | "cancelled";
  transfer: Transfer | null;
}

/** What becomes of the next request that sends money out. */
export interface Fate {
  readonly call: "accepted" | "lost" | "refused";
  readonly moved: boolean;
}

type Body = Readonly<Record<string, unknown>>;
const TAKEN = { ResponseCode: "0", ResponseDescription: "Accept the service request successfully." };
const lost = () => new Response("<html>", { status: 503, headers: { "content-type": "text/html" } });
const error = (errorCode: string, errorMessage: string, status: number) =>
  Response.json({ requestId: "1", errorCode, errorMessage }, { status });

export const neverWas = (): Response => error("500.001.1001", "The transaction does not Exist", 500);

/** Answers a request for a token by the app of the model's shortcodes; null: it is by another app. */
export function token(request: Request): Response | null {
  const isOurs = atob((request.headers.get("authorization") ?? "").slice("Basic ".length)).startsWith(`${MODEL_APP}:`);
  return isOurs ? Response.json({ access_token: "token-of-the-model", expires_in: "3599" }) : null;
}

/** Daraja, as the specifications have it: it says only what a step lets it say. */
export class Outside {
  readonly prompts: Prompt[] = [];
  readonly outs: Out[] = [];
  /** What STK queries say. */
  queries: "nothing" | "truth" | "lie" = "nothing";
  fate: Fate | null = null;
  #statusUrl = "";
  #timeoutUrl = "";

  constructor(readonly truth: Truth, readonly place: Place, readonly now: () => number) {}

  async answer(request: Request): Promise<Response | null> {
    const { pathname } = new URL(request.url);
    if (pathname === "/oauth/v1/generate") return token(request);
    const body: Body = await request.json();
    switch (pathname) {
      case "/mpesa/stkpush/v1/processrequest":
        return this.#push(body);
      case "/mpesa/stkpushquery/v1/query":
        return this.#query(String(body["CheckoutRequestID"]));
      case "/mpesa/reversal/v1/request":
        return this.#send("reversal", body);
      case "/mpesa/b2c/v3/paymentrequest":
        return this.#send("payout", body);
      case "/mpesa/transactionstatus/v1/query":
        this.#statusUrl = String(body["ResultURL"]);
        return Response.json({ ...TAKEN, ConversationID: "AG_1", OriginatorConversationID: "model-status" });
      default:
        return null;
    }
  }

  #push(body: Body): Response {
    const prompt = this.prompts.find(({ phone }) => phone === String(body["PhoneNumber"]));
    if (prompt === undefined || prompt.request !== null) throw new Error("a prompt that no step asked for");
    const id = `ws_CO_241120261230${prompt.phone}`;
    prompt.request = { id, merchantRequest: `model-${prompt.phone}`, callbackUrl: String(body["CallBackURL"]) };
    return Response.json({
      ...TAKEN,
      MerchantRequestID: prompt.request.merchantRequest,
      CheckoutRequestID: id,
      CustomerMessage: "Success. Request accepted for processing",
    });
  }

  #query(id: string): Response {
    const prompt = this.prompts.find(({ request }) => request?.id === id);
    if (prompt === undefined) return neverWas();
    const code = this.queries === "nothing"
      ? "4999"
      : this.queries === "lie" || prompt.customer === "cancelled"
      ? "1032"
      : prompt.customer === "paid"
      ? "0"
      : "4999";
    return Response.json({
      ...TAKEN,
      MerchantRequestID: prompt.request?.merchantRequest,
      CheckoutRequestID: id,
      ResultCode: code,
      ResultDesc: code === "0" ? "The service request is processed successfully." : "As the specification has it",
    });
  }

  #send(kind: Out["kind"], body: Body): Response {
    const { fate } = this;
    if (fate === null) throw new Error(`a ${kind} that no step asked for`);
    this.fate = null;
    if (fate.call === "refused") return error("400.002.02", "Bad Request - Invalid Amount", 400);
    const earlier = this.outs.find(({ originator }) => originator === body["OriginatorConversationID"]);
    if (earlier?.done) throw new Error("what left is sent again");
    const n = this.outs.length + 1;
    const out: Out = {
      kind,
      receipt: this.truth.receipt(),
      place: this.place,
      amount: Number(body["Amount"]) * 100,
      phone: String(body["PartyB"] ?? ""),
      of: this.prompts.find(({ transfer }) => transfer?.receipt === body["TransactionID"])?.transfer ?? null,
      fate: "done",
      conversation: `AG_${this.place.number}_${n}`,
      originator: String(body["OriginatorConversationID"] ?? `model-out-${this.place.number}-${n}`),
      resultUrl: String(body["ResultURL"]),
      at: this.now(),
      done: fate.moved,
      denied: false,
      isForeign: false,
      listedAt: null,
    };
    this.outs.push(out);
    this.#timeoutUrl = String(body["QueueTimeOutURL"]);
    if (fate.call === "lost") return lost();
    return Response.json({
      ...TAKEN,
      ConversationID: out.conversation,
      OriginatorConversationID: out.originator,
    });
  }

  /** The callback of a prompt that was answered: where it goes, and what it says. */
  callback(prompt: Prompt): readonly [url: string, body: string] {
    return [prompt.request?.callbackUrl ?? "", stkCallback(prompt, "whole")];
  }

  /** The result of the last request that sends money out. */
  result(): readonly [url: string, body: string] {
    const out = this.#last();
    return [out.resultUrl, outResult(out, out.done ? 0 : 2001)];
  }

  /** What Transaction Status found for the last question. */
  found(): readonly [url: string, body: string] {
    return [this.#statusUrl, statusResult(this.#last(), "model-status")];
  }

  /** Transaction Status did not find it. */
  notFound(): readonly [url: string, body: string] {
    return [this.#statusUrl, statusResult(null, "model-status")];
  }

  /** The notice that the queue of the request has timed out. */
  queueTimeout(): readonly [url: string, body: string] {
    const out = this.#last();
    return [
      this.#timeoutUrl,
      JSON.stringify({
        Result: {
          ResultType: 1,
          ResultCode: 1,
          ResultDesc: "The queue has timed out.",
          OriginatorConversationID: out.originator,
          ConversationID: out.conversation,
          TransactionID: "UKA0000000",
        },
      }),
    ];
  }

  #last(): Out {
    const out = this.outs.at(-1);
    if (out === undefined) throw new Error("no money was sent");
    return out;
  }
}
