import assert from "node:assert/strict";
import fc from "fast-check";
import { compareNames, type NameMatch, wordsOf } from "../../../src/domain/payees/compare-names.ts";

/** The rules that docs/guides/pay-out-safely.md gives, with what each is for. */
const cases: readonly (readonly [NameMatch, string, string, string])[] = [
  ["match", "Grace Kamau", "GRACE KAMAU", "case does not count"],
  ["match", "Kamau Grace", "GRACE KAMAU", "order does not count"],
  ["match", "Grace Kamau", "GRACE WANJIRU KAMAU", "a middle name may be missing in what was given"],
  ["match", "Grace Wanjiru Kamau", "Grace Kamau", "or in what M-Pesa returned"],
  ["match", "Grace", "GRACE WANJIRU KAMAU", "one name that is the payee's says enough"],
  ["match", "G. Kamau", "GRACE WANJIRU KAMAU", "an initial stands for a name"],
  ["match", "Grace W Kamau", "GRACE WANJIRU KAMAU", "also in the middle"],
  ["match", "José Núñez", "JOSE NUNEZ", "accents do not count"],
  ["match", "Ng'ang'a Njeri", "NGANGA NJERI", "nor apostrophes"],
  ["match", "Ng’ang’a Njeri", "NG'ANG'A NJERI", "of any form"],
  ["match", "Dr. Grace Kamau", "GRACE KAMAU", "nor titles"],
  ["match", "Mercy Anne-Marie Otieno", "MERCY ANNE MARIE OTIENO", "a hyphen parts words"],
  ["match", "  Grace   Kamau ", "GRACE\tKAMAU", "spaces do not count"],
  ["match", "John Mwangi", "john M****** M******", "hidden letters fit a name that begins so"],
  ["match", "Mwangi John", "john M****** K******", "in any order"],
  ["mismatch", "John Otieno", "john M****** M******", "and no other"],
  ["mismatch", "Mary Mwangi", "john M****** M******", "a whole word must be in both"],
  ["mismatch", "Grace Kamau", "PETER OTIENO", "another person"],
  ["mismatch", "Grace Kamau", "GRACE WANJIRU OTIENO", "one name in common is not enough where two were given"],
  ["mismatch", "Grace Kamau", "GRACE KAMAO", "a letter too many or too few is for a person"],
  ["mismatch", "Grace", "PETER", "another first name"],
  ["mismatch", "P Kamau", "GRACE KAMAU", "an initial of another name"],
  ["mismatch", "Kamau Kamau", "GRACE KAMAU", "a name given twice stands for two"],
  ["mismatch", "G K Otieno", "GRACE KAMAU", "initials alone do not make a match"],
  ["unknown", "", "GRACE KAMAU", "no name was given"],
  ["unknown", "Grace Kamau", "", "none was returned"],
  ["unknown", "Grace Kamau", "**** ***** ******", "all is hidden"],
  ["unknown", "Grace Kamau", "G K", "initials alone prove nothing"],
  ["unknown", "G K", "PETER OTIENO", "neither do those that were given"],
  ["unknown", "12345", "PETER OTIENO", "digits are no name"],
  ["unknown", "Mr", "PETER OTIENO", "a title is no name"],
];

for (const [match, given, returned, why] of cases) {
  Deno.test(`"${given}" and "${returned}": ${match}, ${why}`, () => {
    assert.equal(compareNames(given, returned), match);
  });
}

Deno.test("a missing name compares with nothing", () => {
  assert.equal(compareNames(null, "GRACE"), "unknown");
  assert.equal(compareNames("GRACE", null), "unknown");
});

const word = fc.constantFrom("grace", "kamau", "njeri", "g", "k", "k*", "j*", "otieno");
const name = fc.array(word, { maxLength: 5 }).map((words) => words.join(" "));

Deno.test("neither side nor order nor case changes the comparison", () =>
  fc.assert(fc.property(name, name, (a, b) => {
    const match = compareNames(a, b);
    assert.equal(compareNames(b, a), match);
    assert.equal(compareNames(a.split(" ").toReversed().join(" "), b.toUpperCase()), match);
  })));

Deno.test("a name is the same as itself unless it says nothing", () =>
  fc.assert(fc.property(name, (a) => {
    assert.notEqual(compareNames(a, a), "mismatch");
  })));

Deno.test("long and odd text takes no time", () => {
  const began = performance.now();
  const text = "'*a b' ".repeat(100_000);
  assert.ok(wordsOf(text).length > 0);
  assert.ok(performance.now() - began < 2_000);
});
