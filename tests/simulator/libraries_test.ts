import assert from "node:assert/strict";
import { DEMO_CERTIFICATE_PEM, demoShortcodes } from "../../src/simulator/demo.ts";
import { createSimulator } from "../../src/simulator/simulator.ts";

/** Daraja libraries as shops use them, at the versions that were tried. */
const LIBRARIES = ["mpesa-api@3.0.2", "mpesa-node@0.1.3", "daraja@1.0.1"];

const run = async (command: string, args: readonly string[], cwd: string, env: Record<string, string> = {}) => {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args], cwd, env, stdin: "null" })
    .output();
  const [out = "", err = ""] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { success, out, err };
};

/** The libraries know only Safaricom's addresses, so Node sends what goes there to the simulator. */
const program = (port: number): string => `
const http = require("http"), https = require("https");
const toSimulator = (given, done) => {
  const { pathname, search } = given.path === undefined ? given : new URL("http://x" + given.path);
  return http.request({ method: given.method, headers: { ...given.headers, host: "127.0.0.1" }, host: "127.0.0.1",
    port: ${port}, path: pathname + search }, done);
};
https.request = toSimulator;
https.get = (given, done) => { const request = toSimulator(given, done); request.end(); return request; };

const shop = { code: "600000", key: "demo-consumer-key", secret: "demo-consumer-secret",
  passkey: "${demoShortcodes[0]?.passkey}", initiator: "demo-initiator", password: "Demo-Initiator#1" };
const url = "https://example.com/api/mpesa/callback", plain = "https://example.com/c2b";
const seen = {};
const asked = async (name, call) => {
  const answer = await call;
  seen[name] = String((answer.data ?? answer).ResponseDescription ?? JSON.stringify(answer.data ?? answer));
};

(async () => {
  const { Mpesa: Api } = require("mpesa-api");
  const api = new Api({ clientKey: shop.key, clientSecret: shop.secret, initiatorPassword: shop.password,
    certificatePath: "certificate.cer" }, "sandbox");
  await new Promise((resolve) => setTimeout(resolve, 100)); // it encrypts in the background
  const common = { Initiator: shop.initiator, PartyA: shop.code, ResultURL: url, QueueTimeOutURL: url };
  await asked("mpesa-api stk", api.lipaNaMpesaOnline({ BusinessShortCode: shop.code, passKey: shop.passkey,
    TransactionType: "CustomerPayBillOnline", Amount: 10, PartyA: "254712345678", PartyB: shop.code,
    PhoneNumber: "254712345678", CallBackURL: url, AccountReference: "A1", TransactionDesc: "Coffee" }));
  await asked("mpesa-api c2b", api.c2bRegister({ ShortCode: shop.code, ResponseType: "Completed",
    ConfirmationURL: plain, ValidationURL: plain }));
  await asked("mpesa-api b2c", api.b2c({ ...common, CommandID: "BusinessPayment", Amount: 100, PartyB: "254712345678",
    Remarks: "Pay" }));
  await asked("mpesa-api balance", api.accountBalance({ ...common, IdentifierType: "4" }));

  const Node = require("mpesa-node");
  const node = new Node({ consumerKey: shop.key, consumerSecret: shop.secret, environment: "sandbox",
    shortCode: shop.code, initiatorName: shop.initiator, lipaNaMpesaShortCode: shop.code,
    lipaNaMpesaShortPass: shop.passkey, securityCredential: shop.password, certPath: "certificate.cer" });
  await asked("mpesa-node stk", node.lipaNaMpesaOnline(254712345678, 10, url, "A1"));
  await asked("mpesa-node c2b", node.c2bRegister(plain, plain));
  await asked("mpesa-node b2c", node.b2c(shop.code, 254712345678, 100, url, url));
  await asked("mpesa-node b2b", node.b2b(shop.code, "600001", 100, url, url));
  await asked("mpesa-node balance", node.accountBalance(shop.code, 4, url, url));

  const { Mpesa: Daraja } = require("daraja");
  const daraja = new Daraja(Number(shop.code), shop.key, shop.secret, "sandbox");
  await asked("daraja stk", daraja.mpesaExpressRequest(10, 254712345678, Number(shop.code), shop.passkey,
    "CustomerPayBillOnline", "A1", "Coffee", url));
  console.log(JSON.stringify(seen));
})().catch((error) => { console.error(JSON.stringify(error.response?.data ?? error), error); process.exit(1); });
`;

Deno.test("three Daraja libraries of npm work with the simulator as they do with Daraja", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "malipo-libraries-" });
  const simulator = createSimulator({
    callbackDelayMs: 60_000,
    lateCallbackDelayMs: 60_000,
    shortcodes: demoShortcodes,
    fetch: () => Promise.resolve(new Response()),
  });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, simulator.app.fetch);
  try {
    await Deno.writeTextFile(`${folder}/package.json`, '{ "name": "shop", "private": true }');
    const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--fetch-retries=1"];
    const installed = await run("npm", ["install", ...flags, ...LIBRARIES], folder);
    if (!installed.success && /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(installed.err)) {
      await t.step({ name: "skipped: the registry of npm does not answer", ignore: true, fn: () => {} });
      return;
    }
    assert.ok(installed.success, installed.err);
    await Deno.writeTextFile(`${folder}/certificate.cer`, DEMO_CERTIFICATE_PEM);
    await Deno.writeTextFile(`${folder}/shop.js`, program(server.addr.port));
    const { success, out, err } = await run("node", ["shop.js"], folder);
    assert.ok(success, err);
    const seen: Record<string, string> = JSON.parse(out);
    assert.equal(Object.keys(seen).length, 10);
    for (const [call, answer] of Object.entries(seen)) {
      assert.match(answer, /success|"checkoutRequestId":"ws_CO_/i, call);
    }
  } finally {
    await simulator.close();
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
});
