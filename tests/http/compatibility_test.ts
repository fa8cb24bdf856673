import assert from "node:assert/strict";
import { findBreaks } from "../../src/cli/compare-documents.ts";
import { announcesBreak, currentDocument, releasedDocument, unannouncedBreaks } from "../../src/cli/openapi.ts";
import type { Document } from "../../src/http/openapi/types.ts";

const kept = await releasedDocument();

Deno.test("the interface breaks nothing that was written for the last release, unless the version says so", () => {
  assert.deepEqual(
    unannouncedBreaks(kept, currentDocument()),
    [],
    "keep it compatible, or raise the version in deno.json",
  );
});

Deno.test("before 1.0.0 a minor version may break, afterwards only a major one", () => {
  const allowed: [string, string, boolean][] = [
    ["0.1.0", "0.1.1", false],
    ["0.1.0", "0.2.0", true],
    ["0.9.0", "1.0.0", true],
    ["1.2.0", "1.9.0", false],
    ["1.2.0", "2.0.0", true],
    ["2.0.0", "1.0.0", false],
  ];
  for (const [from, to, expected] of allowed) assert.equal(announcesBreak(from, to), expected, `${from} to ${to}`);
});

/** A copy in which `change` has been made; nodes are found by path, since the test is about any change at all. */
function changed(change: (document: Loose) => void): Document {
  const copy = structuredClone(currentDocument());
  change(copy as unknown as Loose); // JSON, to be changed at will
  return copy;
}
// deno-lint-ignore no-explicit-any -- a document that a test takes apart
type Loose = any;

const body = (document: Loose) => document.paths["/v1/checkouts"].post.requestBody.content["application/json"].schema;
const shortcode = (document: Loose) =>
  document.paths["/v1/shortcodes/{id}"].patch.requestBody.content["application/json"].schema.properties;
const message = (document: Loose) =>
  document.webhooks["checkout.succeeded"].post.requestBody.content["application/json"].schema;
const ended = (document: Loose) => document.components.schemas.Attempt.properties.ended_at.anyOf;
const checkout = (document: Loose) => document.components.schemas.Checkout;

const breaking: [name: string, change: (document: Loose) => void, said: RegExp][] = [
  ["a call is removed", (d) => delete d.paths["/v1/payments"].get, /GET \/v1\/payments is gone/],
  ["an operation id changes", (d) => d.paths["/v1/payments"].get.operationId = "allPayments", /id was listPayments/],
  ["a field of an answer is removed", (d) => delete checkout(d).properties.hosted_url, /hosted_url is gone/],
  ["a field of an answer may be missing", (d) => checkout(d).required.shift(), /id may be missing/],
  [
    "a field of an answer may be null",
    (d) => checkout(d).properties.id.type = ["string", "null"],
    /id may be null now/,
  ],
  [
    "a field of an answer changes its type",
    (d) => checkout(d).properties.amount.type = "string",
    /amount may be string/,
  ],
  [
    "a field within an answer's list is removed",
    (d) => delete d.components.schemas.Attempt.properties.status,
    /attempts\[\]\.status is gone/,
  ],
  ["a field of a request becomes required", (d) => body(d).required.push("phone_number"), /phone_number is required/],
  ["a field of a request is removed", (d) => delete body(d).properties.metadata, /metadata is taken no longer/],
  ["a request's text must be shorter", (d) => body(d).properties.reference.maxLength = 10, /maxLength is smaller/],
  ["a request's number must be larger", (d) => body(d).properties.expires_in.minimum = 60, /minimum is larger/],
  ["a request's value changes", (d) => body(d).properties.currency.const = "USD", /currency may be KES no longer/],
  ["a request's type changes", (d) => body(d).properties.amount.type = "string", /amount may be integer no longer/],
  ["a request's pattern changes", (d) => body(d).properties.shortcode.pattern = "^6", /another pattern/],
  [
    "a parameter's enum is narrowed",
    (d) => d.paths["/v1/checkouts"].get.parameters.find((p: Loose) => p.name === "status").schema.enum.pop(),
    /status may be review no longer/,
  ],
  ["a parameter is removed", (d) => d.paths["/v1/checkouts"].get.parameters.pop(), /parameter reference is gone/],
  [
    "a parameter is new and required",
    (d) => d.paths["/v1/checkouts"].get.parameters.push({ name: "day", in: "query", required: true, schema: {} }),
    /day is new and required/,
  ],
  [
    "another scope is needed",
    (d) => d.paths["/v1/checkouts"].get.security = [{ oauth: ["operator"] }],
    /scope operator/,
  ],
  [
    "another status is answered",
    (d) => {
      const { responses } = d.paths["/v1/checkouts"].post;
      responses["202"] = responses["201"];
      delete responses["201"];
    },
    /answers 201 no longer/,
  ],
  [
    "a body becomes required",
    (d) => d.paths["/v1/payouts/{id}/cancel"].post.requestBody = { content: {}, required: true },
    /cancel: a body is required now/,
  ],
  ["a request's format changes", (d) => body(d).properties.reference.format = "uuid", /reference must be a uuid now/],
  [
    "a request's value that may be null gets shorter",
    (d) => shortcode(d).initiator_name.anyOf[0].maxLength = 1,
    /initiator_name: maxLength is smaller/,
  ],
  [
    "a request's value may be null no longer",
    (d) => shortcode(d).initiator_name.anyOf.pop(),
    /initiator_name may be null no longer/,
  ],
  [
    "one of several patterns of a request changes",
    (d) => body(d).properties.account_reference.allOf[1].pattern = "^6",
    /account_reference has another pattern/,
  ],
  [
    "a request's keys must be shorter",
    (d) => body(d).properties.metadata.propertyNames.maxLength = 1,
    /metadata\.\(keys\): maxLength is smaller/,
  ],
  [
    "the values of a request's map must be shorter",
    (d) => body(d).properties.metadata.additionalProperties.maxLength = 1,
    /metadata\.\(values\): maxLength is smaller/,
  ],
  [
    "an answer's value that may be null changes its format",
    (d) => ended(d)[0].format = "date",
    /ended_at is no date-time any more/,
  ],
  ["an answer gets another kind of value", (d) => ended(d).push({ type: "integer" }), /ended_at may be integer now/],
  [
    "a field of an event's message may be missing",
    (d) => message(d).allOf[1].required = [],
    /checkout\.succeeded: timestamp may be missing now/,
  ],
  [
    "a field of an event's message changes its type",
    (d) => message(d).allOf[1].properties.timestamp = { type: "integer" },
    /checkout\.succeeded: timestamp may be integer now/,
  ],
  [
    "a field of a problem is removed",
    (d) => delete d.components.schemas.Problem.properties.code,
    /Problem: code is gone/,
  ],
  ["an event type is removed", (d) => delete d.webhooks["checkout.succeeded"], /checkout\.succeeded is gone/],
];

for (const [name, change, said] of breaking) {
  Deno.test(`it breaks when ${name}`, () => {
    const found = findBreaks(currentDocument(), changed(change));
    assert.ok(found.some((text) => said.test(text)), found.join("\n") || "nothing was found");
  });
}

const harmless: [name: string, change: (document: Loose) => void][] = [
  ["nothing changes", () => {}],
  ["a call is added", (d) => d.paths["/v1/new"] = d.paths["/v1/payments"]],
  ["an answer has a new field", (d) => checkout(d).properties.new_field = { type: "string" }],
  ["an answer's field is always there now", (d) => d.components.schemas.Problem.required.push("errors")],
  ["an answer's enum grows", (d) => checkout(d).properties.status.enum.push("paused")],
  ["a request has a new optional field", (d) => body(d).properties.new_field = { type: "string" }],
  ["a request's field is required no longer", (d) => body(d).required.pop()],
  ["a request's limit is wider", (d) => body(d).properties.reference.maxLength = 100],
  ["a call needs no scope any more", (d) => d.paths["/v1/checkouts"].get.security = []],
  ["an answer's value changes", (d) => checkout(d).properties.currency.const = "USD"],
  ["an answer's value is null no longer", (d) => ended(d).pop()],
  ["an answer's text may be longer", (d) => checkout(d).properties.reference.maxLength = 1000],
  ["a request's number may be a fraction", (d) => body(d).properties.expires_in.type = "number"],
  ["a request's value may be null", (d) => body(d).properties.reference.type = ["string", "null"]],
  [
    "a request's type is written in another way",
    (d) => body(d).properties.reference = { anyOf: [body(d).properties.reference] },
  ],
  ["an error status is answered no longer", (d) => delete d.paths["/v1/checkouts"].post.responses["409"]],
  ["a problem code is added", (d) => d.components.schemas.Problem.properties.code.enum.push("new_code")],
  ["words change", (d) => d.paths["/v1/checkouts"].get.summary = "All of them"],
  ["an event type is added", (d) => d.webhooks["checkout.paused"] = d.webhooks["checkout.expired"]],
];

for (const [name, change] of harmless) {
  Deno.test(`it breaks nothing when ${name}`, () => {
    assert.deepEqual(findBreaks(currentDocument(), changed(change)), []);
  });
}
