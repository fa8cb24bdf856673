import assert from "node:assert/strict";
import fc from "fast-check";
import { addressRefusal, ipAddressIn } from "../../src/webhooks/endpoints/ip-address.ts";

const PUBLIC = [
  "93.184.215.14",
  "1.1.1.1",
  "8.8.8.8",
  "41.90.0.1",
  "172.15.255.255",
  "172.32.0.0",
  "192.167.255.255",
  "192.169.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "11.0.0.0",
  "9.255.255.255",
  "126.255.255.255",
  "128.0.0.0",
  "169.253.255.255",
  "169.255.0.0",
  "223.255.255.255",
  "2606:4700:4700::1111",
  "2a00:1450:4001:831::200e",
  "::ffff:8.8.8.8",
];

/** First, some and last of each range that is no part of the public internet. */
const RESERVED = [
  ["0.0.0.0", "0.0.0.1", "0.255.255.255"],
  ["100.64.0.0", "100.100.100.200", "100.127.255.255"],
  ["169.254.0.0", "169.254.169.254", "169.254.170.2", "169.254.255.255"],
  ["168.63.129.16", "::ffff:168.63.129.16", "fd00:ec2::254"],
  ["192.0.0.0", "192.0.0.192", "192.0.0.255"],
  ["192.0.2.0", "192.0.2.255"],
  ["192.88.99.0", "192.88.99.255"],
  ["198.18.0.0", "198.19.255.255"],
  ["198.51.100.0", "198.51.100.255"],
  ["203.0.113.0", "203.0.113.255"],
  ["224.0.0.0", "239.255.255.255"],
  ["240.0.0.0", "255.255.255.254", "255.255.255.255"],
  ["::", "::2", "::7f00:1", "::169.254.169.254"],
  ["::ffff:0.0.0.0", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe"],
  ["::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::169.254.169.254", "64:ff9b:1::1"],
  ["100::1", "2001::1", "2001:db8::1", "2001:10::1", "2001:20::1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "3fff::1"],
  ["5f00::1", "4000::1", "fec0::1", "fe80::1", "fe80::1%eth0", "febf::1", "ff02::1"],
];

const PRIVATE = [
  ["127.0.0.0", "127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"],
  ["10.0.0.0", "10.255.255.255", "::ffff:10.0.0.1"],
  ["172.16.0.0", "172.17.0.2", "172.31.255.255"],
  ["192.168.0.0", "192.168.1.1", "192.168.255.255"],
  ["fc00::", "fdff:ffff::1"],
];

Deno.test("public addresses may be called", () => {
  for (const address of PUBLIC) assert.equal(addressRefusal(address, "public"), null, address);
});

Deno.test("link-local, metadata, shared and reserved addresses are refused everywhere", () => {
  for (const address of RESERVED.flat()) {
    assert.notEqual(addressRefusal(address, "public"), null, address);
    assert.notEqual(addressRefusal(address, "private"), null, address);
  }
});

Deno.test("loopback and private addresses are for development only", () => {
  for (const address of PRIVATE.flat()) {
    assert.notEqual(addressRefusal(address, "public"), null, address);
    assert.equal(addressRefusal(address, "private"), null, address);
  }
});

Deno.test("an IPv4 address inside an IPv6 one is judged as the IPv4 one, or refused", () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(fc.property(octet, octet, octet, octet, (a, b, c, d) => {
    const plain = `${a}.${b}.${c}.${d}`;
    const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
    assert.equal(addressRefusal(`::ffff:${plain}`, "public"), addressRefusal(plain, "public"));
    assert.equal(addressRefusal(`::ffff:${hex}`, "public"), addressRefusal(plain, "public"));
    for (const carrier of [`::${plain}`, `64:ff9b::${plain}`, `2002:${hex}::1`, `::ffff:0:${plain}`]) {
      assert.notEqual(addressRefusal(carrier, "public"), null, carrier);
    }
  }));
});

Deno.test("what is no address is refused", () => {
  for (
    const text of [
      "",
      "shop.example",
      "1.2.3",
      "1.2.3.4.5",
      "[::1]",
      "::1::",
      "1.2.3.4/8",
      "010.0.0.1",
      "0x7f.0.0.1",
      " ",
    ]
  ) {
    assert.notEqual(addressRefusal(text, "public"), null, text);
  }
});

Deno.test("every spelling of an address in a URL is read as that address", () => {
  const spellings = ["127.1", "0x7f.1", "0177.0.0.1", "2130706433", "0x7f000001", "127.0.0.1.", "１２７.0.0.1"];
  for (const host of spellings) assert.equal(ipAddressIn(new URL(`http://${host}/`)), "127.0.0.1", host);
  assert.equal(ipAddressIn(new URL("http://[::FFFF:127.0.0.1]/")), "::ffff:7f00:1");
  assert.equal(ipAddressIn(new URL("http://shop.example/")), null);
});
