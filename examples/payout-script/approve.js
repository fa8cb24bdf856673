// Shows each payout that waits for approval, and asks a person. It must be another client than the one that pays.
//   node approve.js
import process from "node:process";
import { createInterface } from "node:readline";
import { isMalipoError, Malipo } from "@malipo/client";

const malipo = new Malipo({
  baseUrl: process.env.MALIPO_URL ?? "http://127.0.0.1:8000",
  clientId: process.env.MALIPO_APPROVER_ID ?? "cli_approver",
  clientSecret: process.env.MALIPO_APPROVER_SECRET ?? "approver-secret",
});

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** One typed line; empty at the end of the input. */
async function ask(question) {
  process.stdout.write(question);
  const { value = "" } = await lines.next();
  return value.trim().toLowerCase();
}

/** Errors: `wrong_state` where somebody else was faster, `own_payout` where this client has made it. */
async function decide({ id, reference, amount, phone_number, created_by }) {
  console.log(`${reference}: KES ${amount / 100} to ${phone_number}, made by ${created_by}`);
  const word = await ask("Type yes to approve, no to reject, anything else to leave it: ");
  console.log();
  if (word === "yes") return (await malipo.payouts.approve(id)).status;
  if (word === "no") return (await malipo.payouts.reject(id, { reason: "Rejected by the approver" })).status;
  return "left";
}

let count = 0;
for await (const payout of malipo.payouts.list({ status: "awaiting_approval" })) {
  count++;
  try {
    console.log(`${payout.reference} ${await decide(payout)}`);
  } catch (error) {
    if (!isMalipoError(error)) throw error;
    console.log(`${payout.reference} ${error.code}`);
  }
}
if (count === 0) console.log("Nothing waits for approval.");
process.exit(0);
