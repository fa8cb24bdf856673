import assert from "node:assert/strict";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { shopping } from "./shopper.ts";

/** What goes over the wire: bytes, and the text that they are. */
async function fetched(run: InProcess, path: string): Promise<{ bytes: number; text: string }> {
  const response = await run.app.request(path, { headers: { "accept-encoding": "gzip" } });
  assert.equal(response.status, 200);
  const sent = await response.arrayBuffer();
  if (response.headers.get("content-encoding") !== "gzip") {
    return { bytes: sent.byteLength, text: new TextDecoder().decode(sent) };
  }
  const plain = new Blob([sent]).stream().pipeThrough(new DecompressionStream("gzip"));
  return { bytes: sent.byteLength, text: await new Response(plain).text() };
}

Deno.test("a page with all its files is under 30 KB compressed, in every state and both languages", () =>
  inProcess(async (run) => {
    const visits = [await shopping(run), await shopping(run, { phone_number: "0700009004" })];
    visits.push(
      await shopping(run, { phone_number: "0700001037" }),
      await shopping(run, { phone_number: "0712345678" }),
    );
    await run.pass();
    let most = 0;
    for (const visit of visits) {
      for (const language of ["en", "sw"]) {
        const page = await fetched(run, `${visit.path}?token=${visit.token}&lang=${language}`);
        let sum = page.bytes;
        for (const path of new Set([...page.text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? ""))) {
          sum += (await fetched(run, path)).bytes;
        }
        most = Math.max(most, sum);
      }
    }
    assert.ok(most > 3_000 && most < 30_000, `${most} bytes`);
    if (Deno.env.get("PAGE_WEIGHT") !== undefined) console.log(`heaviest page: ${most} bytes`);
  }));
