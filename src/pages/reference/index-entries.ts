import type { Document } from "../../http/openapi/types.ts";
import { helpOf } from "../../problems/help.ts";
import { type ProblemCode, problems } from "../../problems/problem.ts";
import { failureRows } from "./failure-table.ts";
import type { Entry } from "./find.ts";
import { type Frame, TOPICS } from "./layout.tsx";
import { callPath, callsOf, guidePath, tagPath } from "./places.ts";

/** Words of people who know M-Pesa, for the first operation of groups that have other names here. */
const alsoCalled: Readonly<Record<string, string>> = {
  "Checkouts": "stk push lipa na mpesa express prompt charge",
  "Payments": "c2b paybill till receipt",
  "Payouts": "b2c send money disburse salary withdraw b2b",
  "Refunds": "reversal",
  "Standing orders": "ratiba subscription recurring",
  "Authentication": "oauth token login",
  "Webhooks": "callback notification ipn",
};

/** Everything that the search finds. */
export function indexEntries({ document, guides }: Pick<Frame, "document" | "guides">): readonly Entry[] {
  const events = Object.entries(document.webhooks).map(([type, { post }]) => ({
    title: type,
    path: `/docs/event-types#${type}`,
    group: "Event",
    words: post?.summary ?? "",
  }));
  const codes = (Object.entries(problems) as [ProblemCode, { title: string }][]) // keys of a const record
    .map(([code, { title }]) => ({ title, path: `/problems/${code}`, group: "Problem", words: helpOf(code).cause }));
  return [
    ...TOPICS.map(([path, title]) => ({ title, path, group: "Topic", words: "" })),
    ...guides.map(({ name, title, words }) => ({ title, path: guidePath(name), group: "Guide", words })),
    ...document.tags.map(({ name, description }) => ({
      title: name,
      path: tagPath(name),
      group: "Group",
      words: description,
    })),
    ...document.tags.flatMap(({ name }) => operationEntries(document, name)),
    ...events,
    ...failureRows.map(({ code, message, prompts, payouts }) => ({
      title: code,
      path: `/docs/failures#${code}`,
      group: "Failure",
      words: [message, ...prompts, ...payouts].join(" "),
    })),
    ...codes,
  ];
}

const operationEntries = (document: Document, tag: string): readonly Entry[] =>
  callsOf(document, tag).map(({ method, path, operation }, i) => ({
    title: operation.summary,
    path: callPath(operation),
    group: tag,
    ...(i === 0 && alsoCalled[tag] !== undefined ? { also: alsoCalled[tag] } : {}),
    words: [
      `${method.toUpperCase()} ${path}`,
      operation.operationId,
      operation.description ?? "",
    ].join(" "),
  }));
