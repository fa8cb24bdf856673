import type { List } from "../pages.ts";
import { Resource } from "../resource.ts";
import type { CallOptions, ChangeOptions } from "../transport.ts";
import type {
  CreatePayout,
  ListedPayoutBatch,
  ListPayoutBatches,
  ListPayouts,
  PausePayouts,
  Payout,
  PayoutApproval,
  PayoutBatch,
  PayoutBatchApproval,
  PayoutPauses,
  RejectPayout,
  ResolvePayout,
  ResumePayouts,
  Timeline,
} from "../types.ts";

/** What a change may have, and what the approver saw. */
export interface ApproveOptions extends ChangeOptions {
  /** The `digest` of an approval. Refused with `payout_changed` if it is not that of what is stored. */
  readonly digest?: string;
}

const seen = (options?: ApproveOptions): string =>
  options?.digest === undefined ? "" : `?digest=${encodeURIComponent(options.digest)}`;

function batchAt(id: string): string {
  if (!/^\w{1,64}$/.test(id)) throw new TypeError(`"${id}" is not an id`);
  return `/v1/payout-batches/${id}`;
}

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

  /** Batches, newest first. Their payouts: `list({ batch })`. */
  listBatches(query: ListPayoutBatches = {}, options?: CallOptions): List<ListedPayoutBatch> {
    return this.listPages(query, options, "/v1/payout-batches");
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

  /** The same as {@link approval} for all payouts of a batch that await approval. */
  batchApproval(id: string, options?: CallOptions): Promise<PayoutBatchApproval> {
    return this.transport.get(`${batchAt(id)}/approval`, {}, options);
  }

  /** Approves all payouts of a batch that await approval, or none. Errors: as of {@link approve}. */
  approveBatch(id: string, options?: ApproveOptions): Promise<PayoutBatch> {
    return this.transport.post(`${batchAt(id)}/approve${seen(options)}`, undefined, options);
  }

  /** Rejects all payouts of a batch that await approval, or none. Needs `payouts:approve`. Errors: `wrong_state`. */
  rejectBatch(id: string, body: RejectPayout, options?: ChangeOptions): Promise<PayoutBatch> {
    return this.transport.post(`${batchAt(id)}/reject`, body, options);
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
}
