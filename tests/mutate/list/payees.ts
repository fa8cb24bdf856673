import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "payees";
const names = ["tests/domain/payees/compare-names_test.ts"];
const checks = ["tests/domain/payees/name-check_test.ts", "tests/domain/payees/payees_test.ts"];

/** Faults in who is paid: names that are compared, the payee book, the name check, and what a person confirmed. */
export const payees: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/domain/payees/compare-names.ts", tests: names }, [
    ["return sharesWord && allFit(few, many)", "return allFit(few, many)", "initials alone are a match"],
    ["return sharesWord && allFit(few, many)", "return sharesWord", "one name in common is a match"],
    ["if (at !== -1) left.splice(at, 1);", "", "one word stands for two"],
    [
      'if (!a.some(isWhole) || !b.some(isWhole)) return "unknown";',
      'if (!a.some(isWhole) || !b.some(isWhole)) return "match";',
      "a name that says nothing is a match",
    ],
    [
      "if (beginA !== null) return b.startsWith(beginA);",
      "if (beginA !== null) return true;",
      "an initial stands for any name",
    ],
    [" && !TITLES.has(word)", "", "a title makes two names of one person differ"],
    ['.replace(MARKS, "")', "", "an accent makes two names of one person differ"],
    [
      "const rest = few.filter((word) => !takeOne((other) => isWhole(word) && other === word));",
      "const rest = few;",
      "an initial takes the word of a whole name",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payees/learn-name.ts", tests: checks }, [
    [
      "return await vault.openText(payee.confirmed_pair, pairPlace(payee.id)) === pairOf(given, returned);",
      "return true;",
      "what a person confirmed of one name counts for every name",
    ],
    ["wordsOf(returned).toSorted()]", "[]]", "the phone has a new owner, and the old confirmation counts"],
    [
      'const isVaguer = known !== null && source === "check" && compareNames(known.name, name) === "match";',
      "const isVaguer = false;",
      "a name with hidden letters replaces the whole one",
      undefined,
      false,
    ],
    ["given: given ?? known?.given ?? null", "given: given ?? null", "a payout without a name clears the mismatch"],
    ['...(match === "mismatch" && before', "...(false && before", "nobody is told of a mismatch"],
    ["      abortIfPayeeChanged(key, before),\n", "", "two that learn at once lose one of the names"],
  ]),
  ...mutationsOf({ area, file: "src/domain/payees/store.ts", tests: checks }, [
    [
      "(SELECT version FROM payees WHERE merchant_id = ? AND phone_index = ?) IS NOT ?",
      "(SELECT version FROM payees WHERE merchant_id = ? AND phone_index = ?) < ?",
      "two that learn at once lose one of the names",
    ],
    [
      '"WHERE merchant_id = ? AND phone_index = ?",',
      '"WHERE merchant_id <> ? OR phone_index = ?",',
      "another merchant's payee decides",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payees/name-of-payer.ts", tests: checks }, [
    [
      "WHERE p.merchant_id = ?1 AND p.payer_name",
      "WHERE ?1 <> '' AND p.payer_name",
      "another merchant's customers are told",
    ],
    [
      "ORDER BY p.id DESC LIMIT 1",
      "ORDER BY p.id LIMIT 1",
      "the name of the number's first owner is used",
      undefined,
      false,
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/check-payee.ts", tests: checks }, [
    ['payout.destination === "phone" && ', "", "a till is asked for its person's name", undefined, false],
    ["payout.refund_id === null && ", "", "a refund is held for a name"],
    [" &&\n  !has(payout, Evidence.nameConfirmed)", "", "a payout that a person has confirmed is held again"],
    [
      "if (row.name_check) return await askForName(ctx, payout, payee, given);",
      "",
      "the name check that the paybill has is not asked",
    ],
    ["given !== null && !has(payout, Evidence.nameChecked)", "given !== null", "the name check is asked for ever"],
    [
      "const match = given === null ? known?.match : await judgeNames(ctx, known, given, name);",
      "const match = given === null ? undefined : await judgeNames(ctx, known, given, name);",
      "without a name of its own a payout goes to a payee in doubt",
    ],
    [
      'if (match !== "mismatch") return { kind: "send", statements };',
      'return { kind: "send", statements };',
      "a mismatch holds nothing",
    ],
    [
      "learned?.statements ?? [abortIfPayeeChanged(payout, payee)]",
      "learned?.statements ?? []",
      "a payout is sent while its payee's name is learnt to differ",
    ],
    [
      'await judgeNames(ctx, payee, given, name) === "mismatch";',
      "false;",
      "another's name from the check sends the payout",
    ],
    [
      'answer.outcome === "accepted" ? readableName(answer.value.name) : null',
      'answer.outcome === "accepted" ? answer.value.name : null',
      "an answer that says nothing is stored as a name",
    ],
    [
      "if (payee !== null || given === null) return null;",
      "return null;",
      "the name that came with a payment of this phone is not looked at",
    ],
  ]),
  ...mutationsOf({ area, file: "src/domain/payouts/confirm-payee.ts", tests: checks }, [
    ["if (before.created_by === ctx.actor) {", "if (false) {", "the maker of a payout confirms its payee"],
    [
      "await requireOtherLineage(ctx, before.created_by);",
      "",
      "a client that the maker has made confirms the payee",
    ],
    ["if (!isHeldForName(before)) {", "if (false) {", "a payout that is held for another reason is sent"],
    [
      "statements: await rememberPair(own, before),",
      "statements: [],",
      "the next payout with these two names is held again",
      undefined,
      false,
    ],
    [
      "const given = ownGiven ?? names.given;",
      "const given = names.given;",
      "another pair is remembered than was confirmed",
    ],
  ]),
];
