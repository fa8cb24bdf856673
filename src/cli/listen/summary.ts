import type { Event } from "../../client/mod.ts";
import { nairobiDateTime } from "../../daraja/time.ts";
import { shillings } from "../../lib/shillings.ts";
import type { Paint } from "../frame/output.ts";

const GOOD = /\.(succeeded|received|matched|approved|paid|resolved|applied|confirmed|credited)$/;
const BAD = /\.(failed|attempt_failed|expired|cancelled|rejected|taken_back|over_refunded|disabled)$/;
const DOUBTFUL = /\.(review|in_doubt|unmatched|duplicate|partial|awaiting_approval|proposed|mismatch)$/;
const TYPE_WIDTH = 26;
const SUMMARY_WIDTH = 46;

/** `14:03:07` in Nairobi. */
export const clockTime = (rfc3339: string): string => nairobiDateTime(Date.parse(rfc3339)).slice(11);

/** What an event tells, in one line: time, type, amount, what names it, status, and the id of its object. */
export function eventLine({ type, subject, data, created_at }: Event, paint: Paint): string {
  const colour = GOOD.test(type)
    ? paint.green
    : BAD.test(type)
    ? paint.red
    : DOUBTFUL.test(type)
    ? paint.yellow
    : paint.cyan;
  const summary = summaryOf({ ...data });
  return [
    paint.dim(clockTime(created_at)),
    colour(type.padEnd(TYPE_WIDTH)),
    summary.padEnd(SUMMARY_WIDTH),
    paint.dim(subject),
  ].join("  ");
}

/** The parts of an object that tell it from others: amount, reference, receipt, phone, and why it failed. */
function summaryOf(data: Readonly<Record<string, unknown>>): string {
  const inner = record(data["payment"]);
  const names = [data["reference"], data["account_reference"], data["name"], data["rule"]].find(isText);
  const receipt = [data["receipt"], inner["receipt"]].find(isText);
  const attempt = Array.isArray(data["attempts"]) ? record(data["attempts"].at(-1)) : {};
  const failure = [data["failure"], attempt["failure"]].flatMap((why) => [record(why)["code"], why]).find(isText);
  const parts = [
    typeof data["amount"] === "number" ? shillings(data["amount"]).replace("\u00a0", " ") : undefined,
    names,
    receipt,
    receipt === undefined && isText(data["phone_number"]) ? data["phone_number"] : undefined,
    failure,
  ];
  return parts.filter((part) => part !== undefined).join("  ");
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const record = (value: unknown): Readonly<Record<string, unknown>> =>
  value !== null && typeof value === "object" ? value as Record<string, unknown> : {};
