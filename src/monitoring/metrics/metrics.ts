import { Counter, Histogram, Registry } from "prom-client";
import type { Database } from "../../db/database.ts";
import type { Fields, Log } from "../../telemetry/log.ts";

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * What this process counts. Nearly all of it comes from the log: each request, call, job, notice and delivery writes one
 * line with all that is known about it, so the numbers and the log can't disagree.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = this.#counter("http_requests_total", "Requests answered.", ["method", "route", "status"]);
  readonly #requestSeconds = this.#histogram("http_request_duration_seconds", "Time to answer a request.", ["route"]);
  readonly #problems = this.#counter("problems_total", "Answers with a problem, limits among them, by code.", ["code"]);
  readonly #calls = this.#counter("daraja_calls_total", "Calls to Daraja, by outcome.", ["operation", "outcome"]);
  readonly #callSeconds = this.#histogram("daraja_call_duration_seconds", "Time of a call to Daraja.", ["operation"]);
  readonly #notices = this.#counter("notices_total", "Notices of Daraja, by kind and verdict.", ["kind", "verdict"]);
  readonly #jobs = this.#counter("jobs_total", "Runs of jobs, by outcome: failed runs are retried.", [
    "kind",
    "outcome",
  ]);
  readonly #deliveries = this.#counter("webhook_deliveries_total", "Attempts to deliver an event.", ["status"]);
  readonly #deliverySeconds = this.#histogram("webhook_delivery_duration_seconds", "Time of a delivery.", []);
  readonly #alerts = this.#counter("alert_lines_total", "Log lines of level alert, by event.", ["event"]);
  readonly #database = this.#histogram("database_seconds", "Time of a round trip to the database.", ["kind"]);

  #counter<T extends string>(name: string, help: string, labelNames: readonly T[]): Counter<T> {
    return new Counter({ name: `malipo_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  #histogram<T extends string>(name: string, help: string, labelNames: readonly T[]): Histogram<T> {
    const options = { name: `malipo_${name}`, help, labelNames: [...labelNames], buckets: SECONDS };
    return new Histogram({ ...options, registers: [this.registry] });
  }

  /** Counts what a log line tells. */
  observe(level: string, event: string, fields: Fields): void {
    if (level === "alert") this.#alerts.inc({ event });
    switch (event) {
      case "request": {
        const route = text(fields.route);
        this.#requests.inc({ method: text(fields.method), route, status: text(fields.status) });
        this.#requestSeconds.observe({ route }, seconds(fields.ms));
        if (fields.problem !== undefined) this.#problems.inc({ code: text(fields.problem) });
        return;
      }
      case "daraja_call":
        this.#calls.inc({ operation: text(fields.operation), outcome: text(fields.outcome) });
        this.#callSeconds.observe({ operation: text(fields.operation) }, seconds(fields.duration_ms));
        return;
      case "job":
        this.#jobs.inc({ kind: text(fields.kind), outcome: text(fields.outcome) });
        if (fields.notice_status !== undefined) {
          this.#notices.inc({ kind: text(fields.notice_kind), verdict: text(fields.notice_status) });
        }
        return;
      case "job_failed":
      case "job_dead":
        this.#jobs.inc({ kind: text(fields.kind), outcome: event === "job_dead" ? "dead" : "failed" });
        return;
      case "delivery":
        this.#deliveries.inc({ status: text(fields.status) });
        if (typeof fields.ms === "number") this.#deliverySeconds.observe(seconds(fields.ms));
    }
  }

  /** Counts one round trip to the database. */
  observeDatabase(kind: "read" | "write", ms: number): void {
    this.#database.observe({ kind }, ms / 1000);
  }
}

const text = (value: unknown): string => value === undefined || value === null ? "none" : String(value);
const seconds = (ms: unknown): number => typeof ms === "number" ? ms / 1000 : 0;

/** A log that counts its lines as well. */
export const measuredLog = (log: Log, metrics: Metrics): Log => ({
  write(level, event, fields = {}) {
    metrics.observe(level, event, fields);
    log.write(level, event, fields);
  },
});

/** A database that measures its round trips as well. */
export function measuredDatabase(db: Database, metrics: Metrics): Database {
  async function timed<T>(kind: "read" | "write", work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      return await work();
    } finally {
      metrics.observeDatabase(kind, performance.now() - started);
    }
  }
  return {
    read: (statements) => timed("read", () => db.read(statements)),
    write: (statements) => timed("write", () => db.write(statements)),
    close: () => db.close(),
  };
}
