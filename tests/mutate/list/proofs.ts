import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "proofs";
const seen = ["tests/security/approvals_test.ts"];
const signing = ["tests/console/signing_test.ts"];
const passkeys = ["tests/console/passkey_test.ts"];
const receipts = ["tests/pages/receipt_test.ts"];

/** Faults in what proves that something is ours: origins and approvals of payouts, signatures of people, sessions, receipts. */
export const proofs: readonly Mutation[] = [
  ...mutationsOf({
    area,
    file: "src/domain/payouts/digest.ts",
    tests: ["tests/domain/payouts/digest_test.ts", "tests/security/signed-payouts_test.ts", ...seen],
  }, [
    [
      'return ctx.config.payouts.origin === "accept_missing";',
      "return true;",
      "a payout that was invented in the database is sent",
    ],
    ["  payout.created_by,\n", "", "another maker is written in, who may not approve what they made"],
    ["  payout.refund_id,\n", "", "an invented payout passes for a refund, which no name check holds"],
    ["  payout.approval_required,\n", "", "the need of an approval is removed in the database"],
    ["  payout.signed_request,\n", "", "the signed request of a payout is exchanged"],
    ["  shortcode,\n  payout.reference,", "  payout.reference,", "another shortcode pays than was approved"],
    ["  payout.originator_conversation_id,\n", "", "the id is changed, so that the payout is sent twice"],
    ["  payout.destination,\n", "", "a payout to a phone becomes one to a paybill"],
    ["  payout.account_reference,\n", "", "another account at the payee is paid"],
    ["  payout.merchant_id,\n", "", "a payout moves to another merchant", undefined, false],
    ["  payout.id,\n", "", "an approval counts for a copy of its payout"],
    ['"payout_approval", by, at, digest]', '"payout_approval", at, digest]', "another approver is written in"],
    [
      "return ctx.digests.matches(origin, originParts(content));",
      "return true;",
      "a payout that was changed in the database is sent",
    ],
    [
      '["payout_batch", batchId, ...digests]);\n\n/** Whether',
      '["payout_batch", batchId]);\n\n/** Whether',
      "a batch is approved with other rows than were shown",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "src/console/session/csrf.ts",
    tests: ["tests/console/session_test.ts", "tests/console/acts_test.ts"],
  }, [
    [
      "return origin === undefined || origin === new URL(config.server.publicUrl).origin;",
      "return true;",
      "another site posts forms from an old browser",
    ],
    ['["csrf", sessionId]', '["csrf"]', "the token of one session counts in another"],
  ]),
  ...mutationsOf({ area, file: "src/domain/people/sessions.ts", tests: ["tests/console/session_test.ts"] }, [
    ["Math.min(row.expires_at, row.last_seen_at + IDLE_MS)", "row.expires_at", "a session that nobody uses goes on"],
    [
      "Math.min(row.expires_at, row.last_seen_at + IDLE_MS)",
      "row.last_seen_at + IDLE_MS",
      "a session in use never ends",
    ],
    ["row.ended_at === null && now", "now", "who signs out stays in"],
    [
      "token_hash: hashSecret(token),",
      "token_hash: hashSecret(person.id),",
      "a session's token can be told from its person",
    ],
  ]),
  ...mutationsOf({ area, file: "src/console/session/cookie.ts", tests: ["tests/console/session_test.ts"] }, [
    ["httpOnly: true, ", "httpOnly: false, ", "a script reads the session"],
    ['sameSite: "Lax"', 'sameSite: "None"', "another site sends the session along"],
  ]),
  ...mutationsOf({ area, file: "src/console/session/enter.ts", tests: ["tests/console/session_test.ts"] }, [
    ["  await endEarlier(c, services);\n", "", "an earlier session stays open, and nobody sees it"],
  ]),
  ...mutationsOf({
    area,
    file: "src/console/session/require-viewer.ts",
    tests: ["tests/console/session_test.ts", "tests/console/people_test.ts"],
  }, [
    [
      'if (!isPlatform && merchant.status === "disabled") throw merchantDisabled();',
      "",
      "people of a disabled merchant go on",
    ],
    [
      'if (!c.get("viewer").roles.some((role) => roles.includes(role))) throw new PageRefused("role");',
      "",
      "each person opens each page",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/people/challenge.ts", tests: [...passkeys, ...signing] }, [
    [
      "return known !== null && digests.matches(known.mac, partsOf(purpose, known));",
      "return known !== null;",
      "what was signed for one thing counts for another",
    ],
    ["  ...purpose,\n", "", "what was signed for one thing counts for another"],
    ["  nonce,\n  expiresAt,\n]", "  nonce,\n]", "the time of a challenge is changed on the way"],
  ]),
  ...mutationsOf({ area, file: "src/domain/people/use-passkey.ts", tests: [...passkeys, ...signing] }, [
    ["!isChallengeFor(services, challenge, purpose) || ", "", "what was signed for one thing counts for another"],
    ["if (verified === null) return null;", "", "a signature that does not hold signs in"],
    ["counter: passkey.counter }", "counter: 0 }", "a copy of a passkey is not noticed"],
  ]),
  ...mutationsOf({ area, file: "src/domain/people/signing.ts", tests: signing }, [
    ["use === null || use.passkey.person_id !== personId", "use === null", "one person signs for another"],
    [
      "passkey === null || passkey.person_id !== row.person_id",
      "passkey === null",
      "a stored signature of somebody else counts",
    ],
    [
      "if (!isChallengeFor(services, challenge, purpose)) return false;",
      "",
      "a stored signature of another thing counts",
    ],
    ["    ...signature.use,\n", "", "one signature approves twice"],
    [
      "signature.action !== signed.action || signature.subjectId !== signed.subjectId",
      "false",
      "what was signed for one payout approves another",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/signed.ts", tests: signing }, [
    [
      'row.action === "payout.approve" && row.digest === digest && await holds(ctx, row)',
      "true",
      "a stored signature is not verified before money leaves",
    ],
    ["row.digest === digest && await holds", "await holds", "a signature of an earlier payee counts"],
    [
      "isBatchDigestOf(ctx, row.digest, row.subject_id, row.covers) && await holds(ctx, row)",
      "await holds(ctx, row)",
      "payouts are added to a signed batch",
    ],
    ["found.filter(({ person_id }) => person_id === approval.by)", "found", "one person's signature counts for two"],
  ]),
  ...mutationsOf({ area, file: "src/domain/receipts/signer.ts", tests: receipts }, [
    ["typ: TYPE, issuer });", "typ: TYPE });", "a receipt of another service is ours"],
    ["keys.find((one) => one.kid === kid);", "keys[0];", "a receipt of an older key is said to be forged"],
    ["return claims.success ? claims.data : null;", "return payload as never;", "a receipt with other fields is shown"],
  ]),
  ...mutationsOf({ area, file: "src/domain/receipts/read-receipt.ts", tests: receipts }, [
    ['if (amount_taken_back >= amount) return "taken_back";', "", "a receipt hides that M-Pesa took the money back"],
    [
      "const isWhole = checkout !== null && checkout.amount === payment.amount",
      "const isWhole = checkout !== null",
      "a part of the money has a receipt for all of the goods",
    ],
    [' &&\n    status !== "duplicate_payment"', "", "a second payment has a receipt for the same goods"],
    [
      "iat: Math.floor(payment.updated_at / 1_000),",
      "iat: Math.floor(payment.created_at / 1_000),",
      "an old receipt looks as new as a newer one",
    ],
    ["...givenBack === 0 ? {} : { given_back: givenBack },", "", "the signed text hides that the money went back"],
  ]),
];
