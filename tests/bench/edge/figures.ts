import { type Figure, median } from "../figure.ts";
import type { Trip } from "./between.ts";
import type { Life, Took } from "./customer.ts";

/** How much longer each way is made, there and back. */
export const DATABASE_MS = 30;
export const DARAJA_MS = 800;
/** What a call may take beside its round trips. */
const OWN_MS = 10;

const operations = [
  { call: "create", name: "create", trips: 2, daraja: DARAJA_MS },
  { call: "callback", name: "callback ack", trips: 1, daraja: 0 },
  { call: "get", name: "get", trips: 1, daraja: 0 },
  { call: "refused", name: "authenticate", trips: 0, daraja: 0 },
] as const;
type Operation = typeof operations[number];

/** How many checkouts are made at once, and how many round trips of own time that may cost. */
export const AT_ONCE = 32;
const BURST_TRIPS = 2.2;

/** Checkouts that were made at once, and all that travelled meanwhile. */
export interface Burst {
  readonly creates: readonly Took[];
  readonly toDaraja: readonly Trip[];
}

/** The lives of checkouts, and all that travelled meanwhile. */
export interface Seen {
  readonly lives: readonly Life[];
  readonly toDatabase: readonly Trip[];
  readonly toDaraja: readonly Trip[];
}

const ON = `sqld, ${DATABASE_MS} ms away`;

function tripsOf({ call, name, trips: most }: Operation, alone: readonly Seen[]): Figure {
  // Round trips that a call waited for are those that began and ended while it ran.
  const counts = alone.flatMap(({ lives, toDatabase }) =>
    lives.map((life) => toDatabase.filter(({ from, to }) => from >= life[call].from && to <= life[call].to).length)
  );
  return {
    name: `${name}, round trips to the database`,
    on: ON,
    value: median(counts),
    unit: "round trips",
    goal: { most },
    note: `at most ${Math.max(...counts)} in ${counts.length}`,
  };
}

/** What is left of a call's p50 without its trips as they took, with all that answers at their ends. */
function ownTime({ call, name, trips, daraja }: Operation, alone: readonly Seen[], together: Seen): Figure {
  const whole = (seen: readonly Seen[]) => median(seen.flatMap(({ lives }) => lives.map((life) => tookMs(life[call]))));
  const away = (seen: readonly Seen[]) =>
    trips * median(seen.flatMap(({ toDatabase }) => toDatabase.map(tookMs))) +
    (daraja === 0 ? 0 : median(seen.flatMap(({ toDaraja }) => toDaraja.map(tookMs))));
  const own = (seen: readonly Seen[]) => whole(seen) - away(seen);
  const bare = whole([together]) - trips * DATABASE_MS - daraja;
  return {
    name: `${name}, own time beside its trips, p50`,
    on: ON,
    value: own([together]),
    unit: "ms",
    goal: { most: OWN_MS },
    note: `less ${trips} x ${DATABASE_MS} + ${daraja}: ${bare.toFixed(1)}; one at a time ${own(alone).toFixed(1)}`,
  };
}

const tookMs = ({ from, to }: Took | Trip): number => to - from;

function settlement(settled: readonly number[], alone: readonly Seen[], together: Seen): Figure {
  const trips = median(alone.map(({ lives, toDatabase }) => {
    const acked = lives[0]?.callback.to ?? NaN;
    return toDatabase.filter(({ to }) => to > acked).length;
  }));
  return {
    name: `settlement after the ack, own time beside its ${trips} trips, p50`,
    on: ON,
    value: median(settled) - trips * median(together.toDatabase.map(tookMs)),
    unit: "ms",
    goal: { most: OWN_MS },
    note: `whole: ${median(settled)} ms`,
  };
}

/** What is left of each create without Daraja's answer, in round trips of `DATABASE_MS`. */
function burstFigure(bursts: readonly Burst[]): Figure {
  const rounds = bursts.map(({ creates, toDaraja }) => {
    const daraja = median(toDaraja.map(tookMs));
    return creates.map((create) => (tookMs(create) - daraja) / DATABASE_MS);
  });
  const slowest = median(rounds.map((each) => Math.max(...each)));
  return {
    name: `create, ${AT_ONCE} at once: own time, p50`,
    on: ON,
    value: median(rounds.map(median)),
    unit: "round trips",
    goal: { most: BURST_TRIPS },
    note: `the slowest of each ${AT_ONCE}: ${slowest.toFixed(2)}`,
  };
}

/** Everything of a run: `alone` one life at a time, `together` at a low rate, how long settling took then, and bursts. */
export function figuresOf(
  alone: readonly Seen[],
  together: Seen,
  settled: readonly number[],
  bursts: readonly Burst[],
): readonly Figure[] {
  return [
    ...operations.map((operation) => tripsOf(operation, alone)),
    ...operations.map((operation) => ownTime(operation, alone, together)),
    settlement(settled, alone, together),
    burstFigure(bursts),
  ];
}
