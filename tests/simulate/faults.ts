import { Random } from "./host/random.ts";

/** All that may go wrong, and how often, at most, among so many chances. */
export const faultKinds = {
  /** A process dies after one of its steps. */
  crash: 1 / 250,
  /** A process is stopped for longer than a lease, and then goes on. */
  stall: 1 / 700,
  /** The database refuses a batch or a read, having stored nothing. */
  db_refuses: 1 / 30,
  /** The database stores a batch, and the answer is lost. */
  db_answer_lost: 1 / 40,
  /** The database takes seconds. */
  db_slow: 1 / 40,
  /** The database refuses everything for some seconds. */
  db_down: 1 / 250,
  kv_fails: 1 / 3,
  /** The KV store loses all but the notices that it keeps. */
  kv_lost: 1 / 60,
  wake_dropped: 1,
  wake_twice: 1 / 5,
  wake_late: 1 / 5,
  cron_skips: 1 / 2,
  /** Daraja is not reached. */
  daraja_refuses: 1 / 10,
  /** The request is lost on the way. */
  daraja_request_lost: 1 / 12,
  /** Daraja does what it was asked, and its answer is lost. */
  daraja_answer_lost: 1 / 8,
  daraja_late: 1 / 10,
  /** An answer that nobody can read, before or after it took effect. */
  daraja_html: 1 / 10,
  daraja_busy: 1 / 12,
  /** Daraja no longer knows its own token. */
  token_void: 1 / 20,
  /** A message of M-Pesa comes again. */
  notice_twice: 1 / 4,
  /** Before or after the callback of a paid prompt comes one that calls it cancelled. */
  callback_contradicts: 1 / 6,
  /** A message of M-Pesa is lost on the way. */
  notice_lost: 1 / 12,
  /** A merchant's server fails, or takes an event and its answer is lost. */
  shop_fails: 1 / 4,
  shop_answer_lost: 1 / 10,
  /** The answer to a client is lost, who asks again. */
  client_answer_lost: 1 / 15,
  /** A client asks twice at once, with one key. */
  client_twice: 1 / 15,
  /** From its start the clock of a process is up to half a minute ahead or behind. Rolled once for each process. */
  clock_skew: 3 / 4,
  /** The clock of a process jumps, to up to half a minute ahead or behind. */
  clock_step: 1 / 500,
  /** The KV store answers what was there before the last change. */
  kv_stale: 1 / 4,
  /** Daraja does what it was asked, and its answer is cut in the middle. */
  daraja_unreadable: 1 / 12,
  /** A message of M-Pesa comes up to two minutes later, after others. */
  notice_late: 1 / 6,
  /** An operator rotates a key, and deploys each step to one process after the other. */
  keys_rotate: 1,
  /** Some processes are of the release before, and are replaced one after the other. */
  old_release: 1,
  /** When all has been judged, a backup of the middle of the run is restored, as the guide says, and judged again. */
  restore: 1 / 2,
} as const;
export type FaultKind = keyof typeof faultKinds;
export const allFaults = Object.keys(faultKinds) as FaultKind[]; // the keys of that very object

/**
 * The kinds from this place on draw from streams of their own, so that seeds and stored plans stay what they were. Planted
 * bugs are hunted without them: what a seed has found once, it finds when there are more kinds.
 */
const LATER_KINDS = allFaults.indexOf("clock_skew");
export const firstFaults: readonly FaultKind[] = allFaults.slice(0, LATER_KINDS);
const LATER_STREAM = 4;
const LATER_RATES_STREAM = 5;

/** Which faults a run has. Each seed takes some kinds and leaves others out, so that no kind hides what another shows. */
export class Faults {
  readonly #rates = new Map<FaultKind, number>();
  /** How many have happened, by kind. */
  readonly counts = new Map<FaultKind, number>();
  #left: number;
  /** False: no more happen. */
  isActive = false;

  constructor(readonly random: Random, seed: number, kinds: ReadonlySet<FaultKind>, most: number) {
    this.#left = most;
    const later = new Random(seed, LATER_RATES_STREAM);
    for (const [i, kind] of allFaults.entries()) {
      const rate = faultKinds[kind] * (i < LATER_KINDS ? random : later).pick([1, 0.5, 0.2]);
      if (kinds.has(kind)) this.#rates.set(kind, rate);
    }
  }

  /** Whether this fault happens now. `atStart`: also while the processes start, before the first fault. */
  now(kind: FaultKind, { atStart = false } = {}): boolean {
    const rate = this.#rates.get(kind);
    if (rate === undefined || (!this.isActive && !atStart) || this.#left <= 0 || !this.random.chance(rate)) {
      return false;
    }
    this.#left--;
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    return true;
  }
}

/** The kinds of a seed: of each about half, none in every eighth run. */
export function kindsOf(random: Random, seed: number): Set<FaultKind> {
  if (random.chance(1 / 8)) return new Set();
  const share = random.pick([0.15, 0.4, 0.7]);
  const later = new Random(seed, LATER_STREAM);
  return new Set(allFaults.filter((_, i) => (i < LATER_KINDS ? random : later).chance(share)));
}
