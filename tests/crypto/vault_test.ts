import assert from "node:assert/strict";
import fc from "fast-check";
import { webAead } from "../../src/crypto/aead.ts";
import { newRingKey } from "../../src/crypto/keyring.ts";
import { createVault, type Place, type Vault } from "../../src/crypto/vault.ts";
import { createDenoAead } from "../../src/platform/deno.ts";

const place: Place = { table: "attempts", column: "phone", row: "att_1" };
const older = newRingKey("k1");
const newer = newRingKey("k2");
const code = (code: string) => (error: { readonly code?: string }) => error.code === code;

Deno.test("a sealed value opens in its place, whatever it is and whichever cipher sealed it", async () => {
  const vault = await createVault([newer]);
  const ofHost = await createVault([newer], createDenoAead);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: "binary" }), async (bytes, row) => {
      const there = { ...place, row };
      for (const sealing of [vault, ofHost]) {
        const sealed = await sealing.seal(bytes, there);
        assert.deepEqual(await vault.open(sealed, there), bytes);
        assert.deepEqual(await ofHost.open(sealed, there), bytes);
      }
    }),
    { numRuns: 50 },
  );
  assert.equal(await vault.openText(await vault.seal("Wanjikũ", place), place), "Wanjikũ");
  assert.equal(await vault.openText(await vault.seal("", place), place), "");
});

Deno.test("a sealed value opens in no other table, column or row", async () => {
  const vault = await createVault([newer]);
  const sealed = await vault.seal("254712345678", place);
  const others: Place[] = [
    { ...place, table: "payments" },
    { ...place, column: "name" },
    { ...place, row: "att_2" },
    { table: "attempt", column: "sphone", row: "att_1" },
    { table: 'attempts","phone', column: "att_1", row: "" },
  ];
  for (const other of others) await assert.rejects(vault.open(sealed, other), code("tampered"));
});

Deno.test.each([["WebCrypto", webAead], ["the host's", createDenoAead]] as const)(
  "no flipped bit and no cut opens: %s",
  async (_name, aead) => {
    const vault = await createVault([newer], aead);
    const sealed = await vault.seal("254712345678", place);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const bent = sealed.slice();
      bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await assert.rejects(vault.open(bent, place), { name: "VaultError" });
    }
    for (let length = 0; length < sealed.length; length++) {
      await assert.rejects(vault.open(sealed.subarray(0, length), place), { name: "VaultError" });
    }
  },
);

Deno.test("equal values seal to different bytes", async () => {
  const vault = await createVault([newer]);
  const [a, b] = [await vault.seal("254712345678", place), await vault.seal("254712345678", place)];
  assert.notDeepEqual(a, b);
});

Deno.test("after a rotation old values still open and new ones need the new key", async () => {
  const before = await createVault([older]);
  const after = await createVault([newer, older]);
  const old = await before.seal("old", place);
  assert.equal(await after.openText(old, place), "old");
  const fresh = await after.seal("new", place);
  await assert.rejects(before.open(fresh, place), code("unknown_key"));
  assert.equal(await (await createVault([newer])).openText(fresh, place), "new");
});

Deno.test("a key of the same id but other bytes opens nothing", async () => {
  const sealed = await (await createVault([older])).seal("x", place);
  const vault = await createVault([{ ...newer, id: older.id }]);
  await assert.rejects(vault.open(sealed, place), code("tampered"));
});

Deno.test("the blind index survives a rotation, and tells kinds, values and rings apart", async () => {
  const hex = (vault: Vault, kind: string, value: string) => vault.index(kind, value).toHex();
  const before = await createVault([older]);
  const after = await createVault([newer, older]);
  const index = hex(before, "phone", "254712345678");
  assert.equal(index.length, 32);
  assert.equal(hex(after, "phone", "254712345678"), index);
  assert.equal(hex(after, "phone", "254712345678"), index);
  const others = [
    hex(before, "phone", "254712345679"),
    hex(before, "name", "254712345678"),
    hex(before, "phone2", "54712345678"),
    hex(await createVault([newer]), "phone", "254712345678"),
  ];
  assert.ok(!others.includes(index));
});

Deno.test("a caller that changes an index it got doesn't change the next one", async () => {
  const vault = await createVault([newer]);
  const first = vault.index("phone", "254712345678");
  const kept = first.slice();
  first.fill(0);
  assert.deepEqual(vault.index("phone", "254712345678"), kept);
});
