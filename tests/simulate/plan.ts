import { ACCOUNTS_FROM, historyOf } from "../model/generate.ts";
import type { Action, History, PromptPlan, Telling } from "../model/history.ts";
import { type FaultKind, kindsOf } from "./faults.ts";
import { Random } from "./host/random.ts";

/** All that decides a run, so that a run can be stored, made smaller, and run again. */
export interface Plan {
  readonly seed: number;
  /** Played one after the other, on one database. */
  readonly histories: readonly History[];
  /** How long (ms) the service is left alone between two histories. */
  readonly gapMs: number;
  readonly processes: number;
  readonly faults: readonly FaultKind[];
  /** The most faults that happen. */
  readonly mostFaults: number;
}

const MOST_FAULTS = 300;
/** Histories of simulations are others than those that the model plays by itself. */
const HISTORIES_FROM = 500_000;

const HOUR_MS = 3_600_000;
/** A history takes about two hours, with the time in which all settles. */
const HISTORY_MS = 2 * HOUR_MS;
const GAP_MS = 4 * HOUR_MS;
/** So many histories a seed chooses from. */
const CHOICE = 3;
const HISTORIES = 400_000;
/** Seeds that end so have standing accounts, allocations, rules for what is too much, and orders in parts. */
const WITH_ACCOUNTS: readonly number[] = [0, 7];

/** Of some histories the one in which most happens: where little happens, little can go wrong. */
function richest(seed: number, index: number): History {
  const first = HISTORIES_FROM + (WITH_ACCOUNTS.includes(seed % 10) ? ACCOUNTS_FROM : 0);
  const from = first + (seed * CHOICE + index) % HISTORIES;
  const all = Array.from({ length: CHOICE }, (_, i) => historyOf(from + i));
  const [best] = all.toSorted((a, b) => weight(b) - weight(a));
  if (best === undefined) throw new Error("there is no history");
  return { ...best, reorder: null };
}

const weight = ({ checkouts, walkIns, people }: History): number =>
  2 * checkouts.flatMap(({ prompts }) => prompts).length + walkIns.length + people.length;

/** The history with payouts, and in some runs with a Daraja that contradicts itself more than usual. */
function flavoured(history: History, random: Random): History {
  const place = history.checkouts.some((checkout) => checkout.place > 1) ? random.pick([0, 2] as const) : 0;
  const payouts = Array.from({ length: random.pick([1, 2, 4]) }, () => ({
    place,
    amount: random.pick([300, 1500, 2500]),
    at: random.pick([0, 10, 300]),
  }));
  const denies = random.chance(1 / 5);
  const otherAmount = random.chance(1 / 6);
  const together = random.chance(1 / 3);
  const twice = random.chance(1 / 4);
  const checkouts = history.checkouts.map((checkout, at) => ({
    ...checkout,
    prompts: (twice && at === 0 ? PAID_TWICE : checkout.prompts).map((prompt) => ({
      ...prompt,
      ...(denies ? { query: "denies" as const } : {}),
      told: [...(together && prompt.customer === "pays" ? both(random.pick([0, 2, 30])) : []), ...prompt.told].map(
        (telling, i) =>
          otherAmount && i === 0 && telling.by === "callback" ? { ...telling, form: "other_amount" as const } : telling,
      ),
    })),
  }));
  const people = [...history.people, ...random.chance(1 / 3) ? crowd(random) : []];
  return { ...history, checkouts, payouts, people };
}

/** People who do the same at once: give one payment back, or match it to different checkouts. */
function crowd(random: Random): Action[] {
  const at = random.pick([30, 130, 700]);
  const merchant = "X" as const;
  if (random.chance(1 / 3)) {
    return [0, 1].map((checkout) => ({ at, merchant, do: "match", payment: 0, checkout }));
  }
  const amounts = random.pick([[null, null], [300, null, null], [600, 600, 600]]);
  const method = random.pick(["payout", "reversal"] as const);
  return amounts.map((amount) => ({ at, merchant, do: "refund", payment: 0, method, amount }));
}

/** A prompt that a query calls failed before it is paid, and another one that is paid as well. */
const PAID_TWICE: readonly PromptPlan[] = ([[0, 300, 200], [130, 10, 0]] as const).map(([after, answers, told]) => ({
  after,
  answer: "accepted",
  customer: "pays",
  answers,
  query: "denies",
  told: [{ by: "callback", after: told, form: "whole" }],
}));

/** Callback and confirmation at one moment. */
const both = (after: number): Telling[] =>
  (["callback", "confirmation"] as const).map((by) => ({ by, after, form: "whole" }));

/** The history in which what happens within `step` seconds happens at once: messages, customers and people meet. */
function hurried(history: History, step: number): History {
  if (step === 0) return history;
  const soon = (seconds: number): number => Math.floor(seconds / step) * step;
  return {
    ...history,
    checkouts: history.checkouts.map((checkout) => ({
      ...checkout,
      at: 0,
      prompts: checkout.prompts.map((prompt) => ({
        ...prompt,
        after: soon(prompt.after),
        answers: prompt.answers > 130 ? prompt.answers : Math.min(prompt.answers, 10),
        told: prompt.told.map((telling) => ({ ...telling, after: soon(telling.after) })),
      })),
    })),
    walkIns: history.walkIns.map((walkIn) => ({
      ...walkIn,
      at: 10,
      told: walkIn.told.map((telling) => ({ ...telling, after: soon(telling.after) })),
    })),
    people: history.people.map((action) => ({ ...action, at: Math.max(10, soon(action.at)) })),
  };
}

/** The plan of a seed: one history, or as many as fit into so many days. */
export function planOf(seed: number, days: number | null = null): Plan {
  const random = new Random(seed, 0);
  const faults = [...kindsOf(random, seed)];
  const processes = random.pick([1, 2, 2, 2, 3]);
  const count = days === null ? 1 : Math.ceil(days * 24 * HOUR_MS / (HISTORY_MS + GAP_MS));
  const histories = Array.from(
    { length: count },
    (_, i) => hurried(flavoured(richest(seed, i), random), random.pick([0, 0, 150, 600])),
  );
  return { seed, histories, gapMs: GAP_MS, processes, faults, mostFaults: MOST_FAULTS * count };
}
