import assert from "node:assert/strict";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { allPayments, awaiting, createCheckout, getCheckout, pay, paymentOf } from "./support.ts";

const C2B_CONFIRMATION = "03";
const STK = "01";

/** Holds the callbacks of some kinds until the test releases them. */
function holdCallbacks(kinds: readonly string[]) {
  const held: Request[] = [];
  return {
    callback(request: Request): Response | null {
      const kind = /\/notify\/(..)/.exec(request.url)?.[1] ?? "";
      if (!kinds.includes(kind)) return null;
      held.push(request.clone());
      return Response.json({ ResultCode: 0 });
    },
    async release(run: InProcess, kind: string): Promise<void> {
      const ready = held.filter((request) => request.url.includes(`/notify/${kind}`));
      assert.equal(ready.length, 1, `one callback of kind ${kind}`);
      for (const request of ready) assert.equal((await run.app.fetch(request.clone())).status, 200);
      await run.idle();
    },
  };
}

const sources = {
  stk: (run: InProcess, at: ReturnType<typeof holdCallbacks>) => at.release(run, STK),
  c2b: (run: InProcess, at: ReturnType<typeof holdCallbacks>) => at.release(run, C2B_CONFIRMATION),
  pull: async (run: InProcess) => {
    await run.call("POST", "/v1/reconciliations", {});
    await run.pass(1_000);
  },
};
type Source = keyof typeof sources;

const orders: readonly (readonly Source[])[] = [
  ["stk", "c2b"],
  ["c2b", "stk"],
  ["stk", "c2b", "pull"],
  ["stk", "pull", "c2b"],
  ["c2b", "stk", "pull"],
  ["c2b", "pull", "stk"],
  ["pull", "stk", "c2b"],
  ["pull", "c2b", "stk"],
];

for (const order of orders) {
  Deno.test(`9013 told by ${order.join(", then ")}: one payment, with both notices`, async () => {
    const at = holdCallbacks([STK, C2B_CONFIRMATION]);
    await inProcess(async (run) => {
      const { id } = await createCheckout(run, { phone_number: "254700009013" });
      await run.pass(5_000);
      for (const way of order) await sources[way](run, at);
      const [moved] = run.simulator.world.transactions.list();
      const payments = await allPayments(run);
      assert.deepEqual(payments.map((p) => [p.receipt, p.status, p.checkout]), [[moved?.receipt, "matched", id]]);
      const { notices, channel } = await paymentOf(run, moved?.receipt ?? null);
      assert.deepEqual(notices.map(({ kind }) => kind).toSorted(), ["c2b_confirmation", "stk"]);
      assert.equal(channel, "stk");
      const checkout = await getCheckout(run, id);
      assert.deepEqual([checkout.status, checkout.attempts[0]?.status], ["succeeded", "succeeded"]);
    }, { callback: at.callback });
  });
}

Deno.test("the same confirmation again, and a copy with other words, are views of one payment", async () => {
  const bodies: string[] = [];
  const callback = async (request: Request) => {
    if (request.url.includes(`/notify/${C2B_CONFIRMATION}`)) bodies.push(await request.clone().text());
    return null;
  };
  await inProcess(async (run) => {
    await awaiting(run, "INV-1");
    const { receipt } = await pay(run, "INV-1", 1500);
    const capability = run.services.capabilities.mint("c2b_confirmation", "sho_01kamcvd000000000000000001");
    const body = bodies[0] ?? "";
    for (const copy of [body, body.replace('"Pay Bill"', '""')]) {
      assert.equal((await run.notify(capability, copy)).status, 200);
    }
    await run.idle();
    assert.equal((await allPayments(run)).length, 1);
    assert.equal((await paymentOf(run, receipt)).notices.length, 2);
  }, { callback });
});

const confirmation = (changes: Record<string, string> = {}) =>
  JSON.stringify({
    TransactionType: "Pay Bill",
    TransID: "UKM9X2A1BC",
    TransTime: "20261122121325",
    TransAmount: "1500.00",
    BusinessShortCode: "600000",
    BillRefNumber: "INV-1",
    InvoiceNumber: "",
    OrgAccountBalance: "25.00",
    ThirdPartyTransID: "",
    MSISDN: "2547 ***** 126",
    FirstName: "NICHOLAS",
    MiddleName: "",
    LastName: "",
    ...changes,
  });

async function tell(run: InProcess, body: string): Promise<void> {
  const capability = run.services.capabilities.mint("c2b_confirmation", "sho_01kamcvd000000000000000001");
  assert.equal((await run.notify(capability, body)).status, 200);
  await run.idle();
}

Deno.test("each form of a confirmation is taken: hashed, masked, clear, no names, no type, no reference", async () => {
  await inProcess(async (run) => {
    const forms: Record<string, string>[] = [
      { MSISDN: "b9f8c2d2b4e8d1a0c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4" },
      { MSISDN: "25470****149" },
      { MSISDN: "254712345678" },
      { TransactionType: "", FirstName: "" },
      { BillRefNumber: "" },
      { TransAmount: "1500" },
    ];
    for (const [i, form] of forms.entries()) await tell(run, confirmation({ TransID: `UKM9X2A1B${i}`, ...form }));
    const bare = JSON.parse(confirmation({ TransID: "UKM9X2A1BZ" }));
    for (const name of ["FirstName", "MiddleName", "LastName", "InvoiceNumber", "ThirdPartyTransID"]) delete bare[name];
    await tell(run, JSON.stringify(bare));
    const payments = await allPayments(run);
    assert.equal(payments.length, 7);
    assert.ok(payments.every(({ amount, status }) => amount === 150_000 && status === "unmatched"));
    const clear = await run.sql("SELECT count(*) FROM payments WHERE phone IS NOT NULL");
    assert.deepEqual(clear, [[1]]);
  });
});

Deno.test("a notice that contradicts its shortcode or a known receipt is quarantined, and changes nothing", async () => {
  await inProcess(async (run) => {
    await tell(run, confirmation());
    const before = await allPayments(run);
    await tell(run, confirmation({ TransAmount: "1501.00" }));
    await tell(run, confirmation({ BusinessShortCode: "600001", TransID: "UKM9X2A1BD" }));
    assert.deepEqual(await allPayments(run), before);
    const problems = await run.sql("SELECT problem FROM notices WHERE status = 'quarantined' ORDER BY id");
    assert.deepEqual(problems.flat(), ["amount_differs", "shortcode_differs"]);
    assert.equal(run.logged("notice_quarantined").length, 2);
  });
});

/** A till's confirmation, which names no account. */
async function confirmedAtTill(run: InProcess, receipt: string): Promise<void> {
  const capability = run.services.capabilities.mint("c2b_confirmation", "sho_01kamcvd000000000000000002");
  const at = new Date(run.time.now() + 3 * 3_600_000).toISOString().replace(/\D/g, "").slice(0, 14);
  const till = { TransactionType: "Buy Goods", BusinessShortCode: "500000", BillRefNumber: "" };
  const body = confirmation({ ...till, TransID: receipt, TransTime: at });
  assert.equal((await run.notify(capability, body)).status, 200);
  await run.idle();
}

const receipts = async (run: InProcess) => (await allPayments(run)).map(({ receipt, status }) => [receipt, status]);

Deno.test("a till's confirmation has no account: it gives its receipt to the one prompt that waits for it", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { shortcode: "500000", phone_number: "254700009001" });
    await run.pass(30_000);
    assert.equal((await getCheckout(run, id)).payment?.receipt, null);
    await confirmedAtTill(run, "UKM9X2A1BC");
    assert.equal((await getCheckout(run, id)).payment?.receipt, "UKM9X2A1BC");
    await confirmedAtTill(run, "UKM9X2A1BD");
    assert.deepEqual(await receipts(run), [["UKM9X2A1BD", "unmatched"], ["UKM9X2A1BC", "matched"]]);
  });
});

Deno.test("the same the other way round: a prompt that a query calls paid takes the till's one unmatched receipt", async () => {
  for (const refresh of [false, true]) {
    await inProcess(async (run) => {
      const { id } = await createCheckout(run, { shortcode: "500000", phone_number: "254700009001" });
      await run.pass(5_000);
      await confirmedAtTill(run, "UKM9X2A1BC");
      assert.deepEqual(await receipts(run), [["UKM9X2A1BC", "unmatched"]]);
      if (refresh) assert.equal((await run.call("POST", `/v1/checkouts/${id}/refresh`)).status, 200);
      else await run.pass(30_000);
      assert.deepEqual(await receipts(run), [["UKM9X2A1BC", "matched"]]);
      assert.equal((await getCheckout(run, id)).payment?.receipt, "UKM9X2A1BC");
    });
  }
});
