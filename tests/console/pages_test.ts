import assert from "node:assert/strict";
import { ROLES } from "../../src/auth/roles.ts";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../src/cli/seed.ts";
import { addressOf } from "../../src/console/layout/mount-pages.ts";
import type { Page } from "../../src/console/kit/page.ts";
import { changeKinds } from "../../src/app/change-kinds.ts";
import { pagesOf } from "../../src/console/pages.ts";
import { createEndpoint } from "../../src/webhooks/endpoints/create-endpoint.ts";
import { contextAs } from "../support/people.ts";
import { createCheckout } from "../support/checkouts.ts";
import { personId, signInAs, Visitor } from "../support/console.ts";
import { createBatch, createPayout } from "../support/payouts.ts";
import { type Client, type InProcess, inProcess } from "../support/in-process.ts";
import { paidCheckout, payPaybill } from "../support/money.ts";

const asOther = { client: "cli_other" } as const;

interface Ids {
  readonly own: string;
  readonly foreign: string;
}

/** A record of each kind that has a page, and one of another merchant. A new kind of page needs its line here. */
async function records(run: InProcess): Promise<Readonly<Record<string, Ids>>> {
  const payment = await paidCheckout(run);
  const foreign = await createCheckout(run, { phone_number: "0722345678" }, { client: "cli_other" });
  await run.pass();
  const [[foreignPayment] = []] = await run.sql("SELECT id FROM payments WHERE checkout_id = ?", foreign.id);
  await payPaybill(run);
  const [[unmatched] = []] = await run.sql("SELECT id FROM payments WHERE status = 'unmatched'");
  const till = payment.checkout ?? "";
  const both = async (make: (client: Client) => Promise<string>): Promise<Ids> => ({
    own: await make("cli_demo"),
    foreign: await make("cli_other"),
  });
  return {
    refunds: await both((client) => {
      const paid = client === "cli_demo" ? String(unmatched) : String(foreignPayment);
      return made(run, client, "/v1/refunds", { payment: paid, reason: "Out of stock" });
    }),
    reconciliation: await both((client) => importStatement(run, client)),
    shortcodes: {
      own: await idOf(run, "shortcodes", DEMO_MERCHANT),
      foreign: await idOf(run, "shortcodes", OTHER_MERCHANT),
    },
    clients: { own: "cli_demo", foreign: "cli_other" },
    people: { own: personId("finance@demo.test"), foreign: "per_nobody" },
    webhooks: await both(async (client) =>
      await storeEndpoint(run, client === "cli_demo" ? DEMO_MERCHANT : OTHER_MERCHANT)
    ),
    changes: await both((client) => made(run, client, "/v1/webhook-endpoints", ENDPOINT)),
    attention: { own: `case_${unmatched}`, foreign: `case_${foreignPayment}` },
    merchants: { own: DEMO_MERCHANT, foreign: OTHER_MERCHANT },
    jobs: { own: "notice", foreign: "notice" },
    payments: { own: payment.id, foreign: String(foreignPayment) },
    till: { own: till, foreign: foreign.id },
    came: { own: String(unmatched), foreign: String(foreignPayment) },
    links: {
      own: await made(run, "cli_demo", "/v1/payment-links", LINK),
      foreign: await made(run, "cli_other", "/v1/payment-links", LINK),
    },
    checkouts: { own: payment.checkout ?? "", foreign: foreign.id },
    payouts: { own: (await createPayout(run)).id, foreign: (await createPayout(run, {}, asOther)).id },
    batches: { own: await createBatch(run), foreign: await createBatch(run, undefined, asOther) },
  };
}

const LINK = { currency: "KES", description: "Rent" };
const ENDPOINT = { url: "https://shop.example/hooks", events: ["*"] };

/** The id of something that a client makes, or proposes. */
async function made(run: InProcess, client: Client, path: string, body: unknown): Promise<string> {
  const answer = await run.call<{ id: string }>("POST", path, body, { client });
  assert.ok(answer.status < 300, JSON.stringify(answer.body));
  return answer.body.id;
}

const idOf = async (run: InProcess, table: string, merchant: string): Promise<string> =>
  String((await run.sql(`SELECT id FROM ${table} WHERE merchant_id = ? LIMIT 1`, merchant))[0]?.[0]);

/** Where changes wait for a second person, an endpoint is made by its own verb. */
async function storeEndpoint(run: InProcess, merchantId: string): Promise<string> {
  const ctx = { ...await contextAs(run, "admin@demo.test"), merchantId };
  return (await createEndpoint(ctx, { url: "https://shop.example/told", events: ["*"], status: "enabled" })).id;
}

async function importStatement(run: InProcess, client: Client): Promise<string> {
  const raw = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,A/C No.\r\n" +
    "UKM9X2A1BC,22-11-2026 12:13:25,Pay Bill,Completed,1500.00,,Pay Bill Online,INV1001\r\n";
  const options = { client, raw, headers: { "content-type": "text/csv" } };
  const { status, body } = await run.call<{ id: string }>("POST", "/v1/reconciliations", undefined, options);
  assert.equal(status, 202, JSON.stringify(body));
  return body.id;
}

function urlOf(page: Page, id: string, merchant = DEMO_MERCHANT): string {
  return addressOf(page).replace(":merchant", merchant).replace(":id", id);
}

/** The pages of one checkout that cashiers have, for what they sold today. */
const OTHERS_SALES = /^(till|checkouts)\/:id/;

const all = pagesOf(changeKinds);

Deno.test("every page: who may see it, and nobody sees another merchant's", () =>
  inProcess(async (run) => {
    const ids = await records(run);
    const stranger = new Visitor(run);
    for (const page of all) {
      const kind = page.path.split("/")[0] ?? "";
      const record = page.path.includes(":id") ? ids[kind] : { own: "", foreign: "" };
      assert.ok(record, `tests/console/pages_test.ts has no record for ${page.path}`);
      const { response } = await stranger.go(urlOf(page, record.own));
      assert.equal(response.status, 303, page.path);
      assert.match(response.headers.get("location") ?? "", /^\/console\/sign-in\?next=/, page.path);
    }
    for (const role of ROLES) {
      const visitor = await signInAs(run, [role]);
      for (const page of all) {
        const record = ids[page.path.split("/")[0] ?? ""] ?? { own: "", foreign: "" };
        const { response, html } = await visitor.go(urlOf(page, record.own));
        const isAllowed = page.roles.includes(role) && !(role === "cashier" && OTHERS_SALES.test(page.path));
        if (role === "cashier" && page.roles.includes(role) && !isAllowed) {
          assert.equal(
            response.status,
            404,
            `a cashier sees what they sold themselves, and no other sale: ${page.path}`,
          );
          continue;
        }
        assert.equal(response.status, isAllowed ? 200 : 403, `${role} ${page.path}: ${html.slice(0, 2_000)}`);
        assert.match(html, /<main /, "also a refusal is a page with a menu");
        if (page.post !== undefined) {
          assert.equal(
            (await visitor.submit(urlOf(page, record.own), {})).status,
            403,
            `${role} ${page.path}: no token`,
          );
        }
        if (page.area === "platform") continue;
        const isForeign = role === "platform" ? 200 : 404; // people of the platform open any merchant
        const other = await visitor.go(urlOf(page, record.foreign, OTHER_MERCHANT));
        assert.equal(
          other.response.status === 403 ? 404 : other.response.status,
          isAllowed ? isForeign : 404,
          page.path,
        );
        if (page.path.includes(":id") && isAllowed && role !== "platform") {
          assert.equal((await visitor.go(urlOf(page, record.foreign))).response.status, 404, `${role} ${page.path}`);
          assert.equal((await visitor.go(urlOf(page, "pay_nothing"))).response.status, 404, `${role} ${page.path}`);
        }
      }
    }
  }, { env: { CHANGE_DELAY_HOURS: "24" } }));

Deno.test("pages carry a strict policy, run no text as script or style, and stay in no cache", () =>
  inProcess(async (run) => {
    const visitor = await signInAs(run, ["admin"]);
    for (const page of all.filter(({ path, area }) => !path.includes(":") && area === "merchant")) {
      const { response, html } = await visitor.go(urlOf(page, ""));
      const { headers } = response;
      assert.equal(
        headers.get("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      assert.equal(headers.get("cache-control"), "no-store");
      assert.doesNotMatch(
        html,
        / style="| on\w+="|<script(?![^>]* src=")|<style|https?:\/\/(?!www\.w3\.org)/,
        page.path,
      );
    }
  }));
