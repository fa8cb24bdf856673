import assert from "node:assert/strict";
import { Problem } from "../../src/problems/problem.ts";
import type { NetworkPolicy } from "../../src/webhooks/endpoints/ip-address.ts";
import { checkEndpointUrl, resolveTarget } from "../../src/webhooks/endpoints/url-policy.ts";
import { FakeNetwork } from "./fake-network.ts";

function mistake(url: string, reach: NetworkPolicy): string | null {
  try {
    checkEndpointUrl(url, reach);
    return null;
  } catch (error) {
    assert.ok(error instanceof Problem);
    assert.deepEqual([error.code, error.errors[0]?.pointer], ["validation_failed", "/url"]);
    return error.detail;
  }
}

Deno.test("an https address on the public internet may be an endpoint", () => {
  for (
    const url of [
      "https://shop.example/hooks",
      "https://shop.example",
      "https://shop.example:8443/hooks?shop=1",
      "https://xn--bcher-kva.example/hook",
      "https://93.184.215.14/hook",
      "https://[2606:4700::1111]/hook",
    ]
  ) assert.equal(mistake(url, "public"), null, url);
});

Deno.test("outside development no URL may lead to a private place, by whatever spelling", () => {
  for (
    const host of [
      "localhost",
      "localhost.",
      "LOCALHOST",
      "a.localhost",
      "printer.local",
      "metadata.google.internal",
      "db",
      "127.0.0.1",
      "127.1",
      "0x7f.0.0.1",
      "2130706433",
      "10.0.0.8",
      "192.168.1.1",
      "172.16.0.1",
      "169.254.169.254",
      "100.100.100.200",
      "0.0.0.0",
      "[::1]",
      "[::]",
      "[::ffff:127.0.0.1]",
      "[::ffff:a9fe:a9fe]",
      "[fd00:ec2::254]",
      "[fe80::1]",
      "[64:ff9b::7f00:1]",
    ]
  ) assert.notEqual(mistake(`https://${host}/hook`, "public"), null, host);
});

Deno.test("plain http, credentials, fragments, other schemes and low ports are refused", () => {
  for (
    const url of [
      "http://shop.example/hook",
      "https://user:secret@shop.example/hook",
      "https://user@shop.example/hook",
      "https://shop.example/hook#part",
      "https://shop.example/hook#",
      "ftp://shop.example/hook",
      "file:///etc/passwd",
      "javascript:alert(1)",
      "shop.example/hook",
      "https://",
      "https://shop.example:22/",
      "https://shop.example:25/",
      "",
    ]
  ) assert.notEqual(mistake(url, "public"), null, url);
});

Deno.test("in development this machine and private networks may be called, the metadata of a cloud not", () => {
  for (const host of ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "10.0.0.8", "172.17.0.2", "shop"]) {
    assert.equal(mistake(`http://${host}/hook`, "private"), null, host);
  }
  for (const host of ["169.254.169.254", "[fe80::1]", "0.0.0.0", "[::ffff:169.254.169.254]"]) {
    assert.notEqual(mistake(`http://${host}/hook`, "private"), null, host);
  }
});

Deno.test("one address that may not be called refuses the whole name", async () => {
  const network = new FakeNetwork();
  const url = new URL("https://shop.example/hook");
  network.names = () => ["93.184.215.14", "2606:4700::1111"];
  assert.deepEqual(await resolveTarget(network, url, "public"), { ok: true, addresses: network.names("") });
  for (const bad of ["127.0.0.1", "169.254.169.254", "10.0.0.1", "::1", "::ffff:10.0.0.1", "fd00::1"]) {
    network.names = () => ["93.184.215.14", bad];
    const found = await resolveTarget(network, url, "public");
    assert.equal(found.ok || found.failure, "address_refused", bad);
  }
  network.names = () => [];
  const none = await resolveTarget(network, url, "public");
  assert.equal(none.ok || none.failure, "name_not_found");
});
