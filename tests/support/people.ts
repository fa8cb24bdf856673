import assert from "node:assert/strict";
import { type Context, reachOfRequest } from "../../src/context/context.ts";
import { findActor } from "../../src/domain/people/actor.ts";
import { Authenticator } from "./authenticator.ts";
import { type DemoEmail, personId, signIn, type Visitor } from "./console.ts";
import { type InProcess, publicUrl } from "./in-process.ts";

const decoded = (text: string): string =>
  text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll(
    "&amp;",
    "&",
  );

/** A form that a passkey answers, as it stands in a page. */
export interface PasskeyFormFound {
  readonly action: string;
  /** What the browser is asked for. */
  readonly options: Parameters<Authenticator["sign"]>[0];
  readonly csrf: string;
}

/** The first form of a page that a passkey answers. */
export function passkeyForm(html: string): PasskeyFormFound {
  const [form = "", action = "", options = "{}"] =
    /<form method="post" class="stack" action="([^"]+)" data-passkey="\w+" data-options="([^"]+)".*?<\/form>/s.exec(
      html,
    ) ?? [];
  const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(form)?.[1] ?? "";
  return { action: decoded(action), options: JSON.parse(decoded(options)), csrf };
}

/** Adds a passkey to whoever is signed in, as the page and its script do. */
export async function addPasskeyTo(visitor: Visitor): Promise<Authenticator> {
  const device = await Authenticator.create(publicUrl);
  const { html } = await visitor.go("/console/me");
  const { action, options, csrf } = passkeyForm(html);
  const response = await visitor.submit(action, { csrf, name: "my phone", passkey: await device.make(options) });
  assert.equal(response.status, 303);
  return device;
}

/** The context of a person of the development seed, as a page of the console makes it. */
export async function contextAs(run: InProcess, email: DemoEmail): Promise<Context> {
  if (await findActor(run.services, personId(email)) === null) await signIn(run, email); // they have only been invited
  const actor = await findActor(run.services, personId(email));
  assert.ok(actor !== null);
  const { merchantId, scopes } = actor;
  return {
    ...run.services,
    merchantId,
    reach: reachOfRequest("own", { merchantId, scopes }),
    actor: actor.id,
    actorMerchantId: merchantId,
    address: "127.0.0.1",
    requestId: "req_test",
    scopes,
    claim: null,
    note: () => {},
  };
}
