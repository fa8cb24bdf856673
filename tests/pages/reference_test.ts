import assert from "node:assert/strict";
import { problems } from "../../src/problems/problem.ts";
import { routes } from "../../src/app/routes.ts";
import { FAILURE_CODES } from "../../src/daraja/codes.ts";
import { type Entry, findEntries } from "../../src/pages/reference/find.ts";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";

const text = async (response: Response | Promise<Response>): Promise<string> => await (await response).text();

const BYTES_MAX = 60_000;

/** All pages that can be reached from `/docs` within the documentation, by their addresses. */
async function pagesOf(run: InProcess): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  const waiting = ["/docs"];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (pages.has(path)) continue;
    const response = await run.app.request(path);
    assert.equal(response.status, 200, path);
    pages.set(path, await response.text());
    waiting.push(...linksOf(pages.get(path) ?? "").map((link) => link.replace(/#.*/, "")).filter(isDocs));
  }
  return pages;
}

const isDocs = (link: string): boolean => /^\/docs(\/(?!assets)|$)/.test(link);
const linksOf = (page: string): string[] =>
  [...page.matchAll(/(?:href|src|action)="([^"]+)"/g)].map(([, to = ""]) => to);
const idsOf = (page: string): string[] => [...page.matchAll(/ id="([^"]+)"/g)].map(([, id = ""]) => id);

Deno.test("each operation and guide has a page under 60 KB, and no link is dead", async () => {
  await inProcess(async (run) => {
    const pages = await pagesOf(run);
    const others = new Map<string, number>();
    for (const [path, page] of pages) {
      assert.ok(new TextEncoder().encode(page).length < BYTES_MAX, `${path} has ${page.length} bytes`);
      const ids = idsOf(page);
      assert.equal(new Set(ids).size, ids.length, `two elements of ${path} share an id`);
      const marked = path === "/docs/search" ? 0 : 1;
      assert.equal([...page.matchAll(/aria-current="page"/g)].length, marked, `${path} is marked in the contents`);
      for (const link of new Set(linksOf(page))) {
        const [to = "", anchor] = link.split("#");
        const target = pages.get(to === "" ? path : to);
        if (target !== undefined) {
          assert.ok(anchor === undefined || idsOf(target).includes(anchor), `${path} links to ${link}`);
        } else if (link !== "data:," && !link.startsWith("https://")) {
          assert.match(link, /^\//, `${link} of ${path}`);
          if (!others.has(link)) others.set(link, (await run.app.request(link)).status);
          assert.equal(others.get(link), 200, `${path} links to ${link}`);
        }
      }
    }
    const home = pages.get("/docs") ?? "";
    for (const { operation } of routes) assert.ok(idsOf(home).includes(operation.id), `${operation.id} is in /docs`);
    for await (const { name } of Deno.readDir(new URL("../../docs/guides/", import.meta.url))) {
      assert.ok(pages.has(`/docs/guides/${name.replace(".md", "")}`), `${name} is a page: see guide-texts.ts`);
    }
  }, { withoutJobs: true });
});

Deno.test("a page says all without its script: the four languages, the objects, and no inline code", async () => {
  await inProcess(async (run) => {
    const response = await run.app.request("/docs/checkouts/create-checkout");
    const policy = response.headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'; script-src 'self'/);
    assert.doesNotMatch(policy, /unsafe/);
    const page = await response.text();
    assert.doesNotMatch(page, /<script>|<script (?!src="\/docs\/assets\/)| style="| on\w+="/);
    for (const language of ["curl", "Node", "Python", "PHP"]) assert.ok(page.includes(`<b>${language}</b>`), language);
    assert.ok(page.includes("<h1>Create a checkout</h1>"));
    assert.match(page, /<details class="object"><summary>Checkout<\/summary>/);
    assert.doesNotMatch(page, /demo-secret|class="samples"[^>]*hidden|id="run"/);
  }, { withoutJobs: true });
});

Deno.test("search lists hits on the server, and an address without a page offers them", async () => {
  await inProcess(async (run) => {
    const hits = async (query: string): Promise<string> =>
      (await text(run.app.request(`/docs/search?q=${encodeURIComponent(query)}`))).split('<ul class="hits">')[1] ?? "";
    for (
      const [query, first] of [
        ["create checkout", "/docs/checkouts/create-checkout"],
        ["stk push", "/docs/checkouts/"],
        ["b2c", "/docs/payouts/create-payout"],
        ["/v1/refunds", "/docs/refunds/"],
        ["createPayout", "/docs/payouts/create-payout"],
        ["rate_limited", "/problems/rate_limited"],
        ["1032", "/docs/failures#cancelled_by_customer"],
        ["webhook verify", "/docs/guides/webhooks"],
      ] as const
    ) {
      assert.ok((await hits(query)).includes(`href="${first}`), `${query}: ${(await hits(query)).slice(0, 300)}`);
    }
    assert.doesNotMatch(await hits("zzzzzz"), /<li>/);
    const odd = await text(run.app.request("/docs/search?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"));
    assert.doesNotMatch(odd, /<script>/);
    const missing = await run.app.request("/docs/checkouts/create-chekout");
    assert.deepEqual([missing.status, missing.headers.get("cache-control")], [404, "no-store"]);
    assert.match(await missing.text(), /There is no page here/);
  }, { withoutJobs: true });
});

Deno.test("the script searches by the same function and index, and is what its name says", async () => {
  await inProcess(async (run) => {
    const page = await text(run.app.request("/docs"));
    const [script = ""] = /\/docs\/assets\/docs\.\w+\.js/.exec(page) ?? [];
    const [index = ""] = /\/docs\/assets\/search\.\w+\.json/.exec(page) ?? [];
    const code = await text(run.app.request(script));
    new Function(code); // it can be read
    assert.ok(code.includes(`const find = ${findEntries}`) && code.length < 10_000);
    const entries: Entry[] = JSON.parse(await text(run.app.request(index)));
    assert.equal(findEntries(entries, "create a checkout")[0]?.path, "/docs/checkouts/create-checkout");
    assert.equal(findEntries(entries, "send money")[0]?.path, "/docs/payouts/create-payout");
    assert.equal(findEntries(entries, "reversal")[0]?.path, "/docs/refunds/create-refund");
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
