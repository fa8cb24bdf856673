import { findSubjects, type FoundSubject } from "../domain/timeline/find-subjects.ts";
import { timelineOf } from "../domain/timeline/timeline.ts";
import { shillings } from "../lib/shillings.ts";
import { storyLines } from "./explain/story.ts";
import { command, CommandFailed, UsageError } from "./frame/command.ts";
import { databaseOption, withDatabase } from "./frame/database.ts";
import type { Paint } from "./frame/output.ts";

/** `explain`: the story of a checkout, payment, payout or refund, each step with what it is known from. */
export const explain = command({
  summary: "tells the story of a payment in plain words, each step with its evidence",
  details:
    `Give the id of a checkout, payment, payout, refund, attempt, notice or event; an M-Pesa receipt; or the reference of
an order. It reads the database, so it also works while the service is down. Times are Nairobi's.`,
  words: ["ID|RECEIPT|REFERENCE"],
  options: { language: { value: "en|sw", help: "English (if left out) or Swahili" }, ...databaseOption },
  examples: ["chk_01kamcvdf2ej5s2k8sxw9ggk6p", "UKM9X2A1BC", "order-1001"],
  async run({ words: [text = ""], options: { language = "en", database }, out }) {
    if (language !== "en" && language !== "sw") throw new UsageError(`--language is en or sw, not ${language}.`);
    const stories = await withDatabase(async (db) => {
      const found = await findSubjects(db, text.trim());
      return await Promise.all(
        found.map(async (subject) => ({ subject, timeline: await timelineOf({ db }, subject, language) })),
      );
    }, database);
    if (stories.length === 0) {
      throw new CommandFailed(
        `Nothing here is called ${text}. Give a whole id, receipt or reference; GET /v1/search also finds parts of them.`,
      );
    }
    for (const { subject, timeline } of stories) {
      const { id, kind, status, amount, reference, receipt, merchantId } = subject;
      const text = [...headline(subject, out.paint), ...storyLines(timeline, out.paint), ""].join("\n");
      out.record({ id, kind, status, amount, reference, receipt, merchant: merchantId, timeline }, text);
    }
  },
});

function headline({ kind, id, status, amount, reference, receipt, merchantId }: FoundSubject, paint: Paint): string[] {
  const names = [...new Set([reference, receipt])].filter((name) => name !== null && name !== id);
  const sum = shillings(amount).replace("\u00a0", " ");
  const title = `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${id}`;
  return [`${paint.bold(title)}: ${[sum, ...names, status].join(", ")}  ${paint.dim(`merchant ${merchantId}`)}`];
}
