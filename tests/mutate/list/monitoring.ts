import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "monitoring";
const rules = ["tests/monitoring/rules_test.ts"];
const sending = ["tests/monitoring/sending_test.ts"];

/** Faults in alerts: nobody is told that money is in doubt. */
export const monitoring: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/monitoring/alerts/decide.ts", tests: [...rules, ...sending] }, [
    [
      "!current.has(key(alert)) && !unread.has(alert.rule)",
      "!current.has(key(alert))",
      "an alert ends because it was not looked at",
    ],
    ["|| now - alert.sentAt < repeatMs) return []", "|| true) return []", "an alert is told once and never again"],
    [
      "|| now - alert.sentAt < repeatMs) return []",
      "|| false) return []",
      "an alert is told each minute",
      undefined,
      false,
    ],
    [
      "found.filter((finding) => !before.has(key(finding)))",
      "[...found]",
      "an alert is told each minute",
      undefined,
      false,
    ],
    ["`${rule} ${subject}`", "`${rule}`", "an alert of one merchant hides those of the others"],
  ]),
  ...mutationsOf({ area, file: "src/monitoring/alerts/rules.ts", tests: rules }, [
    [
      '"AND in_doubt_at < ?1 GROUP BY merchant_id UNION ALL "',
      '"AND in_doubt_at > ?1 GROUP BY merchant_id UNION ALL "',
      "payouts in doubt are not told",
    ],
    [
      "\"AND r.status = 'in_doubt' WHERE r.in_doubt_at < ?1",
      "\"AND r.status = 'failed' WHERE r.in_doubt_at < ?1",
      "refunds in doubt are not told",
    ],
    ["WHERE status = 'dead' AND id > ''", "WHERE status = 'dead' AND id < ''", "dead jobs are not told"],
    [') WHERE at < ?2"', ') WHERE at > ?2"', "jobs that do not run are not told"],
    ['"WHERE b.utility < a.below"', '"WHERE b.utility > a.below"', "an empty account is not told"],
    [
      "(SELECT max(id) FROM balances WHERE shortcode_id = s.id)",
      "(SELECT min(id) FROM balances WHERE shortcode_id = s.id)",
      "an old balance counts as the newest",
    ],
    ["WHERE found > 0", "WHERE false", "differences of the ledger are not told"],
    ['"WHERE r.differing > 0 AND r.reversed_at IS NULL"', '"WHERE false"', "differences with M-Pesa are not told"],
    [
      'olderThan("payments", "unmatched", now - unmatchedMs)',
      'olderThan("payments", "unmatched", 0)',
      "money of nobody is not told",
    ],
    [
      'olderThan("checkouts", "review", now - reviewMs)',
      'olderThan("checkouts", "review", 0)',
      "orders in review are not told",
    ],
    [
      "AND NOT EXISTS (SELECT 1 FROM notices WHERE id > ?5 AND kind = 'stk'",
      "AND NOT EXISTS (SELECT 1 FROM notices WHERE id > ?5 AND kind <> ''",
      "a notice of another kind hides that no callback arrives",
    ],
    [
      "OR EXISTS (SELECT 1 FROM payouts p WHERE p.id = n.subject_id AND p.status = 'in_doubt') ",
      "",
      "a payout with another amount is not told",
    ],
    ["AND c.status = 'review') ", "AND c.status = 'open') ", "a checkout with another amount is not told"],
    ["100 * failed >= ?3 * calls", "failed >= ?3 * calls", "Daraja's errors are not told", undefined, false],
  ]),
  ...mutationsOf({ area, file: "src/monitoring/alerts/evaluate.ts", tests: [...rules, ...sending] }, [
    [
      "if (finding.merchantId === null) return [];",
      "if (finding.merchantId !== null) return [];",
      "merchants are not told by webhook",
      undefined,
      false,
    ],
    ['measured === null ? ["expiry"] : []', "[]", "an alert ends because it was not looked at", undefined, false],
    ["...repeated.map((one) => store(one, one.since, null)),", "", "an alert is told each minute", undefined, false],
    ["told.length === 0 ? [] : messageStatements", "told.length >= 0 ? [] : messageStatements", "nobody is told"],
  ]),
  ...mutationsOf({ area, file: "src/monitoring/alerts/send.ts", tests: sending }, [
    ["if (status < 200 || status > 299) throw", "if (false) throw", "an alert that was refused counts as told"],
    [
      '"WHERE channel = ? ORDER BY id LIMIT 1"',
      '"WHERE channel = ? ORDER BY id DESC LIMIT 1"',
      "an old alert is told after its end",
      undefined,
      false,
    ],
  ]),
];
