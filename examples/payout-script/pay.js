// Pays every row of a CSV file, once, and waits for the results.
//   node pay.js wages.csv
import { readFile } from "node:fs/promises";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { Malipo } from "@malipo/client";
import { readRows } from "./rows.js";

const malipo = new Malipo({
  baseUrl: process.env.MALIPO_URL ?? "http://127.0.0.1:8000",
  clientId: process.env.MALIPO_CLIENT_ID ?? "cli_demo",
  clientSecret: process.env.MALIPO_CLIENT_SECRET ?? "demo-secret",
});
const waitMs = Number(process.env.WAIT_MINUTES ?? 30) * 60_000;
const intervalMs = Number(process.env.INTERVAL_MS ?? 2_000);

/** Makes the payout of a row. Run it as often as you like: one reference is paid once. */
async function pay({ reference, phone, shillings }) {
  // Malipo remembers an idempotency key for 7 days. The reference finds older payouts too.
  const earlier = await malipo.payouts.list({ reference, limit: 1 });
  if (earlier.data.length > 0) return earlier.data[0];
  return await malipo.payouts.create({
    amount: shillings * 100, // cents
    currency: "KES",
    phone_number: phone,
    reference,
    purpose: "salary",
  }, { idempotencyKey: reference });
}

const HAS_ENDED = new Set(["succeeded", "failed", "rejected", "cancelled"]);

function report(payout) {
  const details = payout.receipt ?? payout.failure?.message ?? payout.reason ?? "";
  console.log(`${payout.reference} ${payout.status} ${details}`.trim());
}

/** Asks until every payout has ended or the time is over, and reports each change. Answers the payouts. */
async function waitForAll(payouts) {
  const deadline = Date.now() + waitMs;
  const now = [...payouts];
  while (now.some(({ status }) => !HAS_ENDED.has(status)) && Date.now() < deadline) {
    await pause(intervalMs);
    for (const [i, payout] of now.entries()) {
      if (HAS_ENDED.has(payout.status)) continue;
      now[i] = await malipo.payouts.get(payout.id);
      if (now[i].status !== payout.status) report(now[i]);
    }
  }
  return now;
}

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("Usage: node pay.js FILE.csv");
  process.exit(2);
}
const text = await readFile(file, "utf8").catch((error) => {
  console.error(`Nothing was paid: ${file} can't be read (${error.code}).`);
  process.exit(2);
});
const { rows, problems } = readRows(text);
if (problems.length > 0) {
  console.error(["Nothing was paid:", ...problems].join("\n"));
  process.exit(2);
}

const payouts = [];
for (const row of rows) {
  const payout = await pay(row); // a crash here is harmless: run the script again
  report(payout);
  payouts.push(payout);
}
if (payouts.some(({ status }) => status === "awaiting_approval")) {
  console.log("A second person must approve the large ones: node approve.js");
}

const ended = await waitForAll(payouts);
const paid = ended.filter(({ status }) => status === "succeeded").length;
const open = ended.filter(({ status }) => !HAS_ENDED.has(status)).length;
console.log(`${paid} of ${ended.length} paid`);
if (open > 0) console.log(`${open} not ended yet. Do not pay them by other means: run this script again later.`);
process.exitCode = paid === ended.length ? 0 : 1;
