import { nairobiDay } from "../../daraja/time.ts";

const DAY_MS = 86_400_000;
const NAIROBI_OFFSET_MS = 3 * 3_600_000;
/** How long before the due day ends a reminder is told. */
const REMINDER_MS = 3 * DAY_MS;

/** What is expected of an account: cents a month by the end of a day of the month (1 to 28), from a time (ms) on. */
export interface Expectation {
  readonly expected_amount: number | null;
  readonly due_day: number;
  /** Cents expected up to `expected_since`. */
  readonly expected_before: number;
  readonly expected_since: number;
}

/** The end of the due day in a month (counted from January 1970) in Nairobi, in ms. */
const dueEnd = (month: number, dueDay: number): number => Date.UTC(1970, month, dueDay + 1) - NAIROBI_OFFSET_MS;

function monthOf(ms: number): number {
  const [year = 0, month = 0] = nairobiDay(ms).split("-").map(Number);
  return (year - 1970) * 12 + month - 1;
}

/** The first due end after a time, in ms. */
export function nextDueEnd(after: number, dueDay: number): number {
  const month = monthOf(after);
  const own = dueEnd(month, dueDay);
  return own > after ? own : dueEnd(month + 1, dueDay);
}

/** Due ends after `from` and up to `to`, both in ms. */
function duesBetween(from: number, to: number, dueDay: number): number {
  const first = nextDueEnd(from, dueDay);
  return first > to ? 0 : monthOf(nextDueEnd(to, dueDay) - 1) - monthOf(first - 1);
}

/** Cents that should have come by a time (ms). */
export const expectedBy = (account: Expectation, at: number): number =>
  account.expected_before +
  (account.expected_amount ?? 0) * duesBetween(account.expected_since, at, account.due_day);

/** Cents that lack at a time (ms), of what should have come by then. */
export const arrearsAt = (account: Expectation, received: number, at: number): number =>
  Math.max(0, expectedBy(account, at) - received);

/** When (ms) the account is looked at next: three days before a due day ends, and when it ends. Null: nothing is expected. */
export function nextCheckAfter(account: Expectation, at: number): number | null {
  if (account.expected_amount === null) return null;
  const due = nextDueEnd(at, account.due_day);
  return at < due - REMINDER_MS ? due - REMINDER_MS : due;
}

/** What a check that was due at `checkAt` (ms) is: a reminder before the due day ends, or the look after it. */
export const isReminder = (account: Expectation, checkAt: number): boolean =>
  nextDueEnd(checkAt - 1, account.due_day) !== checkAt;
