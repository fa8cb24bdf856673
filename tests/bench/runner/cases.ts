import { cold } from "../cold.ts";
import { edge } from "../edge.ts";
import type { Figure } from "../figure.ts";
import { flood } from "../flood.ts";
import { growth } from "../growth.ts";
import { large } from "../large.ts";
import { backlog } from "./cases/backlog.ts";
import { batch } from "./cases/batch.ts";
import { callback } from "./cases/callback.ts";
import { create } from "./cases/create.ts";
import { life } from "./cases/life.ts";
import { ownTime } from "./cases/own-time.ts";
import { payout } from "./cases/payout.ts";
import { get, getUncached, list } from "./cases/reads.ts";
import { token } from "./cases/token.ts";
import { validation } from "./cases/validation.ts";
import { webhook } from "./cases/webhook.ts";
import { wide } from "./cases/wide.ts";
import type { Options } from "./options.ts";

/** Something to measure: what `--only` calls it, and how it is done. */
export interface Case {
  readonly name: string;
  run(options: Options): Promise<readonly Figure[]>;
}

/** All of them, in the order in which they are run. */
export const cases: readonly Case[] = [
  create,
  callback,
  life,
  get,
  getUncached,
  list,
  token,
  validation,
  payout,
  batch,
  webhook,
  ownTime,
  wide,
  backlog,
  { name: "cold", run: cold },
  { name: "edge", run: edge },
  { name: "flood", run: flood },
  // Only when asked for by name: the first time they fill a database with a million checkouts.
  { name: "growth", run: ({ only }) => only?.includes("growth") ? growth() : Promise.resolve([]) },
  { name: "large", run: ({ only }) => only?.includes("large") ? large() : Promise.resolve([]) },
];
