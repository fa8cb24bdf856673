import assert from "node:assert/strict";
import fc from "fast-check";
import { WORDS_REFUSED_BY_DARAJA } from "../../src/config/values.ts";
import { type CapabilityKind, capabilityKinds, createCapabilities } from "../../src/crypto/capability.ts";
import { createMac } from "../../src/crypto/hash.ts";
import { newId, uuidHex } from "../../src/crypto/ids.ts";
import { deriveSubkey, newRingKey, type RingKey } from "../../src/crypto/keyring.ts";

const older = newRingKey("k1");
const newer = newRingKey("k2");
const kinds = Object.keys(capabilityKinds) as CapabilityKind[]; // its keys are exactly these

Deno.test("a capability of each kind reads back as kind and id", async () => {
  const { mint, verify: read } = await createCapabilities([newer]);
  for (const kind of kinds) {
    const id = newId(capabilityKinds[kind].prefix);
    assert.deepEqual(read(mint(kind, id)), { kind, id, version: 1 });
    assert.deepEqual(read(mint(kind, id, 300)), { kind, id, version: 300 });
  }
});

Deno.test("one id has another capability for each of its kinds, however often they are made", async () => {
  const { mint, verify: read } = await createCapabilities([newer]);
  for (const prefix of ["pyt", "rfd", "sho"] as const) {
    const id = newId(prefix);
    const own = kinds.filter((kind) => capabilityKinds[kind].prefix === prefix);
    const made = own.map((kind) => mint(kind, id));
    assert.equal(new Set(made).size, own.length);
    assert.deepEqual(own.map((kind) => mint(kind, id)), made);
    assert.deepEqual(made.map((text) => read(text)?.kind), own);
  }
});

Deno.test("the numbers of kinds never change, and none is used twice", () => {
  const numbers = kinds.map((kind) => `${capabilityKinds[kind].number} ${capabilityKinds[kind].prefix} ${kind}`);
  assert.deepEqual(numbers, [
    "01 att stk",
    "02 sho c2b_validation",
    "03 sho c2b_confirmation",
    "04 pyt payout_result",
    "05 pyt payout_timeout",
    "06 pyt status_result",
    "07 pyt status_timeout",
    "08 rfd refund_result",
    "09 rfd refund_timeout",
    "0a sho balance_result",
    "0b sho balance_timeout",
    "0d rfd refund_status_result",
    "0e rfd refund_status_timeout",
    "0f sto standing_order_result",
    "10 ntc c2b_status_result",
    "11 ntc c2b_status_timeout",
    "20 chk hosted",
    "21 chk receipt",
    "22 acc account",
    "23 pay payment_receipt",
  ]);
});

/** A capability with the right HMAC, made without `mint`, so that its kind may be one that does not exist. */
async function signedByHand(key: RingKey, number: string, id: string): Promise<string> {
  const mac = createMac(await deriveSubkey(key.bytes, "malipo/callback-capability/v1", 256));
  const claim = number + uuidHex(id);
  return claim + mac(`malipo/callback/v1/${claim}`).toHex();
}

Deno.test("a number that was never given out, and the retired 0c, are refused also with the right HMAC", async () => {
  const { mint, verify: read } = await createCapabilities([newer]);
  const shortcode = newId("sho");
  assert.equal(await signedByHand(newer, "0b", shortcode), mint("balance_timeout", shortcode));
  for (const number of ["0c", "00", "12", "ff"]) {
    assert.equal(read(await signedByHand(newer, number, shortcode)), null, number);
  }
});

Deno.test("a capability is one segment of 98 hex digits, which can't spell a word that Daraja refuses", async () => {
  const { mint } = await createCapabilities([newer]);
  for (const kind of kinds) assert.match(mint(kind, newId(capabilityKinds[kind].prefix)), /^[0-9a-f]{98}$/);
  for (const word of WORDS_REFUSED_BY_DARAJA) assert.match(word, /[^0-9a-f]/, word);
});

Deno.test("a capability with any bit flipped is refused", async () => {
  const { mint, verify: read } = await createCapabilities([newer, older]);
  const bytes = Uint8Array.fromHex(mint("stk", newId("att")));
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const bent = bytes.slice();
    bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(read(bent.toHex()), null);
  }
});

Deno.test("a capability moved to another kind or row is refused", async () => {
  const { mint, verify: read } = await createCapabilities([newer]);
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.constantFrom(...kinds), (from, to) => {
      const [mine, other] = [newId(capabilityKinds[from].prefix), newId(capabilityKinds[to].prefix)];
      const [a, b] = [mint(from, mine), mint(to, other)];
      assert.equal(read(a.slice(0, 34) + b.slice(34)), null);
      assert.equal(read(a.slice(0, 2) + b.slice(2, 34) + a.slice(34)), null);
      if (from !== to) assert.equal(read(b.slice(0, 2) + a.slice(2)), null);
    }),
    { numRuns: 60 },
  );
});

Deno.test("reading never throws, and nothing made up is accepted", async () => {
  const { verify: read } = await createCapabilities([newer]);
  const hex = fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 96, maxLength: 100 });
  const known = hex.map((text) => `01${text}`.slice(0, 98));
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), hex, known), (text) => {
      assert.equal(read(text), null);
    }),
    { numRuns: 200 },
  );
  for (const odd of [undefined, null, 7, {}, []]) assert.equal(read(odd as unknown as string), null);
});

Deno.test("the number of an address is part of its HMAC: none reads as another one", async () => {
  const { mint, verify: read } = await createCapabilities([newer]);
  const id = newId("sho");
  const [first, second, third] = [1, 2, 3].map((version) => mint("c2b_confirmation", id, version));
  assert.equal(second?.length, 102);
  const mac = (text = "") => text.slice(-64);
  assert.equal(read(`${third?.slice(0, 38)}${mac(second)}`), null);
  assert.equal(read(`${first?.slice(0, 34)}${mac(second)}`), null);
  assert.equal(read(`${second?.slice(0, 38)}${mac(first)}`), null);
  assert.equal(read(`${first?.slice(0, 34)}0001${mac(first)}`), null);
});

Deno.test("a capability has one spelling", async () => {
  const { mint, verify: read } = await createCapabilities([newer]);
  const text = mint("stk", newId("att"));
  for (const other of [text.toUpperCase(), ` ${text}`, `${text}\n`, `${text}/`, `0${text}`]) {
    assert.equal(read(other), null);
  }
});

Deno.test("a capability outlives the rotation of secrets, until its secret leaves the ring", async () => {
  const text = (await createCapabilities([older])).mint("stk", newId("att"));
  assert.ok(await (await createCapabilities([newer, older])).verify(text));
  assert.equal(await (await createCapabilities([newer])).verify(text), null);
});

Deno.test("a capability is minted only for an id of its kind of row", async () => {
  const { mint } = await createCapabilities([newer]);
  for (const id of [newId("pyt"), "att_1", "", newId("att").toUpperCase()]) {
    assert.throws(() => mint("stk", id), TypeError);
  }
});
