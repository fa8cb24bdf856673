import type { Child } from "hono/jsx";
import type { Role } from "../../auth/roles.ts";
import type { Scope } from "../../auth/scopes.ts";
import type { Context } from "../../context/context.ts";
import type { Words } from "./page.ts";
import type { Look, Visit } from "./visit.ts";

/** What acts are about: a record of the API. */
export interface Subject<R> {
  /** Such as `payments`: a record's page is at `payments/:id`, its acts at `payments/:id/match`. */
  readonly path: string;
  /** The table with the record's `version`. Without one the acts are about no stored row, and only their key guards them. */
  readonly table?:
    | "payments"
    | "checkouts"
    | "payouts"
    | "payout_batches"
    | "refunds"
    | "reconciliations"
    | "change_requests"
    | "standing_orders"
    | "shortcodes"
    | "clients"
    | "webhook_endpoints"
    | "people";
  load(ctx: Context, id: string): Promise<R>;
  /** Refuses what this person may not act on, as if it did not exist. Errors: `not_found`. */
  readonly require?: (row: R, visit: Visit) => void;
  /** The record in one line, on top of the form: payee, amount, reference. */
  summary(row: R, visit: Visit): Child;
}

/** A record that acts can be about. */
export interface Versioned {
  readonly id: string;
  readonly version?: number;
}

/** Something that a person can do with a record. Each act has an address of its own, so it works without script. */
export interface Act<R> {
  /** The last part of its address. */
  readonly name: string;
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
  /** What the row's button says. */
  readonly label: Words;
  /** Whether it can be done with this record now. */
  readonly offered: (row: R, visit: Visit) => boolean;
  /**
   * A first step, for what the consequence depends on: fields that are asked by GET, so the answers stand in the address
   * (`visit.url`). Null: they are there. Never a phone or a name.
   */
  readonly ask?: (row: R, visit: Visit) => Child | null | Promise<Child | null>;
  /** What will happen, with payee and amount. Without it the act moves no money, and one press in the row does it. */
  readonly consequence?: (row: R, visit: Visit) => Child | Promise<Child>;
  /** The verb and the amount, as the button of the form says them. Default: the label. */
  readonly button?: (row: R, visit: Visit) => string;
  /** Fields of the form, filled in with what was typed before. */
  readonly fields?: (row: R, visit: Visit, form: FormData) => Child | Promise<Child>;
  /** Money leaves, or something ends. */
  readonly isGrave?: true;
  /** Does it. Errors: those of the verb. */
  run(ctx: Context, row: R, form: FormData, visit: Visit): Promise<unknown>;
  /** What was done, for the row: `Matched`. */
  readonly did: (look: Look, row: R) => string;
}

/** Something that is done on a page of its own, such as one where the person signs by passkey. */
export interface LinkedAct<R> extends Pick<Act<R>, "name" | "roles" | "scopes" | "label" | "offered"> {
  /** The address of that page. It gets `back`. */
  readonly href: (row: R, visit: Visit) => string;
}

/** What a row offers. */
export type Offer<R> = Act<R> | LinkedAct<R>;

/** Whether an act has a page, where its consequence is read first. Another is done by one press. */
export const hasPage = <R>(act: Offer<R>): boolean =>
  "href" in act || act.consequence !== undefined || act.fields !== undefined;

/** The acts of a record that this visitor may do now. */
export const offeredActs = <R>(acts: readonly Offer<R>[], row: R, visit: Visit): readonly Offer<R>[] =>
  acts.filter((act) =>
    act.offered(row, visit) && act.scopes.every((scope) => visit.viewer.scopes.has(scope)) &&
    act.roles.some((role) => visit.viewer.roles.includes(role))
  );
