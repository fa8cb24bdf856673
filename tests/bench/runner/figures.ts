import { type Figure, median } from "../figure.ts";
import type { Arrived } from "./arrivals.ts";
import type { Measured } from "./measure.ts";
import type { Round } from "./rounds.ts";

/** What a case should reach. */
export interface Goals {
  /** Throughput, of the floor's. */
  readonly ratio?: number;
  /** CPU of each, of the floor's. */
  readonly cpu?: number;
  /** ms at the fixed rate. */
  readonly p99?: number;
  readonly perSecond?: number;
}

const round = (value: number, digits = 0): string => value.toFixed(digits);

/** The middle of a figure over the rounds. */
export const middle = <R>(list: readonly R[], of: (one: R) => number): number => median(list.map(of));

/** The rounds that have both sides. */
export const pairs = <M>(rounds: readonly Round<M>[]): readonly { readonly product: M; readonly floor: M }[] =>
  rounds.flatMap(({ product, floor }) => floor === null ? [] : [{ product, floor }]);

/** Throughput and its ratio to the floor's: the median of the rounds' ratios, since what else runs changes with time. */
export function throughput<M extends { readonly perSecond: number }>(
  name: string,
  on: string,
  list: readonly Round<M>[],
  goals: Goals,
  unit = "/s",
): readonly Figure[] {
  const both = pairs(list);
  const ratios = both.map(({ product, floor }) => product.perSecond / floor.perSecond);
  const floor = both.length === 0 ? "" : `floor ${round(middle(both, ({ floor }) => floor.perSecond))}`;
  const whole: Figure = {
    name: `${name}, throughput`,
    on,
    value: middle(list, ({ product }) => product.perSecond),
    unit,
    ...(goals.perSecond === undefined ? {} : { goal: { least: goals.perSecond } }),
    note: floor,
  };
  if (ratios.length === 0) return [whole];
  return [whole, {
    name: `${name}, throughput against the floor`,
    on,
    value: median(ratios),
    unit: "of it",
    ...(goals.ratio === undefined ? {} : { goal: { least: goals.ratio } }),
    note: `${round(Math.min(...ratios), 2)} to ${round(Math.max(...ratios), 2)}`,
  }];
}

/** Latencies at the fixed rate, counted from when each request was due. */
export function latencies(name: string, on: string, list: readonly Round[], goals: Goals): readonly Figure[] {
  const both = pairs(list);
  const parts = [["p50", "p50"], ["p99", "p99"], ["p999", "p99.9"]] as const;
  const at = round(middle(list, ({ product }) => product.atPerSecond));
  const late = round(middle(list, ({ product }) => product.arrived?.lateP99 ?? NaN), 1);
  return parts.map(([key, said]): Figure => {
    const value = ({ arrived }: { readonly arrived: Arrived | null }) => arrived?.[key] ?? NaN;
    // a rate that the floor can't keep up with says nothing of its latency
    const kept = both.filter(({ floor }) => floor.atPerSecond < floor.perSecond);
    const floor = both.length === 0
      ? ""
      : kept.length < both.length
      ? "more than the floor can do"
      : `floor ${round(middle(both, ({ floor }) => value(floor)), 2)}`;
    const sent = key === "p50" ? `at ${at}/s` : key === "p99" ? `sent up to ${late} late` : "";
    return {
      name: `${name}, ${said} at half load`,
      on,
      value: middle(list, ({ product }) => value(product)),
      unit: "ms",
      ...(key === "p99" && goals.p99 !== undefined ? { goal: { most: goals.p99 } } : {}),
      note: [floor, sent].filter((part) => part !== "").join("; "),
    };
  });
}

/** CPU for each request, and resident memory after the full load. */
export function costs(
  name: string,
  on: string,
  list: readonly Round<Pick<Measured, "cpuMs" | "residentMiB">>[],
  goals: Goals = {},
): readonly Figure[] {
  const both = pairs(list);
  const ratios = both.map(({ product, floor }) => product.cpuMs / floor.cpuMs);
  const against: Figure = {
    name: `${name}, CPU against the floor`,
    on,
    value: median(ratios),
    unit: "of it",
    ...(goals.cpu === undefined ? {} : { goal: { most: goals.cpu } }),
    note: `${round(Math.min(...ratios), 2)} to ${round(Math.max(...ratios), 2)}`,
  };
  const beside = (of: (one: Pick<Measured, "cpuMs" | "residentMiB">) => number, digits: number) =>
    both.length === 0 ? "" : `floor ${round(middle(both, ({ floor }) => of(floor)), digits)}`;
  const figure = (
    what: string,
    unit: string,
    of: (one: Pick<Measured, "cpuMs" | "residentMiB">) => number,
    digits = 0,
  ) => ({
    name: `${name}, ${what}`,
    on,
    value: middle(list, ({ product }) => of(product)),
    unit,
    note: beside(of, digits),
  });
  return [
    figure("CPU of each", "ms", ({ cpuMs }) => cpuMs, 3),
    ...(ratios.length === 0 ? [] : [against]),
    figure("memory", "MiB", ({ residentMiB }) => residentMiB),
  ];
}
