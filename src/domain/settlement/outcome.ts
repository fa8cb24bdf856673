import type { Statement } from "../../db/database.ts";

/**
 * The result of a notice that could be read. `applied`: its content is stored now, or was stored before.
 * `quarantined`: it contradicts what was asked, so nothing was settled by it; `problem` says why.
 */
export interface SettlementOutcome {
  readonly status: "applied" | "quarantined";
  readonly problem: string | null;
  /** The payment that the notice reports. */
  readonly paymentId?: string | undefined;
  /** Fields of an applied notice that could not be read and that decide nothing: they count as not known. */
  readonly unreadableFields?: readonly string[];
}

/**
 * Makes the statements that store a notice's outcome and finish its job. They go into the batch of the settlement, so
 * that a notice is finished exactly when its effect is stored. `merchantId` is null where the row that the notice is
 * about does not exist.
 */
export type FinishNotice<Outcome = SettlementOutcome> = (
  outcome: Outcome,
  merchantId: string | null,
) => readonly Statement[];

export const APPLIED: SettlementOutcome = { status: "applied", problem: null };

/** Applied; these fields, which decide nothing, could not be read. The list of notices names them. */
export const appliedWithout = (unreadableFields: readonly string[]): SettlementOutcome =>
  unreadableFields.length === 0
    ? APPLIED
    : { status: "applied", problem: `unreadable: ${unreadableFields.join(", ")}`, unreadableFields };

export const quarantined = (problem: string): SettlementOutcome => ({ status: "quarantined", problem });
