import assert from "node:assert/strict";
import { consoleUrl, signInAs, type Visitor } from "../support/console.ts";
import { inProcess } from "../support/in-process.ts";
import { payPaybill } from "../support/money.ts";
import { IDLE_MS } from "../../src/domain/people/sessions.ts";

/** The address of a page's stream, as the page names it. */
const streamOf = (html: string): string => (/data-stream="([^"]+)"/.exec(html)?.[1] ?? "").replaceAll("&amp;", "&");

/** A stream that is read until it has said something. */
class Listener {
  #seen = "";
  private constructor(readonly response: Response, readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  static async open(visitor: Visitor, address: string, headers: Record<string, string> = {}): Promise<Listener> {
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await visitor.run.app.request(address, { headers: { cookie, ...headers } });
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-type") ?? "", /text\/event-stream/);
    return new Listener(response, (response.body as ReadableStream<Uint8Array>).getReader()); // a 200 has a body
  }

  /** Waits for an event. */
  async hears(event: string): Promise<void> {
    while (!this.#seen.includes(`event: ${event}`)) {
      const { done, value } = await this.reader.read();
      assert.ok(!done, `the stream ended without ${event}: ${this.#seen}`);
      this.#seen += new TextDecoder().decode(value);
    }
    this.#seen = "";
  }

  async end(): Promise<void> {
    while (!(await this.reader.read()).done);
  }
}

Deno.test("an open list hears of a new row, carries none of it, and ends when its person is removed", () =>
  inProcess(async (run) => {
    const visitor = await signInAs(run, ["finance"]);
    const page = await visitor.go(consoleUrl("payments"));
    const listener = await Listener.open(visitor, streamOf(page.html));
    await payPaybill(run, { amount: 77 });
    await listener.hears("changed");
    await run.db.write([{
      sql: "UPDATE people SET status = 'removed', removed_at = created_at, version = version + 1",
      args: [],
    }]);
    await listener.hears("gone");
    await listener.end();
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const again = await run.app.request(streamOf(page.html), { headers: { cookie } });
    assert.equal(again.status, 204, "the browser does not connect again");
  }));

Deno.test("a page that is older than its stream hears it at once, and what a page asks by itself prolongs no session", () =>
  inProcess(async (run) => {
    const visitor = await signInAs(run, ["finance"]);
    const { html } = await visitor.go(consoleUrl("payments"));
    await payPaybill(run);
    const listener = await Listener.open(visitor, streamOf(html));
    await listener.hears("changed");
    await listener.reader.cancel();
    for (let minutes = 0; minutes < 30; minutes += 10) {
      assert.equal((await visitor.go("/console/session", { headers: { "x-malipo-live": "1" } })).response.status, 200);
      await run.pass(IDLE_MS / 3);
    }
    assert.equal((await visitor.go("/console/session", { headers: { "x-malipo-live": "1" } })).response.status, 303);
  }));

Deno.test("the stream of a page is for who may see the page", () =>
  inProcess(async (run) => {
    const visitor = await signInAs(run, ["viewer"]);
    const { response } = await visitor.go(`${consoleUrl("till/chk_nobody")}?part=live`);
    assert.equal(response.status, 403);
    const foreign = await visitor.go(`${consoleUrl("payments", "mer_01kamcvd000000000000000002")}?part=live`);
    assert.equal(foreign.response.status, 404);
  }));
