import { createCheckout } from "../support/checkouts.ts";
import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import { type InProcess, publicUrl } from "../support/in-process.ts";

/** Enough of a browser without script: cookies, links and forms. */
export class Shopper {
  readonly cookies = new Map<string, string>();
  constructor(
    readonly send: (request: Request) => Response | Promise<Response>,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  async go(path: string, init: RequestInit = {}): Promise<{ response: Response; html: string }> {
    const headers = new Headers({ ...this.headers, accept: "text/html" });
    for (const [name, value] of Object.entries((init.headers ?? {}) as Record<string, string>)) {
      headers.set(name, value); // only records are given here
    }
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (cookie !== "") headers.set("cookie", cookie);
    const response = await this.send(new Request(new URL(path, publicUrl), { ...init, headers }));
    for (const set of response.headers.getSetCookie()) {
      const [pair = ""] = set.split(";");
      const equals = pair.indexOf("=");
      if (/max-age=0/i.test(set)) this.cookies.delete(pair.slice(0, equals));
      else this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return { response, html: await response.text() };
  }

  /** Sends a form, and follows where it leads. */
  async post(
    path: string,
    fields: Record<string, string>,
  ): Promise<{ response: Response; html: string; location: string | null }> {
    const posted = await this.go(path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new TextEncoder().encode(String(new URLSearchParams(fields))),
    });
    const location = posted.response.headers.get("location");
    if (posted.response.status !== 303 || location === null) return { ...posted, location };
    return { ...await this.go(location), location };
  }
}

/** A shopper in front of a new checkout, and how to press its button. */
export async function shopping(
  run: InProcess,
  changes: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Visit> {
  const checkout = await createCheckout(run, changes);
  return new Visit(new Shopper((request) => run.app.fetch(request), headers), checkout);
}

/** One shopper's visit to one checkout. */
export class Visit {
  readonly path: string;
  readonly token: string;
  constructor(readonly shopper: Shopper, readonly checkout: CheckoutView) {
    const url = new URL(checkout.hosted_url);
    this.path = url.pathname;
    this.token = url.searchParams.get("token") ?? "";
  }

  look(more = ""): Promise<{ response: Response; html: string }> {
    return this.shopper.go(`${this.path}?token=${this.token}${more}`);
  }

  prompt(phone: string, more: Record<string, string> = {}): ReturnType<Shopper["post"]> {
    return this.shopper.post(`${this.path}/prompt`, { token: this.token, phone, remember: "yes", ...more });
  }
}

/** The stage that a page shows. */
export const stageOf = (html: string): string | null => /data-stage="(\w+)"/.exec(html)?.[1] ?? null;

/** The text of a page, its tags gone. */
export const wordsOf = (html: string): string =>
  html.replaceAll(/<span class="nb">([^<]*)<\/span>/g, "$1").replaceAll(/<[^>]*>/g, " ").replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&").replaceAll(/\s+/g, " ");
