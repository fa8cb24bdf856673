import assert from "node:assert/strict";
import fc from "fast-check";
import {
  parseAccountBalances,
  parseAmountStruct,
  parseCents,
  parseFee,
  parsePaidCents,
  unreadableAccounts,
  wholeShillings,
} from "../../src/daraja/money.ts";

Deno.test("shillings are read exactly into cents", () => {
  const table: [string, number][] = [
    ["5.00", 500],
    ["5", 500],
    ["5.0", 500],
    ["10500.00", 1_050_000],
    ["8959269.60", 895_926_960],
    ["0.07", 7],
    ["-1540.00", -154_000],
    ["-0.00", 0],
    ["1.000", 100],
  ];
  for (const [text, cents] of table) assert.equal(parseCents(text), cents, text);
});

Deno.test("what is not exactly money is null", () => {
  for (
    const text of [null, undefined, "", "1,000", "1.005", "1e3", ".5", "5.", "KES 5", "0x10", "NaN", "99999999999999"]
  ) {
    assert.equal(parseCents(text), null, String(text));
  }
  for (const text of ["-1.00", "0", "0.00", "-0.00"]) assert.equal(parsePaidCents(text), null, text);
});

Deno.test("any amount of cents survives being written and read", () => {
  fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), (cents) => {
    const whole = Math.trunc(Math.abs(cents) / 100);
    const rest = String(Math.abs(cents) % 100).padStart(2, "0");
    assert.equal(parseCents(`${cents < 0 ? "-" : ""}${whole}.${rest}`), cents === 0 ? 0 : cents);
  }));
});

Deno.test("the amount struct is read in any order, and refused when its two readings differ", () => {
  const cents = 618_683;
  assert.equal(parseAmountStruct("{Amount={CurrencyCode=KES, MinimumAmount=618683, BasicAmount=6186.83}}"), cents);
  assert.equal(parseAmountStruct("{ Amount={BasicAmount=6186.83, MinimumAmount=618683, CurrencyCode=KES}}"), cents);
  assert.equal(parseAmountStruct("{Amount={CurrencyCode=KES, BasicAmount=6186.83}}"), cents);
  assert.equal(parseAmountStruct("{Amount={MinimumAmount=618683, BasicAmount=6186.84}}"), null);
  for (const text of [null, "", "6186.83", "{Amount=", "{Amount={}}"]) assert.equal(parseAmountStruct(text), null);
});

Deno.test("account balances are read exactly, negatives too", () => {
  const text = "Working Account|KES|700000.00|700000.00|0.00|0.00&Charges Paid Account|KES|-1540.00|-1540.00|0.00|0.00";
  assert.deepEqual(parseAccountBalances(text), [
    {
      account: "Working Account",
      currency: "KES",
      current: 70_000_000,
      available: 70_000_000,
      reserved: 0,
      uncleared: 0,
    },
    {
      account: "Charges Paid Account",
      currency: "KES",
      current: -154_000,
      available: -154_000,
      reserved: 0,
      uncleared: 0,
    },
  ]);
});

Deno.test("an account that can't be read is named and left out, and does not stop the others", () => {
  const table: [string, string[], string[]][] = [
    ["A|KES|1.00&B|KES|1,000.00", ["A"], ["B"]],
    ["A|KES|1.00|x|0|0&B|KES|2.00&", ["B"], ["A"]],
    ["A|KES|1|1|1|1|1&B|KES|2&|KES|3", ["B"], ["A", ""]],
    ["A|KES|1.00&A|KES|2.00&B|KES|3.00", ["B"], ["A"]],
    ["A|KES|1.00&A|KES|1.00", ["A"], []],
  ];
  for (const [text, read, unread] of table) {
    assert.deepEqual(parseAccountBalances(text)?.map(({ account }) => account), read, text);
    assert.deepEqual(unreadableAccounts(text), unread, text);
  }
  for (const text of [null, "", "Working Account", "A|KES|1,000.00"]) assert.equal(parseAccountBalances(text), null);
});

Deno.test("a charge is the third field, or a plain amount", () => {
  assert.equal(parseFee("Fee For B2C Payment|KES|22.40"), 2_240);
  assert.equal(parseFee("0.00"), 0);
  for (const text of ["", "-5.00", "Fee|KES|-5.00", "Fee|KES|1,000.00"]) assert.equal(parseFee(text), null, text);
});

Deno.test("only whole shillings above zero leave", () => {
  assert.equal(wholeShillings(150_000), 1_500);
  for (const cents of [0, -100, 150, 100.5, NaN, 2 ** 60]) assert.equal(wholeShillings(cents), null);
});
