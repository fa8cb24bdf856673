import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "webhooks";
const leases = ["tests/webhooks/lease_test.ts"];
const delivery = ["tests/webhooks/delivery_test.ts"];
const plan = ["tests/webhooks/retry-plan_test.ts"];

/** Faults in webhooks: a merchant that is not told of its money. */
export const webhooks: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/webhooks/deliveries/retry-plan.ts", tests: [...plan, ...delivery] }, [
    [
      "Math.max(delayMs * scale, pauseMs(scale, retryAfterMs))",
      "delayMs * scale",
      "an endpoint that asks for a pause is called again at once",
    ],
    [
      "Math.min(retryAfterMs ?? 0, MAX_PAUSE_MS * scale)",
      "retryAfterMs ?? 0",
      "an endpoint puts its deliveries off for ever",
    ],
    [
      "now - failingSince >= DISABLE_AFTER_MS * scale",
      "now - failingSince >= 0",
      "an endpoint is disabled at its first failure",
    ],
    ["now - failingSince >= DISABLE_AFTER_MS * scale", "false", "a dead endpoint is called for ever", [
      ...plan,
      ...delivery,
    ], false],
    ["  24 * HOUR,\n];", "];", "a delivery is given up a day sooner"],
    ["  5 * SECOND,\n", "  5 * HOUR,\n", "the first retry comes hours late"],
  ]),
  ...mutationsOf({
    area,
    file: "src/webhooks/deliveries/record-result.ts",
    tests: [...delivery, "tests/webhooks/recovery_test.ts"],
  }, [
    [
      "...(nextAt === null ? [] : nextAttemptStatements(services, endpoint, delivery, nextAt)),",
      "",
      "a failed delivery is never tried again",
    ],
    ["number: number + 1, retry: retry + 1 }", "number: number + 1, retry }", "a delivery is tried without end"],
    [
      'result.failure === null || delivery.cause === "test"\n    ? null',
      'delivery.cause === "test"\n    ? null',
      "an event is delivered again after it was taken",
    ],
    [
      'if (result.failure === "gone") return "gone";',
      "",
      "an endpoint that is gone is called for days",
      [...delivery],
      false,
    ],
    [
      "return endpoint.failing_since === null ? [] : [statement(CLEAR_FAILING, endpoint.id)];",
      "return [];",
      "an endpoint that works again is disabled later",
    ],
    [
      "WHERE id = ?2 AND failing_since IS NULL AND EXISTS",
      "WHERE id = ?2 AND EXISTS",
      "a dead endpoint is called for ever",
      delivery,
      false,
    ],
  ]),
  ...mutationsOf({ area, file: "src/webhooks/deliveries/store.ts", tests: leases }, [
    [
      "AND (lease = ? OR ? IS NULL)`",
      "AND (? <> '' OR ? IS NULL)`",
      "a late failure ends the delivery of another worker",
    ],
    [
      "AND (lease = ? OR ? IS NULL)`",
      "AND (lease = ? AND coalesce(?, 0) = 0)`",
      "a failure is never recorded",
      [...leases, ...delivery],
    ],
    ["AND id = ? AND status = 'failed') ON", "AND id = ?) ON", "what has succeeded is sent again"],
  ]),
  ...mutationsOf({
    area,
    file: "src/webhooks/deliveries/answer.ts",
    tests: [...delivery, "tests/webhooks/retry-plan_test.ts"],
  }, [
    [
      "if (status >= 200 && status < 300) return null;",
      "if (status >= 200 && status < 400) return null;",
      "a redirect counts as delivered",
    ],
    [
      "if (status >= 200 && status < 300) return null;",
      "if (status >= 200 && status < 600) return null;",
      "an error counts as delivered",
    ],
  ]),
  ...mutationsOf({
    area,
    file: "migrations/0003_webhooks/up.sql",
    tests: ["tests/webhooks/recovery_test.ts", ...delivery],
  }, [
    [
      "WHERE merchant_id = NEW.merchant_id AND status = 'enabled')\nBEGIN",
      "WHERE status = 'enabled' AND merchant_id <> NEW.merchant_id)\nBEGIN",
      "an event of money is delivered to nobody",
    ],
  ]),
];
