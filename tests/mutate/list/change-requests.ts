import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "change-requests";
const tests = ["tests/security/changes_test.ts"];

/** Faults in changes that a second person confirms: one person alone sends money elsewhere. */
export const changeRequests: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/domain/change-requests/apply.ts", tests }, [
    [
      'if (row === null || row.status !== "proposed") return "finished";',
      'if (row === null) return "finished";',
      "a rejected change is applied all the same",
    ],
    [
      "if (row.applies_at > ctx.clock.now()) return",
      "if (false) return",
      "a change applies before anybody can look at it",
    ],
    ["if (await isDisabled(ctx, row.merchant_id)) return", "if (false) return", "changes of a disabled merchant apply"],
    ["if (proposer === null) throw", "if (false) throw", "the change of a client that was revoked applies"],
    ["if (subject.basis !== row.basis) {", "if (false) {", "a change overwrites what was changed meanwhile"],
    [
      "...(subject.guard === null ? [] : [subject.guard])",
      "...[]",
      "a change at the same moment is overwritten",
    ],
    [
      "new AnswerTaker(abortUnlessProposed(row))",
      'new AnswerTaker({ sql: "SELECT 1", args: [] })',
      "two people who confirm at once apply a change twice",
    ],
    [
      "[...first, ...statements, ...ending]",
      "[...first, ...statements]",
      "a change applies and stays open: it applies again",
    ],
    [
      "    storeDecision(after, row.id, row.version),\n    abortIfUnchanged,",
      "    storeDecision(after, row.id, row.version),",
      "of two decisions both are told",
    ],
    ['ctx.jobs.drop("change_request", row.id),', "", "a rejected change keeps its job", undefined, false],
  ]),
  ...mutationsOf({ area, file: "src/domain/change-requests/decide.ts", tests }, [
    ["await requireOtherLineage(ctx, row.proposed_by);", "", "who proposed a change confirms it"],
    ["if (row.needs_platform) requirePlatform(ctx);", "", "a merchant's own people decide about all merchants"],
    ['if (row.status === "proposed") return row;', "return row;", "a change that was rejected is confirmed"],
  ]),
  ...mutationsOf({ area, file: "src/domain/change-requests/store.ts", tests }, [
    [
      "within(ctx.reach, await first(ctx.db, selectChange(id)))",
      "await first(ctx.db, selectChange(id))",
      "another merchant's people decide",
    ],
    [
      "  status,\n  input: null,",
      "  status,\n  input: row.input,",
      "secrets of a change that is decided are kept",
      undefined,
      false,
    ],
    [
      "\"WHERE id = ? AND status = 'proposed' AND version = ?\"",
      '"WHERE id = ? AND ? > 0"',
      "of two decisions the later one counts",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/change-requests/propose.ts", tests }, [
    [
      "ctx.config.changes.delayMs === 0 || !kind.isProtected(input)",
      "true",
      "a protected change needs no second person",
    ],
    ["row.applies_at),\n  ], {", "now),\n  ], {", "a change applies at once", undefined, false],
    [
      "needs_platform: subject.needsPlatform,",
      "needs_platform: false,",
      "a merchant's own people decide about all merchants",
    ],
    [
      "if ((await first(ctx.db, countOpen(merchantId)) ?? 0) < MOST_OPEN) return;",
      "return;",
      "one token fills the table",
      undefined,
      false,
    ],
  ]),
];
