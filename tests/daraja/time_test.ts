import assert from "node:assert/strict";
import { nairobiDateTime, nairobiDay, nairobiStamp, parseDarajaTime } from "../../src/daraja/time.ts";

const AT = Date.UTC(2019, 11, 19, 7, 21, 15);

Deno.test("a stamp is Nairobi's wall clock in 14 digits", () => {
  assert.equal(nairobiStamp(AT), "20191219102115");
  assert.equal(nairobiDateTime(AT), "2019-12-19 10:21:15");
});

Deno.test("the day turns at midnight in Nairobi, 21:00 UTC", () => {
  assert.equal(nairobiDay(Date.UTC(2026, 0, 31, 20, 59, 59)), "2026-01-31");
  assert.equal(nairobiDay(Date.UTC(2026, 0, 31, 21)), "2026-02-01");
});

Deno.test("every form of time that Daraja writes is read", () => {
  const forms = [
    "20191219102115",
    " 20191219102115 ",
    "19.12.2019 10:21:15",
    "2019-12-19 10:21:15",
    "2019-12-19T07:21:15Z",
    "2019-12-19T07:21:15.000Z",
    "2019-12-19T10:21:15+03:00",
    "2019-12-19T10:21:15+0300",
  ];
  for (const form of forms) assert.equal(parseDarajaTime(form), AT, form);
});

Deno.test("what is no time is null, never a nearby date", () => {
  const wrong = [null, "", "0", "20190231000000", "20191219250000", "2019121910211", "31.02.2019 10:00:00", "soon"];
  for (const text of wrong) assert.equal(parseDarajaTime(text), null, String(text));
});

Deno.test("a stamp read back is the same moment", () => {
  for (let ms = 0; ms < 4e12; ms += 86_399_000 * 97) {
    assert.equal(parseDarajaTime(nairobiStamp(ms)), Math.floor(ms / 1000) * 1000);
  }
});

Deno.test("a moment that has no stamp is refused", () => {
  for (const ms of [NaN, Infinity, -1]) assert.throws(() => nairobiStamp(ms), RangeError);
});
