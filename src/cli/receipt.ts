import { command, CommandFailed, type Group, UsageError } from "./frame/command.ts";
import { runTask } from "./frame/main.ts";
import { localConfig } from "./api/connect.ts";
import { askState, keysOf, readGiven } from "./receipt/check.ts";
import { factLines } from "./receipt/lines.ts";
import { receiptIn, verifyReceipt } from "../domain/receipts/signer.ts";

const verify = command({
  summary: "says whether a receipt is real: whether this service has signed it, and nothing was changed",
  details: `Give the saved page (a file), the address of the receipt or that of its QR code, or the text of the code.
The signature is checked here, with the keys of the service (--keys FILE: those of a file, without a network). Then the
service is asked what became of the money since; --offline does not ask. Exits with 1 where the receipt is not real.`,
  words: ["FILE|URL|TEXT"],
  options: {
    url: { value: "URL", help: "the service that should have signed it; else MALIPO_URL, else that of the settings" },
    keys: { value: "FILE", help: "its public keys, as /.well-known/jwks.json answers them" },
    offline: { help: "asks nobody; needs --keys" },
  },
  examples: [
    "receipt-UKM9X2A1BC.html",
    "https://pay.shop.example/r/230190d4b0b7",
    "receipt.html --offline --keys jwks.json",
  ],
  async run({ words: [given = ""], options, out }) {
    const issuer = (options.url ?? Deno.env.get("MALIPO_URL") ?? localConfig()?.server.publicUrl)?.replace(/\/$/, "");
    if (issuer === undefined) throw new UsageError("Name the service that should have signed it: --url URL.");
    if (options.offline === true && options.keys === undefined) throw new UsageError("--offline needs --keys FILE.");
    const text = receiptIn(await readGiven(given, issuer, options.offline === true));
    if (text === null) {
      throw new CommandFailed("There is no receipt in it. Give the saved page, its address, or the text of the code.");
    }
    const claims = await verifyReceipt(text, await keysOf(issuer, options.keys), issuer);
    if (claims === null) {
      throw new CommandFailed(`The receipt is not real: ${issuer} has not signed it, or it was changed.`);
    }
    const now = options.offline === true ? null : await askState(issuer, text);
    out.record({ valid: true, receipt: claims, now }, factLines(claims, now).join("\n"));
  },
});

/** `receipt`: checks receipts. */
export const receipt: Group = {
  summary: "checks receipts",
  commands: { verify },
};

if (import.meta.main) await runTask(receipt, "deno task malipo receipt");
