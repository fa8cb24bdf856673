import assert from "node:assert/strict";
import { callback, confirmation, mpesaTime, PAYBILL, prompted, refreshed } from "../../support/facts.ts";
import { getCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { askRefund, checkLedger, payPaybill } from "../../support/money.ts";
import { interleaving, race, randomOf } from "../../support/race.ts";
import { BEFORE_MIDNIGHT_MS } from "../../support/time.ts";

const RECEIPT = "UKM1A2B3C4";
const SEEDS = Number(Deno.env.get("RACE_SEEDS") ?? 16);

const ends = ["checkout.succeeded", "checkout.expired", "checkout.cancelled", "checkout.review"];

function statementOf(at: number): string {
  const t = mpesaTime(at);
  const time = `${t.slice(6, 8)}-${t.slice(4, 6)}-${t.slice(0, 4)} ${t.slice(8, 10)}:${t.slice(10, 12)}:${t.slice(12)}`;
  return "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,A/C No.\r\n" +
    `${RECEIPT},${time},Pay Bill from 2547******78,Completed,1500.00,,Pay Bill Online,RACE\r\n`;
}

/** When both transfers were made (ms), and the receipt of the other customer's. */
interface Paid {
  at: number;
  walkIn: string;
}

/** M-Pesa's list holds both transfers; the simulator's own books would name another receipt for the prompt's. */
function pulled(asked: number, { at, walkIn }: Paid): Response {
  if (asked % 2 === 1) return Response.json({ ResponseCode: "1001", ResponseMessage: "None", Response: [[]] });
  const row = (receipt: string, account: string) => ({
    transactionId: receipt,
    trxDate: new Date(at).toISOString(),
    msisdn: "254712345678",
    sender: "JANE",
    transactiontype: "c2b-pay-bill-debit",
    billreference: account,
    amount: "1500.00",
    organizationname: "Demo Shop",
  });
  const page = [row(RECEIPT, "RACE"), row(walkIn, "nobody")];
  return Response.json({ ResponseRefID: "1", ResponseCode: "1000", ResponseMessage: "Success", Response: [page] });
}

/** All that may reach one checkout at once: notices of one transfer, time, its merchant, and money of somebody else. */
async function racing(run: InProcess, random: () => number, paid: Paid): Promise<string> {
  const walkIn = await payPaybill(run);
  const [[other] = []] = await run.sql("SELECT id FROM payments WHERE receipt = ?", walkIn);
  const checkout = await prompted(run, { account_reference: "RACE", expires_in: 60 });
  await run.pass(5_000);
  const transfer = { receipt: RECEIPT, amount: 1_500, at: run.time.now() };
  Object.assign(paid, { at: transfer.at, walkIn });
  const attempt = checkout.attempts[0]?.id ?? "";
  const upload = {
    raw: statementOf(transfer.at),
    headers: { "content-type": "text/csv" },
  };
  await race(random, [
    () => callback(run, attempt, transfer),
    () => callback(run, attempt, { ...transfer, at: transfer.at + 1_000 }), // another text of the same facts
    () => confirmation(run, PAYBILL, "RACE", transfer),
    () => confirmation(run, PAYBILL, "race", transfer),
    () => refreshed(run, checkout),
    () => run.call("POST", "/v1/reconciliations", undefined, upload),
    () => run.call("POST", "/v1/reconciliations", {}),
    () => run.call("POST", `/v1/checkouts/${checkout.id}/cancel`),
    () => run.call("POST", `/v1/payments/${other}/match`, { checkout: checkout.id }),
    () => askRefund(run, String(other), { method: "payout", amount: 50_000 }),
    () => run.pass(60_000), // past its expiry
  ]);
  await run.pass(3 * 3_600_000);
  return checkout.id;
}

for (let seed = 1; seed <= SEEDS; seed++) {
  const random = randomOf(seed);
  const paid: Paid = { at: 0, walkIn: "" };
  let asked = 0;
  Deno.test(`all that can reach a checkout at once ends it once, as paid, by one payment (seed ${seed})`, () =>
    inProcess(async (run) => {
      const id = await racing(run, random, paid);
      assert.equal((await getCheckout(run, id)).status, "succeeded");
      const events = await run.sql("SELECT type FROM events WHERE subject_id = ? ORDER BY id", id);
      const told = events.map(([type]) => String(type)).filter((type) => ends.includes(type));
      assert.equal(told.filter((type) => type === "checkout.succeeded").length, 1, told.join());
      assert.equal(told.at(-1), "checkout.succeeded", told.join());
      assert.equal(new Set(told).size, told.length, told.join());
      assert.equal(Number((await run.sql("SELECT count(*) FROM payments WHERE receipt = ?", RECEIPT))[0]?.[0]), 1);
      assert.equal(await run.count("payments"), 2, "the transfer, and the other customer's");
      assert.deepEqual(await checkLedger(run), []);
      assert.deepEqual(run.logged("job_dead"), []);
    }, {
      daraja: (request) => request.url.includes("/pulltransactions/v1/query") ? pulled(asked++, paid) : null,
      wrapDatabase: (db) => interleaving(db, random),
      ...(seed % 4 === 0 ? { startMs: BEFORE_MIDNIGHT_MS } : {}),
    }));
}
