import assert from "node:assert/strict";
import { redact } from "../../src/telemetry/redact.ts";
import { fixture } from "../daraja/support.ts";

Deno.test("the token that Daraja echoes is gone", () => {
  const { errorMessage } = JSON.parse(fixture("err-401.002.01-token-in-message.json"));
  assert.equal(redact(errorMessage), "Error Occurred - Invalid Access Token - [secret]");
  assert.equal(redact("Invalid Access Token - abc-short", ["abc-short"]), "Invalid Access Token - [secret]");
});

Deno.test("a phone number keeps its last three digits", () => {
  assert.equal(redact("to 254708374149 now"), "to 2547•••••149 now");
  assert.equal(redact("to +254112345678"), "to 2541•••••678");
  assert.equal(redact("to 0708374149."), "to 07•••••149.");
});

Deno.test("a checkout request id goes, for it ends in the payer's number", () => {
  assert.equal(redact("no ws_CO_170820261404032708374149 here"), "no [checkout request id] here");
});

Deno.test("a password goes and ordinary words stay", () => {
  const password = btoa(
    "174379" + "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919" + "20191219102115",
  );
  assert.equal(redact(`bad ${password}`), "bad [secret]");
  assert.equal(redact("Duplicate OriginatorConversationID."), "Duplicate OriginatorConversationID.");
  const words = "Unable to lock subscriber, a transaction is already in process for the current subscriber";
  assert.equal(redact(words), words);
});

Deno.test("a long message is cut", () => {
  assert.ok(redact("word ".repeat(1000)).length <= 300);
});
