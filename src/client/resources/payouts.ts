import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type {
  CreatePayout,
  ListPayouts,
  PausePayouts,
  Payout,
  PayoutApproval,
  PayoutLimits,
  PayoutPauses,
  RejectPayout,
  ResolvePayout,
  ResumePayouts,
  Timeline,
  UpdatePayoutLimits,
} from "../types.ts";
import { waitForPayout, type WaitForPayoutOptions } from "../wait.ts";
import { type ApproveOptions, seen } from "./approve.ts";

/** Sending money. */
export class Payouts extends Resource {
  /**
   * Sends `amount` cents of KES to a phone, once. Give an `idempotencyKey` that you stored before the call: then you can
   * retry even after a crash of your own, without paying twice. Errors: `validation_failed`, `limit_exceeded`.
   */
  create(body: CreatePayout, options?: ChangeOptions): Promise<Payout> {
    return this.transport.post(this.path, body, options);
  }

  /** Errors: `not_found`. */
  get(id: string, options?: CallOptions): Promise<Payout> {
    return this.read(id, options);
  }

  /** What happened, oldest first, in plain English. Errors: `not_found`. */
  timeline(id: string, options?: CallOptions): Promise<Timeline> {
    return this.readTimeline(id, options);
  }

  /** Newest first. */
  list(query: ListPayouts = {}, options?: CallOptions): List<Payout> {
    return this.listPages(query, options);
  }

  /**
   * What an approval covers, with the payee's whole number. Each look is in the audit trail. Needs `payouts:approve`.
   * Errors: `wrong_state`.
   */
  approval(id: string, options?: CallOptions): Promise<PayoutApproval> {
    return this.transport.get(this.at(id, "approval"), {}, options);
  }

  /**
   * Approves the payout. The client must not be the one that created it. Give the `digest` of what you looked at
   * ({@link approval}). Needs `payouts:approve`. Errors: `own_payout`, `wrong_state`, `payout_changed`.
   */
  approve(id: string, options?: ApproveOptions): Promise<Payout> {
    return this.transport.post(this.at(id, "approve") + seen(options), undefined, options);
  }

  /** Needs `payouts:approve`. Errors: `own_payout`, `wrong_state`. */
  reject(id: string, body: RejectPayout, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "reject", body, options);
  }

  /**
   * Says that the two names of a held payout are of its payee; then it is sent. Needs `payouts:approve`. Errors:
   * `own_payout`, `own_lineage`, `wrong_state`.
   */
  confirmPayee(id: string, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "confirm-payee", undefined, options);
  }

  /** Cancels a payout that has not been sent. Errors: `wrong_state`. */
  cancel(id: string, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "cancel", undefined, options);
  }

  /** Asks M-Pesa now. */
  refresh(id: string, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "refresh", undefined, options);
  }

  /** Stops payouts and refunds of the merchant, or of all, from leaving. Needs `operator`. */
  pause(body: PausePayouts = {}, options?: ChangeOptions): Promise<PayoutPauses> {
    return this.transport.post(`${this.path}/pause`, body, options);
  }

  /** Lets them leave again. Needs `operator`. */
  resume(body: ResumePayouts = {}, options?: ChangeOptions): Promise<PayoutPauses> {
    return this.transport.post(`${this.path}/resume`, body, options);
  }

  /** Records what a person found out about a payout in doubt. Needs `operator`. Errors: `wrong_state`. */
  resolve(id: string, body: ResolvePayout, options?: ChangeOptions): Promise<Payout> {
    return this.act(id, "resolve", body, options);
  }

  /** A merchant's own limits; without an id yours. Needs `operator`. */
  limits(merchant?: string, options?: CallOptions): Promise<PayoutLimits> {
    return this.transport.get("/v1/payout-limits", { merchant }, options);
  }

  /** Fields that are left out stay as they are; null removes a limit. Needs `operator`. */
  setLimits(body: UpdatePayoutLimits, options?: CallOptions): Promise<PayoutLimits> {
    return this.transport.patch("/v1/payout-limits", body, options);
  }

  /**
   * Reads the payout again and again until there is something to do: it has ended, it waits for an approval, or a person
   * has to look at it. Use it in scripts; a server should use webhooks. Errors: `wait_timed_out`, after which it may
   * still be paid.
   */
  wait(id: string, options: WaitForPayoutOptions = {}): Promise<Payout> {
    return waitForPayout((signal) => this.get(id, signal === undefined ? {} : { signal }), options);
  }
}
