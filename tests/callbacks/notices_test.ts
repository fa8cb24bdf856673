import assert from "node:assert/strict";
import type { NoticeView } from "../../src/callbacks/contract.ts";
import { processNotice } from "../../src/callbacks/process-notice.ts";
import { newId } from "../../src/crypto/ids.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";

const ACCEPTED = { ResultCode: 0, ResultDesc: "Accepted" };

/** A prompted checkout whose phone Daraja never answers for by itself, and the address of its callback. */
async function waiting(run: InProcess): Promise<{ id: string; attempt: string; capability: string }> {
  const { id, attempts } = await createCheckout(run, { phone_number: "0700009009" });
  const attempt = attempts[0]?.id ?? "";
  return { id, attempt, capability: run.services.capabilities.mint("stk", attempt) };
}

const callback = (result: number | string, items: readonly { Name: string; Value?: unknown }[] = []): string =>
  JSON.stringify({
    Body: {
      stkCallback: {
        MerchantRequestID: "29115-34620561-1",
        CheckoutRequestID: "ws_CO_221120261215000712345678",
        ResultCode: result,
        ResultDesc: "Said so.",
        CallbackMetadata: { Item: items },
      },
    },
  });

const paid = (receipt: string, amount = 1_500): string =>
  callback(0, [{ Name: "Amount", Value: amount }, { Name: "MpesaReceiptNumber", Value: receipt }]);

async function notices(run: InProcess, query = ""): Promise<readonly NoticeView[]> {
  const { body } = await run.call<{ data: NoticeView[] }>(
    "GET",
    `/v1/notices?merchant=all${query.replace("?", "&")}`,
    undefined,
    {
      client: "cli_platform",
    },
  );
  return body.data;
}

Deno.test("a callback is acked once it is kept, and settles the checkout", async () => {
  await inProcess(async (run) => {
    const { id, attempt, capability } = await waiting(run);
    const answer = await run.notify(capability, paid("UKM9X2A1BC"));
    assert.deepEqual([answer.status, await answer.json()], [200, ACCEPTED]);
    await run.idle();
    const checkout = await getCheckout(run, id);
    assert.deepEqual([checkout.status, checkout.payment?.receipt], ["succeeded", "UKM9X2A1BC"]);
    const [notice] = await notices(run);
    assert.deepEqual([notice?.kind, notice?.subject, notice?.status, notice?.copies], ["stk", attempt, "applied", 1]);
    assert.equal(await run.count("jobs WHERE kind = 'notice'"), 0, "its job has ended with it");
    assert.equal(notice?.version, 2, "it was stored, and then applied");
    await run.notify(capability, paid("UKM9X2A1BC"));
    const [again] = await notices(run);
    assert.deepEqual([again?.copies, again?.version], [2, 3]);
  });
});

Deno.test("a capability that is not ours is a 404, logged, and nothing is kept", async () => {
  await inProcess(async (run) => {
    const { attempt, capability } = await waiting(run);
    const swap = (text: string, at: number) => text.slice(0, at) + (text[at] === "0" ? "1" : "0") + text.slice(at + 1);
    const hosted = run.services.capabilities.mint("hosted", newId("chk"));
    const bad = ["x", "", "0".repeat(98), capability.slice(0, -1), `${capability}0`, capability.toUpperCase(), hosted]
      .concat(swap(capability, 1), swap(capability, 10), swap(capability, 97), attempt);
    for (const text of bad) {
      const answer = await run.notify(text, paid("UKM9X2A1BC"));
      const body: ProblemBody = await answer.json();
      assert.deepEqual([text, answer.status, body.code], [text, 404, "not_found"]);
    }
    assert.equal(await run.count("notices"), 0);
    assert.equal(run.logged("callback_refused").length, bad.length - 1, "an empty one reaches no route");
  });
});

Deno.test("a body that can't be read is kept, flagged, alerted and acked", async () => {
  await inProcess(async (run) => {
    const { id, capability } = await waiting(run);
    const bodies = [
      "not json",
      "",
      "[]",
      "null",
      '{"Body":{}}',
      '{"Body":{"stkCallback":{"ResultCode":null}}}',
      "\u0000",
    ];
    for (const body of bodies) {
      const answer = await run.notify(capability, body);
      assert.deepEqual([answer.status, await answer.json()], [200, ACCEPTED]);
    }
    await run.idle();
    const kept = await notices(run, "?status=unreadable");
    assert.equal(kept.length, bodies.length);
    assert.ok(kept.every(({ problem }) => problem !== null));
    const alerts = run.logged("notice_unreadable");
    assert.equal(alerts.length, bodies.length);
    assert.ok(alerts.every(({ level }) => level === "alert"));
    assert.equal((await getCheckout(run, id)).status, "pending");
  });
});

Deno.test("copies of one message are one notice, counted, and alert once", async () => {
  await inProcess(async (run) => {
    const { capability } = await waiting(run);
    const other = await waiting(run);
    for (let copy = 0; copy < 4; copy++) await run.notify(capability, "not json");
    await run.notify(other.capability, "not json");
    await run.idle();
    assert.deepEqual((await notices(run)).map(({ copies }) => copies).sort(), [1, 4]);
    assert.equal(run.logged("notice_unreadable").length, 2);
  });
});

Deno.test("four copies at once make one payment", async () => {
  await inProcess(async (run) => {
    const { capability } = await waiting(run);
    await Promise.all(Array.from({ length: 4 }, () => run.notify(capability, paid("UKM9X2A1BC"))));
    await run.idle();
    assert.equal(await run.count("payments"), 1);
    assert.deepEqual((await notices(run)).map(({ copies, status }) => [copies, status]), [[4, "applied"]]);
    const runs = run.logged("job").filter(({ fields }) => fields.kind === "notice");
    assert.equal(runs.length, 1, "a copy is only counted");
  });
});

Deno.test("another amount than was asked is quarantined with an alert, and the checkout in review at once", async () => {
  await inProcess(async (run) => {
    const { id, capability } = await waiting(run);
    await run.notify(capability, paid("UKM9X2A1BC", 1_501));
    await run.idle();
    const checkout = await getCheckout(run, id);
    assert.deepEqual([checkout.status, checkout.attempts[0]?.status, checkout.payment], ["review", "unknown", null]);
    const [notice] = await notices(run, "?status=quarantined");
    assert.equal(notice?.problem, "amount_differs");
    assert.equal(run.logged("notice_quarantined")[0]?.level, "alert");
  });
});

Deno.test("a receipt that paid another checkout is quarantined", async () => {
  await inProcess(async (run) => {
    const [first, second] = [await waiting(run), await waiting(run)];
    for (const { capability } of [first, second]) {
      await run.notify(capability, paid("UKM9X2A1BC"));
      await run.idle();
    }
    assert.equal((await getCheckout(run, first.id)).status, "succeeded");
    assert.equal((await getCheckout(run, second.id)).status, "review");
    assert.equal((await notices(run, "?status=quarantined"))[0]?.problem, "receipt_of_another_checkout");
    assert.equal(await run.count("payments"), 1);
  });
});

Deno.test("a result code that nobody knows settles nothing", async () => {
  await inProcess(async (run) => {
    const { id, capability } = await waiting(run);
    for (const code of [4999, 777, "SFC_X", -1]) await run.notify(capability, callback(code));
    await run.idle();
    assert.equal((await getCheckout(run, id)).attempts[0]?.status, "pending");
  });
});

Deno.test("a callback for an attempt that is not there is quarantined", async () => {
  await inProcess(async (run) => {
    await run.notify(run.services.capabilities.mint("stk", newId("att")), paid("UKM9X2A1BC"));
    await run.idle();
    assert.equal((await notices(run, "?status=quarantined"))[0]?.problem, "attempt_unknown");
  });
});

Deno.test("a body over the limit is refused, and one just under it kept", async () => {
  await inProcess(async (run) => {
    const { capability } = await waiting(run);
    assert.equal((await run.notify(capability, "x".repeat(262_145))).status, 413);
    assert.equal((await run.notify(capability, "x".repeat(262_144))).status, 200);
    await run.idle();
    assert.equal(await run.count("notices"), 1);
  });
});

Deno.test("a validation keeps nothing, so its body may have 16 KiB only", () =>
  inProcess(async (run) => {
    const [shortcode] = await run.sql("SELECT id FROM shortcodes WHERE number = '600000'");
    const capability = run.services.capabilities.mint("c2b_validation", String(shortcode?.[0]));
    assert.equal((await run.notify(capability, "x".repeat(16_385))).status, 413);
    assert.equal((await run.notify(capability, "x".repeat(16_384))).status, 200);
  }));

Deno.test("Daraja's body is read whatever its content type says, and kept sealed", async () => {
  await inProcess(async (run) => {
    const { id, attempt, capability } = await waiting(run);
    const answer = await run.notify(capability, paid("UKM9X2A1BC"), { "content-type": "text/plain" });
    assert.equal(answer.status, 200);
    await run.idle();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    const [row] = await run.sql("SELECT id, body FROM notices WHERE subject_id = ?", attempt);
    const sealed = row?.[1] as Uint8Array; // a blob
    assert.equal(new TextDecoder().decode(sealed).includes("UKM9X2A1BC"), false);
    const place = { table: "notices", column: "body", row: String(row?.[0]) };
    assert.equal(await run.services.vault.openText(sealed, place), paid("UKM9X2A1BC"));
  });
});

Deno.test("a stored notice of a kind that only a newer version knows is flagged and alerted, not lost", async () => {
  await inProcess(async (run) => {
    const { capability } = await waiting(run);
    await run.notify(capability, paid("UKM9X2A1BC"));
    await run.db.write([{ sql: "UPDATE notices SET kind = 'of_a_newer_version'", args: [] }]);
    const [notice] = await notices(run);
    const job = {
      id: "job_none",
      kind: "notice",
      subjectId: notice?.id ?? "",
      merchantId: null,
      attempts: 1,
      lease: "none",
      leaseUntil: 0,
    } as const;
    assert.equal(await processNotice(run.services, job, undefined, () => {}), "stored");
    const [processed] = await notices(run);
    assert.deepEqual([processed?.status, processed?.problem], ["unreadable", "no_reader"]);
    assert.equal(run.logged("notice_unreadable")[0]?.level, "alert");
  }, { withoutJobs: true });
});
