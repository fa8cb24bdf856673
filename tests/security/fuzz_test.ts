import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { newId } from "../../src/crypto/ids.ts";
import type { Operation } from "../../src/http/operation.ts";
import { type ApiOperation, type Parameter, resolve } from "../../src/http/openapi/types.ts";
import { document } from "../support/document.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { clientFor, nameOf, operations } from "../support/routes.ts";
import { Random } from "../simulate/host/random.ts";
import { spoilt, valueOf } from "./fuzz.ts";

/*
 * Requests made from the document, half of them spoilt: no 5xx, and each answer is one that the document describes, which
 * `call` checks. FUZZ_REQUESTS and FUZZ_SEED make a longer run, or repeat one.
 */

const COUNT = Number(Deno.env.get("FUZZ_REQUESTS") ?? 500);
const SEED = Number(Deno.env.get("FUZZ_SEED") ?? 1);
const IN_A_WORLD = 500;
const KEPT_IDS = 400;

/** Without these every later request would only be refused. */
const ENDING: ReadonlySet<string> = new Set(["changeMerchant", "revokeClient", "updateClient", "pausePayouts"]);

/** What the seed made, and what must go on working. */
const isOfSeed = (id: string): boolean => id === DEMO_MERCHANT || /^cli_[a-z]+$/.test(id);

/** What the ids of a resource begin with. */
const PREFIXES: Readonly<Record<string, string>> = {
  checkouts: "chk",
  payments: "pay",
  payouts: "pyt",
  "payout-batches": "bat",
  refunds: "rfd",
  accounts: "acc",
  "account-links": "acl",
  "payment-links": "lnk",
  shortcodes: "sho",
  clients: "cli",
  merchants: "mer",
  events: "evt",
  "webhook-endpoints": "whe",
  "standing-orders": "sto",
  reconciliations: "rec",
  payees: "pye",
  people: "per",
};

const documented = ({ path, method }: Operation): ApiOperation | undefined =>
  document.paths[path]?.[method.toLowerCase()];

/** One request: its path and its body. */
function requestOf(operation: Operation, random: Random, ids: readonly string[]) {
  const described = documented(operation);
  const prefix = PREFIXES[operation.path.split("/")[2] ?? ""] ?? "";
  const idOf = () => {
    const known = ids.filter((id) => id.startsWith(prefix) && !(ENDING.has(operation.id) && isOfSeed(id)));
    if (known.length > 0 && random.chance(0.8)) return random.pick(known);
    return random.chance(0.5) ? newId("chk") : encodeURIComponent(String(spoilt("x", random)).toWellFormed());
  };
  const path = operation.path.replaceAll(/\{\w+\}/g, () => idOf() || "x");
  const query = new URLSearchParams();
  for (const given of described?.parameters ?? []) {
    const parameter = resolve<Parameter>(document, given);
    if (parameter.in !== "query" || !random.chance(0.12)) continue;
    const value = valueOf(parameter.schema, random);
    query.set(parameter.name, String(random.chance(0.3) ? spoilt(value, random) : value).toWellFormed());
  }
  const schema = described?.requestBody?.content["application/json"]?.schema;
  const made = schema === undefined ? undefined : valueOf(schema, random);
  const body = random.chance(0.5) ? made : spoilt(made ?? {}, random);
  const search = query.size === 0 ? "" : `?${query}`;
  return { path: path + search, body: operation.method === "GET" ? undefined : body };
}

/** The ids that an answer names. */
const idsIn = (body: unknown): string[] => JSON.stringify(body ?? null).match(/\b[a-z]{3}_[0-9a-z]{26}\b/g) ?? [];

const KEYS = [undefined, null, "", "a b", "k".repeat(300), '"quoted"', "same"] as const;

async function fuzz(run: InProcess, seed: number, count: number, statuses: Map<number, number>): Promise<void> {
  const random = new Random(seed);
  const ids: string[] = ["cli_demo", DEMO_MERCHANT];
  for (let i = 0; i < count; i++) {
    const operation = random.pick(operations);
    const { path, body } = requestOf(operation, random, ids);
    const isRaw = body !== undefined && random.chance(0.05);
    const key = random.chance(0.1) ? random.pick(KEYS) : undefined;
    const options = {
      client: random.chance(0.03) ? "cli_other" as const : clientFor(operation),
      ...(key === undefined ? {} : { key }),
      ...(isRaw ? { raw: JSON.stringify(body).slice(0, -1 - random.below(3)) } : {}),
    };
    const what = `seed ${seed}, request ${i}: ${nameOf(operation)} ${path} ${JSON.stringify(body)}`;
    const answer = await run.call(operation.method, path, body, options).catch((error: unknown) => {
      throw new Error(what, { cause: error });
    });
    assert.ok(answer.status < 500, `${what}\n${answer.status} ${JSON.stringify(answer.body)}`);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (answer.status < 300) ids.push(...idsIn(answer.body).filter((id) => !isOfSeed(id)).slice(0, 5));
    ids.splice(0, Math.max(0, ids.length - KEPT_IDS));
    if (i % 25 === 24) await run.pass(5_000);
  }
}

Deno.test("requests made from the document get no 5xx, and only answers that it describes", async () => {
  const statuses = new Map<number, number>();
  for (let done = 0; done < COUNT; done += IN_A_WORLD) {
    await inProcess((run) => fuzz(run, SEED + done / IN_A_WORLD, Math.min(IN_A_WORLD, COUNT - done), statuses));
  }
  const good = [...statuses].filter(([status]) => status < 300).reduce((sum, [, n]) => sum + n, 0);
  assert.ok(good > COUNT / 10, `too few requests were taken to learn much: ${JSON.stringify([...statuses])}`);
  if (COUNT > IN_A_WORLD) console.log(Object.fromEntries([...statuses].sort(([a], [b]) => a - b)));
});
