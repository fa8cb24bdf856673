import assert from "node:assert/strict";
import { type Context, systemContext } from "../../../src/context/context.ts";
import type { Approval } from "../../../src/db/schema.ts";
import {
  batchDigest,
  type Content,
  contentOf,
  digestOf,
  isAsApproved,
  isAsCreated,
  isBatchDigestOf,
  withProof,
} from "../../../src/domain/payouts/digest.ts";
import type { Payout } from "../../../src/domain/payouts/machine/facts.ts";
import { loadPayout } from "../../../src/domain/payouts/store.ts";
import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import { inProcess } from "../../support/in-process.ts";
import { createPayout } from "../../support/payouts.ts";

/** What is approved, each field with another value. */
const approved: Partial<Payout> = {
  id: "pyt_01kamcvdf2ej5s2k8sxw9ggk6r",
  merchant_id: "mer_01kamcvd000000000000000002",
  destination: "paybill",
  receiver: "600001",
  account_reference: "B",
  amount: 150_100,
  reference: "another",
  originator_conversation_id: "7f3c1f0a-0000-4000-8000-000000000009",
};
/** What belongs to the origin besides. */
const created: Partial<Payout> = {
  created_by: "cli_approver",
  batch_id: "bat_01kamcvdf2ej5s2k8sxw9ggk6r",
  refund_id: "ref_01kamcvdf2ej5s2k8sxw9ggk6r",
  approval_required: true,
  signed_request: "sig_01kamcvdf2ej5s2k8sxw9ggk6r",
};

/** A payout that this service has created, as it is sent. */
const withContent = (test: (ctx: Context, content: Content) => void) =>
  inProcess(async (run) => {
    const { id } = await createPayout(run);
    const ctx = systemContext(run.services, DEMO_MERCHANT, "system", "job_1", () => {});
    const payout = await loadPayout(ctx, id);
    assert.ok(payout);
    const content = await contentOf(ctx, payout, await ctx.shortcodes.byId(payout.shortcode_id));
    assert.ok(content);
    test(ctx, content);
  });

const changesOf = (content: Content, fields: Partial<Payout>): [string, Content][] =>
  Object.entries(fields).map(([name, value]) => [name, { ...content, payout: { ...content.payout, [name]: value } }]);
const others = (content: Content): [string, Content][] => [
  ["payee", { ...content, payee: "254722000111" }],
  ["shortcode", { ...content, shortcode: "600001" }],
];

Deno.test("the origin of a payout holds for no other value of any field that decides who gets what, from whom, and by whose word", () =>
  withContent((ctx, content) => {
    assert.ok(isAsCreated(ctx, content));
    for (const [name, changed] of [...changesOf(content, { ...approved, ...created }), ...others(content)]) {
      assert.ok(!isAsCreated(ctx, changed), name);
    }
  }));

Deno.test("an approval holds for what was shown, from who gave it, when they gave it", () =>
  withContent((ctx, content) => {
    const given: Approval = { by: "cli_approver", at: 1, digest: digestOf(ctx, content), signed: false };
    const proven = withProof(ctx, given);
    const having = (approvals: Approval[], of: Content = content): Content => ({
      ...of,
      payout: { ...of.payout, approvals },
    });
    assert.ok(isAsApproved(ctx, having([proven])));
    for (const [name, changed] of [...changesOf(content, approved), ...others(content)]) {
      assert.ok(!isAsApproved(ctx, having([proven], changed)), name);
    }
    for (
      const forged of [
        given,
        { ...proven, by: "cli_demo" },
        { ...proven, at: 2 },
        withProof(ctx, { ...given, digest: "0" }),
      ]
    ) {
      assert.ok(!isAsApproved(ctx, having([forged])), JSON.stringify(forged));
    }
    const [, needy] = changesOf(having([]), { approval_required: true })[0] ?? [];
    assert.ok(needy);
    assert.ok(!isAsApproved(ctx, needy), "an approval that was removed is missed");
  }));

Deno.test("the digest of a batch holds for its rows, in their order, and for no other batch", () =>
  withContent((ctx) => {
    const digest = batchDigest(ctx, "bat_1", ["a", "b"]);
    assert.ok(isBatchDigestOf(ctx, digest, "bat_1", ["a", "b"]));
    for (const rows of [["a"], ["b", "a"], ["a", "b", "c"], ["a", "c"]]) {
      assert.ok(!isBatchDigestOf(ctx, digest, "bat_1", rows), rows.join());
    }
    assert.ok(!isBatchDigestOf(ctx, digest, "bat_2", ["a", "b"]));
  }));
