import assert from "node:assert/strict";
import { SignJWT } from "jose";
import { isMalipoError, type Malipo } from "../../src/client/mod.ts";
import { importSigningKey } from "../../src/crypto/signing.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { clientOf, order } from "./support.ts";

const refused = (result: Promise<unknown>) =>
  assert.rejects(result, (error) => isMalipoError(error, "signature_invalid"));

/** On the machine's clock, because the client checks by it whether a result has expired. */
const inProcessNow = (test: (run: InProcess) => Promise<void>): Promise<void> =>
  inProcess(test, { startMs: Date.now() });

/** The address that the hosted page sends the shopper back to. */
async function comeBack(run: InProcess, malipo: Malipo): Promise<{ id: string; url: URL }> {
  const { id, hosted_url: hosted } = await malipo.checkouts.create({
    ...order,
    phone_number: "0712345678",
    return_url: "https://shop.example/thanks?basket=7",
  });
  await run.pass();
  const page = new URL(hosted);
  const back = await run.app.request(`${page.origin}${page.pathname}/return${page.search}`);
  assert.equal(back.status, 303);
  return { id, url: new URL(back.headers.get("location") ?? "") };
}

Deno.test("the result that a shopper brings back is read, and holds what was signed", async () => {
  await inProcessNow(async (run) => {
    const malipo = clientOf(run);
    const { id, url } = await comeBack(run, malipo);
    const said = { checkout: id, status: "succeeded", reference: "order-1001", amount: 150_000, currency: "KES" };
    assert.equal(url.searchParams.get("basket"), "7");
    assert.deepEqual(await malipo.verifyReturn(url), said);
    assert.deepEqual(await malipo.verifyReturn(url.searchParams.get("signature") ?? ""), said);
    url.searchParams.set("status", "cancelled"); // what is beside the signature says nothing
    assert.equal((await malipo.verifyReturn(url.href)).status, "succeeded");
  });
});

Deno.test("a result that was altered, or made for another merchant, is refused", async () => {
  await inProcessNow(async (run) => {
    const { url } = await comeBack(run, clientOf(run));
    const other = clientOf(run, undefined, { clientId: "cli_other", clientSecret: "other-secret" });
    await refused(other.verifyReturn(url));
    const [head = "", , signature = ""] = url.searchParams.get("signature")?.split(".") ?? [];
    await refused(clientOf(run).verifyReturn(`${head}.${btoa('{"status":"succeeded"}')}.${signature}`));
    for (const text of ["", "a.b.c", "https://shop.example/thanks", `${head}..${signature}`]) {
      await refused(clientOf(run).verifyReturn(text));
    }
  });
});

Deno.test("an access token, an old result, or one by a key of somebody else is no result", async () => {
  await inProcessNow(async (run) => {
    const malipo = clientOf(run);
    const { url } = await comeBack(run, malipo);
    await refused(malipo.verifyReturn(await run.token()));
    const { kid, signing } = await importSigningKey(run.config.keys.signing[0]);
    const claims = JSON.parse(atob(url.searchParams.get("signature")?.split(".")[1] ?? ""));
    const sign = (change: Record<string, unknown>, header: Record<string, unknown> = {}) =>
      new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: "EdDSA", typ: "result+jwt", kid, ...header })
        .sign(signing);
    assert.ok(await malipo.verifyReturn(await sign({})));
    await refused(malipo.verifyReturn(await sign({ exp: Math.floor(Date.now() / 1000) - 60 })));
    await refused(malipo.verifyReturn(await sign({ iss: "https://pay.evil.example" })));
    await refused(malipo.verifyReturn(await sign({ sub: undefined })));
    await refused(malipo.verifyReturn(await sign({}, { kid: "unknown" })));
    await refused(malipo.verifyReturn(await sign({}, { typ: "at+jwt" })));
  });
});
