import { mutationsOf } from "../entries.ts";
import type { Mutation } from "../mutation.ts";

const area = "jobs";
const jobTests = ["tests/jobs/lease_test.ts", "tests/jobs/jobs_test.ts", "tests/jobs/no-kv_test.ts"];
const takeover = ["tests/jobs/takeover_test.ts"];
const stale = ["tests/jobs/stale-runner_test.ts", ...takeover];
const shares = ["tests/jobs/claim-again_test.ts", "tests/jobs/fairness_test.ts"];

/** Faults in jobs: work that is done twice, by two processes, or never. */
export const jobs: readonly Mutation[] = [
  ...mutationsOf({ area, file: "src/jobs/store.ts", tests: jobTests }, [
    [
      "DELETE FROM jobs WHERE id = ? AND lease = ? AND run_at = ?",
      "DELETE FROM jobs WHERE id = ? AND ? <> '' AND run_at = ?",
      "a process whose lease is over ends the work of another",
    ],
    [
      "DELETE FROM jobs WHERE id = ? AND lease = ? AND run_at = ?",
      "DELETE FROM jobs WHERE id = ? AND lease = ? AND run_at >= 0 * ?",
      "work that was scheduled while the job ran is lost",
    ],
    [
      "lease = NULL, attempts = 0, last_error = NULL, updated_at = ? WHERE id = ? AND lease = ? AND run_at = ?",
      "lease = NULL, attempts = 0, last_error = NULL, updated_at = ? WHERE id = ? AND lease = ? AND run_at >= 0 * ?",
      "a job that was scheduled sooner while it ran is put off",
    ],
    [
      "lease = NULL, attempts = 0, last_error = NULL, updated_at = ? WHERE id = ? AND lease = ? AND run_at = ?",
      "lease = NULL, attempts = 0, last_error = NULL, updated_at = ? WHERE id = ? AND ? <> '' AND run_at = ?",
      "a process whose lease is over puts the work of another off",
    ],
    [
      "run_at = CASE WHEN lease IS NULL THEN excluded.run_at ELSE min(run_at, excluded.run_at) END",
      "run_at = excluded.run_at",
      "a job that runs is never taken over after a crash",
    ],
    [
      "status = CASE WHEN run_at = ? THEN ? ELSE status END",
      "status = CASE WHEN run_at <> ? THEN ? ELSE status END",
      "a job that fails is never parked",
    ],
    [
      'updated_at = ? WHERE id = ? AND lease = ?",',
      "updated_at = ? WHERE id = ? AND ? <> ''\",",
      "a process whose lease is over gives back the work of another",
    ],
    [
      'run_at = excluded.run_at, lease = NULL, last_error = NULL"',
      'run_at = excluded.run_at, last_error = NULL"',
      "the next step of a payout waits for the end of a lease",
      ["tests/jobs/lease_test.ts", "tests/domain/payouts/scenarios_test.ts"],
    ],
    [
      "WHERE EXISTS (SELECT 1 FROM ${table} WHERE id = ?)",
      "WHERE ? <> ''",
      "a copy of a notice gets a job of its own",
      ["tests/jobs/lease_test.ts", "tests/callbacks/notices_test.ts"],
    ],
    [
      "attempts = 0, version = version + 1, updated_at = ? WHERE id = ? AND status = 'dead'\"",
      "version = version + 1, updated_at = ? WHERE id = ? AND status = 'dead'\"",
      "a job that a person retries dies again at the first failure",
    ],
    [
      "attempts = 0, version = version + 1, updated_at = ? WHERE id = ? AND status = 'dead'\"",
      'attempts = 0, version = version + 1, updated_at = ? WHERE id = ?"',
      "a job that runs is freed by a person's retry",
    ],
    [
      "\"UPDATE jobs SET status = 'queued', run_at = ?, attempts",
      '"UPDATE jobs SET run_at = ?, attempts',
      "a job that a person retries stays parked",
    ],
  ]),
  ...mutationsOf({ area, file: "src/jobs/claim.ts", tests: [...jobTests, ...shares] }, [
    [
      "UPDATE jobs SET lease = ?1, run_at = ?2, attempts",
      "UPDATE jobs SET lease = ?1, run_at = ?3, attempts",
      "a job is taken by two processes at once",
    ],
    ["attempts = attempts + 1, updated_at", "updated_at", "a job that always fails is never parked"],
    ["`status = 'queued' AND (${BACKGROUND})", "`(${BACKGROUND})", "a parked job runs again"],
    [
      "${due(which)} AND run_at <= ?3 ORDER BY run_at LIMIT ?4)`;\n\n/**",
      "${due(which)} ORDER BY run_at LIMIT ?4)`;\n\n/**",
      "jobs run before they are due, also those of another process",
    ],
    [
      "WHERE place <= ?5 - coalesce(",
      "WHERE place <= 1000000 - coalesce(",
      "one merchant's jobs keep those of others waiting",
    ],
  ]),
  ...mutationsOf({ area, file: "src/jobs/run-job.ts", tests: jobTests }, [
    [
      "const isDead = job.attempts >= MAX_ATTEMPTS;",
      "const isDead = false;",
      "a job that always fails is never shown to a person",
    ],
    [
      'if (outcome === "finished") await deps.db.write([deleteFinished(job)]);',
      'if (outcome === "finished") return;',
      "a job that is done runs again",
    ],
    [
      "await db.write([release(job, runAt, now, message, isDead)]);",
      "",
      "a job that failed waits for the end of its lease",
    ],
  ]),
  ...mutationsOf({ area, file: "src/jobs/jobs.ts", tests: jobTests }, [
    [
      "await this.#giveBack(pools.flatMap((pool) => [...pool.takeWaiting().map(({ job }) => job), ...pool.jobs]));",
      "",
      "jobs that run when the process stops are not given back",
      ["tests/jobs/drain_test.ts", ...jobTests],
    ],
  ]),
  ...mutationsOf({ area, file: "src/jobs/fence.ts", tests: stale }, [
    ["[this.#fence, ...statements])).slice(1)", "statements))", "a run that lost its lease goes on writing"],
    ["WHERE id = ? AND lease = ?)", "WHERE id = ? AND ? <> '')", "any holder of a job may write for it"],
    ["{ ...ctx, db: ctx.db.unfenced }", "ctx", "what M-Pesa answered is lost with the lease"],
    ["error.rule === RULE;", "error.rule !== RULE;", "a run that lost its lease is called broken"],
    ["new FencedDatabase(services.db, job)", "services.db", "a run that lost its lease goes on writing"],
  ]),
  ...mutationsOf({ area, file: "src/jobs/claimer.ts", tests: takeover }, [
    ["if (this.deps.isStopped()) await", "if (false) await", "a claim starts jobs after the stop"],
    [
      "const lease = crypto.randomUUID();",
      'const lease = "one";',
      "two runs of one process hold the same lease",
    ],
  ]),
  ...mutationsOf({ area, file: "src/jobs/operate.ts", tests: jobTests }, [
    ['if (row.status !== "dead") throw', "if (false) throw", "a job that runs is freed by a person's retry"],
    [
      "requeueDead(id, now),\n    abortIfUnchanged,",
      "requeueDead(id, now),",
      "a job that somebody else has retried is reported as retried",
      jobTests,
      false,
    ],
  ]),
];
