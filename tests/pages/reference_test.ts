import assert from "node:assert/strict";
import { problems } from "../../src/problems/problem.ts";
import { routes } from "../../src/app/routes.ts";
import { FAILURE_CODES } from "../../src/daraja/codes.ts";
import { inProcess, publicUrl } from "../support/in-process.ts";

const text = async (response: Response | Promise<Response>): Promise<string> => await (await response).text();

Deno.test("the reference shows every call, its links lead somewhere, and it runs no script", async () => {
  await inProcess(async (run) => {
    const response = await run.app.request("/docs");
    assert.equal(response.status, 200);
    const policy = response.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|script-src/);
    const page = await response.text();
    assert.doesNotMatch(page, /<script| style="| on\w+="/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, "two elements share an id");
    for (const { operation } of routes) assert.ok(ids.includes(operation.id), `${operation.id} is not shown`);

    const links = new Set([...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link = ""]) => link));
    for (const link of links) {
      if (link === "data:,") continue;
      if (link.startsWith("#")) assert.ok(ids.includes(link.slice(1)), `${link} leads nowhere`);
      else {
        assert.match(link, /^\//, `${link} is not of our own origin`);
        assert.equal((await run.app.request(link)).status, 200, link);
      }
    }
  }, { withoutJobs: true });
});

Deno.test("every problem's type resolves to a page that says what to do", async () => {
  await inProcess(async (run) => {
    for (const [code, { title }] of Object.entries(problems)) {
      const response = await run.app.request(`/problems/${code}`);
      assert.equal(response.status, 200, code);
      const page = await response.text();
      assert.ok(page.includes("What to do") && page.includes(title.replaceAll("'", "&#39;")), code);
    }
    for (const code of ["toString", "no_such_code"]) {
      const unknown = await run.app.request(`/problems/${code}`);
      assert.deepEqual([unknown.status, unknown.headers.get("content-type")], [404, "text/html; charset=UTF-8"]);
    }
    const list = await (await run.app.request("/problems")).text();
    for (const code of Object.keys(problems)) assert.ok(list.includes(`href="/problems/${code}"`), code);
    const { body } = await run.call<{ type: string }>("GET", "/v1/checkouts/chk_nothing");
    assert.equal((await run.app.request(body.type.slice(publicUrl.length))).status, 200);
  }, { withoutJobs: true });
});

Deno.test("llms.txt names every call, problem and failure, and its links lead somewhere", async () => {
  await inProcess(async (run) => {
    const page = await text(run.app.request("/llms.txt"));
    for (const { operation } of routes) assert.ok(page.includes(`${operation.method} ${operation.path}: `));
    for (const code of [...Object.keys(problems), ...FAILURE_CODES]) assert.ok(page.includes(`- ${code}`), code);
    for (const [, link = ""] of page.matchAll(/\]\((http[^)]+)\)/g)) {
      assert.equal((await run.app.request(link.slice(publicUrl.length))).status, 200, link);
    }
  }, { withoutJobs: true });
});

Deno.test("a stylesheet by another hash is not there", async () => {
  await inProcess(async (run) => {
    assert.equal((await run.app.request("/docs/assets/docs.0000000000000000.css")).status, 404);
  }, { withoutJobs: true });
});

Deno.test("a browser finds at / what runs here, and a program is told that nothing is there", () =>
  inProcess(async (run) => {
    const page = await run.app.request("/", { headers: { accept: "text/html,*/*" } });
    assert.equal(page.status, 200);
    const text = await page.text();
    for (const path of ["/docs", "/console", "/status", "/problems"]) {
      assert.ok(text.includes(`href="${path}"`), path);
      assert.ok((await run.app.request(path, { redirect: "manual" })).status < 400, path);
    }
    assert.equal((await run.app.request("/")).status, 404);
  }));
