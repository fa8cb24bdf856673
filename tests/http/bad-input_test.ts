import assert from "node:assert/strict";
import { checkoutBody } from "../support/checkouts.ts";
import type { CallOptions } from "../support/client.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";

/** A bad request for a checkout: its name, the problem, the pointer (null: the body as a whole), and what is sent. */
type Bad = readonly [name: string, code: string, pointer: string | null, sent: Sent];
interface Sent {
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly options?: CallOptions;
}

const field = (name: string, pointer: string, changes: Readonly<Record<string, unknown>>): Bad => [
  name,
  "validation_failed",
  pointer,
  { changes: { phone_number: "0712345678", ...changes } },
];
const raw = (name: string, code: string, text: string): Bad => [name, code, null, { options: { raw: text } }];
const typed = (type: string): Bad => [
  `content type ${type === "" ? "missing" : type}`,
  "unsupported_media_type",
  null,
  { options: { headers: { "content-type": type } } },
];

const amounts: Bad[] = [0, -100, 100.5, 150, 25_000_100, 1e21, "150000", null, true, [150_000]].map((amount) =>
  field(`amount ${JSON.stringify(amount)}`, "/amount", { amount })
);
const phones = [
  "+255712345678", // Tanzania
  "+447911123456",
  "0201234567", // a landline
  "071234567",
  "07123456789",
  "0612345678",
  "not a phone",
  "",
  712345678,
  null,
];

const bad: readonly Bad[] = [
  raw("not JSON", "invalid_json", "amount=100"),
  raw("half of a JSON text", "invalid_json", '{"amount": 100'),
  raw("an empty body", "invalid_json", ""),
  raw("a key twice", "duplicate_keys", '{"amount":100,"currency":"KES","reference":"a","reference":"b"}'),
  raw(
    "a key twice, deep inside",
    "duplicate_keys",
    '{"amount":100,"currency":"KES","reference":"a","metadata":{"a":"1","a":"2"}}',
  ),
  raw("a list", "validation_failed", "[]"),
  raw("null", "validation_failed", "null"),
  raw("a text", "validation_failed", '"checkout"'),
  raw("a number", "validation_failed", "1"),
  typed(""),
  typed("text/plain"),
  typed("application/x-www-form-urlencoded"),
  typed("application/jsonp"),
  ["over 64 KiB", "body_too_large", null, { changes: { metadata: { big: "x".repeat(65_536) } } }],
  field("an unknown key", "/amout", { amout: 100 }),
  ...amounts,
  field("no amount", "/amount", { amount: undefined }),
  ...phones.map((phone_number) => field(`phone ${JSON.stringify(phone_number)}`, "/phone_number", { phone_number })),
  field("another currency", "/currency", { currency: "USD" }),
  field("no currency", "/currency", { currency: undefined }),
  field("no reference", "/reference", { reference: undefined }),
  field("an empty reference", "/reference", { reference: " " }),
  field("a reference of 65 characters", "/reference", { reference: "r".repeat(65) }),
  field("a reference with a line break", "/reference", { reference: "a\nb" }),
  field("an account reference of 13 characters", "/account_reference", { account_reference: "INV1234567890" }),
  field("an account reference with an emoji", "/account_reference", { account_reference: "INV✓" }),
  field("a description of 14 characters", "/description", { description: "fourteen chars" }),
  field("an unknown shortcode", "/shortcode", { shortcode: "999999" }),
  field("another merchant's shortcode", "/shortcode", { shortcode: "600001" }),
  field("a till's store number", "/shortcode", { shortcode: "500001" }),
  field("a shortcode that is a number", "/shortcode", { shortcode: 600000 }),
  field("a return address that runs script", "/return_url", { return_url: "javascript:alert(1)" }),
  field("a return address that is none", "/return_url", { return_url: "thanks" }),
  field("expires too soon", "/expires_in", { expires_in: 29 }),
  field("expires too late", "/expires_in", { expires_in: 86_401 }),
  field("expires at a fraction", "/expires_in", { expires_in: 60.5 }),
  field("metadata that is a list", "/metadata", { metadata: ["a"] }),
  field("a metadata value that is a number", "/metadata/cart", { metadata: { cart: 7 } }),
  field("51 keys of metadata", "/metadata", {
    metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, "v"])),
  }),
];

const statuses: Readonly<Record<string, number>> = {
  invalid_json: 400,
  duplicate_keys: 400,
  body_too_large: 413,
  unsupported_media_type: 415,
  validation_failed: 422,
};

/** How many rows there are of all that a checkout leaves, and how many pushes were sent. */
async function traces(run: InProcess): Promise<Record<string, number>> {
  const tables = ["checkouts", "attempts", "payments", "jobs", "events", "audit", "idempotency_keys", "counters"];
  const counts = await Promise.all(tables.map(async (table) => [table, await run.count(table)] as const));
  const pushes = run.simulator.world.requests.list().filter(({ operation }) => operation === "stk").length;
  return { ...Object.fromEntries(counts), pushes };
}

Deno.test("bad input is refused with the pointer and the rule; nothing is stored and no push sent", async (t) => {
  await inProcess(async (run) => {
    const before = await traces(run);
    for (const [name, code, pointer, { changes, options }] of bad) {
      await t.step(name, async () => {
        const answer = await run.call<ProblemBody>("POST", "/v1/checkouts", checkoutBody(changes), options);
        const { body } = answer;
        assert.deepEqual([answer.status, body.code, body.status], [statuses[code], code, answer.status]);
        assert.equal(answer.headers.get("content-type"), "application/problem+json");
        assert.ok(body.detail.length > 20, "it says what to do");
        if (pointer === null) return;
        const error = body.errors?.find((each) => each.pointer === pointer);
        assert.ok(error !== undefined, `no error at ${pointer}: ${JSON.stringify(body.errors)}`);
        assert.ok(error.detail.length > 5);
      });
    }
    assert.deepEqual(await traces(run), before);
  });
});

Deno.test("a body that grows past the limit without saying its length is refused", async () => {
  await inProcess(async (run) => {
    const token = await run.token();
    const chunk = new TextEncoder().encode(" ".repeat(8_192));
    const chunks = Array.from({ length: 9 }, () => chunk);
    const answer = await run.request<ProblemBody>(
      new Request("http://127.0.0.1:8000/v1/checkouts", {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": "k" },
        body: ReadableStream.from(chunks),
      }),
    );
    assert.deepEqual([answer.status, answer.body.code], [413, "body_too_large"]);
  });
});

Deno.test("all wrong fields are named at once", async () => {
  await inProcess(async (run) => {
    const { body } = await run.call<ProblemBody>("POST", "/v1/checkouts", {
      amount: 0,
      currency: "USD",
      colour: "red",
    });
    assert.deepEqual(body.errors?.map(({ pointer }) => pointer).sort(), [
      "/amount",
      "/colour",
      "/currency",
      "/reference",
    ]);
  });
});

Deno.test("a bad phone for another attempt is refused, and the checkout untouched", async () => {
  await inProcess(async (run) => {
    const { body } = await run.call<{ id: string }>("POST", "/v1/checkouts", checkoutBody());
    const before = await traces(run);
    for (const sent of [{ phone_number: "+255712345678" }, {}, { phone_number: "0712345678", amount: 100 }]) {
      const answer = await run.call<ProblemBody>("POST", `/v1/checkouts/${body.id}/attempts`, sent);
      assert.deepEqual([answer.status, answer.body.code], [422, "validation_failed"]);
    }
    assert.deepEqual(await traces(run), before);
  });
});

Deno.test("usual forms of a Kenyan mobile number and of the content type are welcome", async () => {
  await inProcess(async (run) => {
    const forms = ["0712345678", "+254712345678", "254712345678", "+254 712 345 678", "0712-345-678", "0110123456"];
    for (const phone_number of forms) {
      const { status, body } = await run.call<{ attempts: { phone_number: string }[] }>(
        "POST",
        "/v1/checkouts",
        checkoutBody({ phone_number }),
        { headers: { "content-type": "Application/JSON; charset=utf-8" } },
      );
      assert.equal(status, 201, phone_number);
      assert.match(body.attempts[0]?.phone_number ?? "", /^254[71]•••••\d{3}$/);
    }
  });
});
