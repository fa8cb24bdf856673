import type { Sample } from "./books.ts";

/** What is measured, in this order: callbacks are about what was created before them. */
export const CASES = ["create", "callback", "get", "list", "reference"] as const;
export type Case = typeof CASES[number];

/** What the process that shoots is told. */
export interface Plan extends Sample {
  readonly port: number;
  /** The API's process. */
  readonly pid: number;
  readonly token: string;
  readonly seconds: { readonly warm: number; readonly closed: number; readonly open: number };
  /** A second, for the open loop; null: half of what this run finds. */
  readonly rates: Readonly<Record<Case, number>> | null;
}

export interface Shots {
  /** A second, with many under way; of callbacks those that were settled. */
  readonly throughput: number;
  /** What the API's process has used for each of them, ms. */
  readonly cpuMs: number;
  /** At the rate of the plan, from when each was due, ms. */
  readonly p99: number;
  readonly failed: number;
}

export type Report = Readonly<Record<Case, Shots>>;
