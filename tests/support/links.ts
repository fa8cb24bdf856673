import type { PaymentLinkView } from "../../src/domain/payment-links/contract.ts";
import { Shopper, wordsOf } from "../pages/shopper.ts";
import type { CallOptions } from "./client.ts";
import type { InProcess } from "./in-process.ts";

/** Creates a payment link. Fails unless that is answered 201. */
export async function createLink(
  run: InProcess,
  changes: Readonly<Record<string, unknown>> = {},
  options: CallOptions = {},
): Promise<PaymentLinkView> {
  const body = { amount: 150_000, currency: "KES", description: "Rent, house 12", ...changes };
  const answer = await run.call<PaymentLinkView>("POST", "/v1/payment-links", body, options);
  if (answer.status !== 201) throw new Error(`no link: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export const getLink = async (run: InProcess, id: string): Promise<PaymentLinkView> =>
  (await run.call<PaymentLinkView>("GET", `/v1/payment-links/${id}`)).body;

/** Somebody in front of the page of a link. */
export class LinkVisit {
  readonly path: string;
  readonly shopper: Shopper;
  constructor(run: InProcess, url: string, headers: Readonly<Record<string, string>> = {}) {
    this.path = new URL(url).pathname;
    this.shopper = new Shopper((request) => run.app.fetch(request), headers);
  }

  async look(): Promise<{ status: number; html: string; words: string; start: string; response: Response }> {
    const { response, html } = await this.shopper.go(this.path);
    const start = /name="start" value="(\w+)"/.exec(html)?.[1] ?? "";
    return { status: response.status, html, words: wordsOf(html), start, response };
  }

  /** Opens the page, and sends its form. */
  async pay(phone: string, more: Record<string, string> = {}): ReturnType<Shopper["post"]> {
    return await this.shopper.post(this.path, { start: (await this.look()).start, phone, ...more });
  }
}
