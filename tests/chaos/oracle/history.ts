import type { Value } from "../../../src/db/database.ts";
import { openDatabase } from "../../../src/db/open.ts";
import type { Scene } from "../traffic/traffic.ts";
import type { Finding } from "./verdict.ts";

const queries: readonly (readonly [what: string, sql: string])[] = [
  ["audit", "SELECT at, actor, action, subject_id, data FROM audit WHERE subject_id = ? OR data LIKE '%' || ? || '%'"],
  ["event", "SELECT created_at, type, subject_id, '' FROM events WHERE subject_id = ?1 OR data LIKE '%' || ?2 || '%'"],
  [
    "notice",
    "SELECT received_at, kind, id, status, copies, problem, processed_at FROM notices WHERE subject_id = ? OR id = ?",
  ],
  ["job", "SELECT run_at, kind, id, status, lease, attempts, last_error FROM jobs WHERE subject_id = ? OR id = ?"],
  [
    "attempt",
    "SELECT created_at, id, status, evidence, polls, accepted_at FROM attempts WHERE checkout_id = ? OR id = ?",
  ],
  [
    "payment",
    "SELECT created_at, id, status, receipt, channel, attempt_id FROM payments WHERE checkout_id = ? OR id = ?",
  ],
  ["checkout", "SELECT updated_at, id, status, version FROM checkouts WHERE id = ? OR reference = ?"],
];

/** All that is known of what a finding is about, from every side, for whoever looks for the cause. */
export async function history(scene: Scene, { about }: Finding): Promise<string[]> {
  const { stage, ledger } = scene;
  const lines: string[] = [];
  const say = (source: string, at: number | string, ...what: unknown[]) =>
    lines.push(`${new Date(at).toISOString()}  ${source.padEnd(9)} ${what.map(show).join(" ")}`);
  const phones = new Set(about.filter((id) => id.startsWith("2547")));
  for (const wish of ledger.wishes) {
    const made = wish.answers.some(({ body }) => about.includes(body?.id));
    if (made && wish.phone !== null) phones.add(wish.phone);
  }
  const world = stage.simulator.world;
  const originators = new Set(about);
  for (const { at, operation, phone, response, callback_urls, body } of world.requests.list()) {
    const originator = (body as { OriginatorConversationID?: string } | null)?.OriginatorConversationID ?? "";
    if (!phones.has(phone ?? "") && !originators.has(originator)) continue;
    say("daraja", at, operation, phone, "->", response.status, response.body);
    for (const url of callback_urls) {
      const capability = url.split("/").at(-1);
      for (const delivery of stage.callbacks.deliveries) {
        if (delivery.capability === capability) {
          say("callback", delivery.at, delivery.outcome, delivery.body.slice(0, 300));
        }
      }
    }
  }
  for (const money of world.transactions.list()) {
    if (phones.has(money.phone ?? "") || originators.has(money.originator_conversation_id ?? "")) {
      say("books", money.at, money);
    }
  }
  await fromDatabase(scene, about, say);
  const logged = stage.lines.filter((line) => about.some((id) => id.length > 20 && line.includes(id))).slice(-25);
  return [...new Set(lines)].sort().concat(["what the API logged:"], logged);
}

async function fromDatabase(
  { stage }: Scene,
  about: readonly string[],
  say: (source: string, at: number, ...what: unknown[]) => void,
): Promise<void> {
  const db = await openDatabase(stage.config.database.url);
  for (const id of about) {
    for (const [what, sql] of queries) {
      const [result] = await db.read([{ sql, args: [id, id] }]);
      for (const row of result?.rows ?? []) say(what, Number(row[0]), ...row.slice(1));
    }
  }
  await db.close();
}

const show = (value: unknown | Value): string =>
  value !== null && typeof value === "object" ? JSON.stringify(value) : String(value);
