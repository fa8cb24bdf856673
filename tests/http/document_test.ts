import assert from "node:assert/strict";
import { openApiDocument } from "../../src/http/openapi/document.ts";
import { resolve } from "../../src/http/openapi/types.ts";
import type { ApiOperation, ApiResponse, Example, Media } from "../../src/http/openapi/types.ts";
import { EXPLAINED_CODES } from "../../src/problems/help.ts";
import { problems } from "../../src/problems/problem.ts";
import { routes } from "../../src/app/routes.ts";
import { document, mistakes } from "../support/document.ts";
import { inProcess } from "../support/in-process.ts";

const SERVICE = /^\/(oauth|\.well-known|health|notify)\//;
/** Addresses for people, and the document itself. */
const PAGES =
  /^\/($|docs|problems|pay|p|r|s|logos|themes|demo|assets|console|status$|openapi\.json|llms\.txt|favicon|robots|\*)/;

/** Each call: where it stands in the document, and what it says. */
function* operations(): Generator<[path: string, method: string, operation: ApiOperation]> {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) yield [path, method, operation];
  }
}

Deno.test("every route is in the document, and every operation of the document is a route", () => {
  const mounted = new Set(routes.map(({ operation }) => `${operation.method} ${operation.path}`));
  const described = new Set([...operations()].map(([path, method]) => `${method.toUpperCase()} ${path}`));
  assert.equal(mounted.size, routes.length, "two routes share a method and path");
  assert.deepEqual([...mounted].filter((name) => !described.has(name)), []);
  assert.deepEqual([...described].filter((name) => !mounted.has(name) && !SERVICE.test(name.split(" ")[1] ?? "")), []);
});

Deno.test("whatever the app answers is in the document, but for pages", async () => {
  await inProcess((run) => {
    const described = new Set([...operations()].map(([path, method]) => `${method.toUpperCase()} ${path}`));
    const served = run.app.routes.filter(({ method, path }) => method !== "ALL" && !PAGES.test(path))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    assert.deepEqual([...new Set(served)].filter((name) => !described.has(name)), []);
    return Promise.resolve();
  }, { withoutJobs: true });
});

Deno.test("every operation has an id of its own, a known tag, a summary and a scope", () => {
  const ids = [...operations()].map(([, , { operationId }]) => operationId);
  assert.equal(new Set(ids).size, ids.length);
  const tags = new Set(document.tags.map(({ name }) => name));
  for (const [path, method, operation] of operations()) {
    assert.ok((operation.description ?? "").length > 20, `${method} ${path}: no description`);
    assert.ok(operation.tags.every((tag) => tags.has(tag)), `${method} ${path}: no description of ${operation.tags}`);
    assert.notEqual(operation.summary, "");
    if (SERVICE.test(path)) continue;
    const ofAnyScope = routes.some((route) => route.operation.id === operation.operationId && route.operation.anyScope);
    assert.equal(operation.security?.[0]?.oauth?.length, ofAnyScope ? 0 : 1, `${method} ${path} has no scope`);
  }
});

Deno.test("every request and answer has an example, and every example is valid", () => {
  const wrong: string[] = [];
  const look = (name: string, at: readonly string[], media: Media) => {
    const examples = Object.entries(media.examples ?? {});
    if (examples.length === 0) wrong.push(`${name} has no example`);
    for (const [title, example] of examples) {
      const { value } = resolve<Example>(document, example);
      const mistake = mistakes([...at, "schema"], value);
      if (mistake !== null) wrong.push(`${name}, ${title}: ${mistake}`);
      const [bare] = JSON.stringify(value).match(/"\w+":"text"/) ?? [];
      if (bare !== undefined) wrong.push(`${name}, ${title}: a field has no example: ${bare}`);
    }
  };
  for (const [path, method, { operationId, requestBody, responses }] of operations()) {
    for (const [type, media] of Object.entries(requestBody?.content ?? {})) {
      look(`the request of ${operationId}`, ["paths", path, method, "requestBody", "content", type], media);
    }
    for (const [status, response] of Object.entries(responses)) {
      const { content = {} } = resolve<ApiResponse>(document, response);
      const at = "$ref" in response ? response.$ref.slice(2).split("/") : ["paths", path, method, "responses", status];
      for (const [type, media] of Object.entries(content)) {
        look(`${status} of ${operationId}`, [...at, "content", type], media);
      }
    }
  }
  for (const [type, item] of Object.entries(document.webhooks)) {
    const media = item.post?.requestBody?.content["application/json"];
    assert.ok(media);
    look(type, ["webhooks", type, "post", "requestBody", "content", "application/json"], media);
  }
  assert.deepEqual(wrong, []);
});

Deno.test("every problem code is explained", () => {
  assert.deepEqual(Object.keys(problems).filter((code) => !EXPLAINED_CODES.has(code)), []);
});

Deno.test("the document names the service's own address", () => {
  const own = openApiDocument("https://pay.shop.example", routes);
  assert.equal(own.servers[0]?.url, "https://pay.shop.example");
  assert.ok(!JSON.stringify(own.components.examples).includes("api.malipo.example/problems"));
});

Deno.test("a deprecated call is marked, and its answers carry Deprecation and Sunset", () => {
  const [first] = routes;
  assert.ok(first);
  const old = {
    ...first,
    operation: { ...first.operation, deprecated: { since: "2027-01-31", sunset: "2027-07-31" } },
  };
  const { paths } = openApiDocument("https://api.malipo.example", [old]);
  const operation = paths[old.operation.path]?.[old.operation.method.toLowerCase()];
  assert.equal(operation?.deprecated, true);
  const answer = operation?.responses[String(old.operation.status)];
  assert.deepEqual(Object.keys((answer as ApiResponse).headers ?? {}).filter((name) => /^(Dep|Sun)/.test(name)), [
    "Deprecation",
    "Sunset",
  ]);
});
