import assert from "node:assert/strict";
import type { Role } from "../../src/auth/roles.ts";
import { DEMO_MERCHANT, demoPeople } from "../../src/cli/seed.ts";
import { newLink } from "../../src/domain/people/links.ts";
import { insertPerson, newPerson } from "../../src/domain/people/store.ts";
import { Shopper } from "../pages/shopper.ts";
import type { InProcess } from "./in-process.ts";

/** The people of the development seed. */
export type DemoEmail = "finance@demo.test" | "approver@demo.test" | "admin@demo.test" | "platform@malipo.test";

/** The id of a person of the development seed. */
export const personId = (email: DemoEmail): string => demoPeople.find((person) => person.email === email)?.id ?? "";

/** A browser without script in the console: cookies, links and forms. */
export class Visitor extends Shopper {
  constructor(readonly run: InProcess, headers: Readonly<Record<string, string>> = {}) {
    super((request) => run.app.fetch(request), headers);
  }

  /** The CSRF token of a page's first form. */
  async csrf(path: string): Promise<string> {
    const { html } = await this.go(path);
    return /name="csrf" value="([0-9a-f]+)"/.exec(html)?.[1] ?? "";
  }

  /** Posts a form without following where it leads. */
  async submit(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    const { response } = await this.go(path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
      body: new TextEncoder().encode(String(new URLSearchParams(fields))),
    });
    return response;
  }
}

/** A new one-time link of a person. */
export async function linkOf(run: InProcess, id: string, lifetimeMs = 60_000): Promise<string> {
  const { path, statement } = newLink({ clock: run.services.clock, actor: "cli" }, id, lifetimeMs);
  await run.db.write([statement]);
  return path;
}

/** A browser in which a person of the development seed is signed in. */
export async function signIn(run: InProcess, email: DemoEmail): Promise<Visitor> {
  const visitor = new Visitor(run);
  const response = await visitor.submit(await linkOf(run, personId(email)), {});
  assert.equal(response.status, 303);
  return visitor;
}

/** A browser in which a new person of a merchant, with these roles, is signed in. */
export async function signInAs(run: InProcess, roles: readonly Role[], merchant = DEMO_MERCHANT): Promise<Visitor> {
  const author = { ...run.services, merchantId: merchant, actor: "cli" };
  const name = roles.join("-");
  const person = await newPerson(author, { email: `${name}-${crypto.randomUUID()}@demo.test`, name }, roles);
  await run.db.write([insertPerson(person)]);
  const visitor = new Visitor(run);
  const response = await visitor.submit(await linkOf(run, person.id), {});
  assert.equal(response.status, 303);
  return visitor;
}

/** The address of a page of the demo merchant. */
export const consoleUrl = (path: string, merchant = DEMO_MERCHANT): string => `/console/m/${merchant}/${path}`;

/** The fields of the first form of a page that is sent to an address, as a browser would send them. */
export function formOf(html: string, action: string | RegExp): Record<string, string> {
  const forms = [...html.matchAll(/<form[^>]* action="([^"]*)"[^>]*>(.*?)<\/form>/gs)];
  const plain = (text = "") =>
    text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&");
  const found = forms.find(([, to]) => typeof action === "string" ? plain(to) === action : action.test(plain(to)));
  assert.ok(found, `no form to ${action}`);
  const fields: Record<string, string> = {};
  for (const [tag] of (found[2] ?? "").matchAll(/<input[^>]*>/g)) {
    const name = /name="([^"]*)"/.exec(tag)?.[1];
    if (name !== undefined && !/type="(radio|checkbox)"/.test(tag)) {
      fields[name] = plain(/value="([^"]*)"/.exec(tag)?.[1]);
    }
  }
  for (
    const [, name = "", options = ""] of (found[2] ?? "").matchAll(/<select[^>]* name="([^"]*)"[^>]*>(.*?)<\/select>/gs)
  ) {
    fields[name] = plain(
      /<option[^>]* value="([^"]*)" selected/.exec(options)?.[1] ?? /<option[^>]* value="([^"]*)"/.exec(options)?.[1],
    );
  }
  return fields;
}
