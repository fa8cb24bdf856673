import type { z } from "zod";
import type * as callbacks from "../callbacks/contract.ts";
import type * as changes from "../domain/change-requests/contract.ts";
import type * as accounts from "../domain/accounts/contract.ts";
import type * as accountLinks from "../domain/accounts/link-contract.ts";
import type * as checkouts from "../domain/checkouts/contract.ts";
import type * as balances from "../domain/balances/contract.ts";
import type * as flags from "../domain/flags/contract.ts";
import type * as ledger from "../domain/ledger/contract.ts";
import type * as people from "../domain/people/contract.ts";
import type * as qrCodes from "../domain/qr-codes/contract.ts";
import type * as standingOrders from "../domain/standing-orders/contract.ts";
import type { FailureCode } from "../daraja/codes.ts";
import type { EventType } from "../db/event-types.ts";
import type { Operation } from "../http/operation.ts";
import type * as jobs from "../jobs/contract.ts";
import type * as clients from "../domain/merchants/contract.ts";
import type * as merchantSettings from "../domain/merchants/settings-contract.ts";
import type * as merchants from "../domain/merchants/merchant-contract.ts";
import type * as outside from "../domain/merchants/outside-contract.ts";
import type * as paymentLinks from "../domain/payment-links/contract.ts";
import type * as payments from "../domain/payments/contract.ts";
import type * as payouts from "../domain/payouts/contract.ts";
import type * as payoutApprovals from "../domain/payouts/approval-contract.ts";
import type * as payoutControl from "../domain/payouts/control-contract.ts";
import type * as payees from "../domain/payees/contract.ts";
import type * as payoutBatches from "../domain/payouts/batch-contract.ts";
import type * as attention from "../domain/attention/contract.ts";
import type * as audit from "../domain/audit/contract.ts";
import type * as reports from "../domain/reports/contract.ts";
import type * as timelines from "../domain/timeline/contract.ts";
import type * as searching from "../domain/search/contract.ts";
import type * as payoutDecisions from "../domain/payouts/decision-contract.ts";
import type * as health from "../monitoring/health/contract.ts";
import type { ProblemCode } from "../problems/problem.ts";
import type * as reconciliations from "../domain/reconciliations/contract.ts";
import type * as refunds from "../domain/refunds/contract.ts";
import type * as shortcodes from "../domain/shortcodes/contract.ts";
import type * as webhooks from "../webhooks/events/contract.ts";
import type * as deliveries from "../webhooks/deliveries/contract.ts";
import type * as endpoints from "../webhooks/endpoints/contract.ts";

/**
 * The types of requests and answers, derived from the contracts. Nothing but types is imported here, so the client runs without zod. When the
 * client is packed, this module is replaced by one made of the OpenAPI document (cli/pack.ts).
 */
type Shape = z.ZodType | undefined;
type Body<O> = O extends Operation<Shape, Shape, infer B> ? B extends z.ZodType ? z.input<B> : never : never;
type Answer<O> = O extends Operation<Shape, Shape, Shape, infer R> ? z.output<R> : never;
type Query<O> = O extends Operation<Shape, infer Q>
  ? Q extends z.ZodType ? { [K in keyof z.input<Q>]: K extends Whole ? number | undefined : z.input<Q>[K] } : never
  : never;
/** Parameters that are whole numbers, although a query is text. */
type Whole = "limit" | "amount_min" | "amount_max";

export type { EventType };
export type { FailureCode };
export type { ProblemCode };

export type Checkout = Answer<typeof checkouts.getCheckout>;
export type CreateCheckout = Body<typeof checkouts.createCheckout>;
export type CreateAttempt = Body<typeof checkouts.createAttempt>;
export type ListCheckouts = Query<typeof checkouts.listCheckouts>;

export type Payment = Answer<typeof payments.listPayments>["data"][number];
export type PaymentDetail = Answer<typeof payments.getPayment>;
export type AcceptSuggestion = Body<typeof payments.acceptSuggestion>;
export type AllocatePayment = Body<typeof payments.allocatePayment>;
export type BookPayment = Body<typeof payments.bookPayment>;
export type MatchPayment = Body<typeof payments.matchPayment>;
export type ListPayments = Query<typeof payments.listPayments>;

export type AccountDetail = Answer<typeof accounts.getAccount>;
export type CreateAccount = Body<typeof accounts.createAccount>;
export type UpdateAccount = Body<typeof accounts.updateAccount>;
export type ListAccounts = Query<typeof accounts.listAccounts>;
export type CreateAccountLink = Body<typeof accountLinks.createAccountLink>;
export type AccountLink = Answer<typeof accountLinks.createAccountLink>;
export type AccountStatement = Answer<typeof accounts.getAccountStatement>;

export type PaymentLink = Answer<typeof paymentLinks.getPaymentLink>;
export type CreatePaymentLink = Body<typeof paymentLinks.createPaymentLink>;
export type UpdatePaymentLink = Body<typeof paymentLinks.updatePaymentLink>;
export type ListPaymentLinks = Query<typeof paymentLinks.listPaymentLinks>;

export type Merchant = Answer<typeof merchantSettings.getMerchant>;
export type UpdateMerchant = Body<typeof merchantSettings.updateMerchant>;

export type Payout = Answer<typeof payouts.getPayout>;
export type CreatePayout = Body<typeof payouts.createPayout>;
export type RejectPayout = Body<typeof payoutDecisions.rejectPayout>;
export type ResolvePayout = Body<typeof payoutDecisions.resolvePayout>;
export type PayoutPauses = Answer<typeof payoutControl.pausePayouts>;
export type PausePayouts = Body<typeof payoutControl.pausePayouts>;
export type ResumePayouts = Body<typeof payoutControl.resumePayouts>;
export type ListPayouts = Query<typeof payouts.listPayouts>;

export type Refund = Answer<typeof refunds.getRefund>;
export type CreateRefund = Body<typeof refunds.createRefund>;
export type ResolveRefund = Body<typeof refunds.resolveRefund>;
export type ListRefunds = Query<typeof refunds.listRefunds>;

export type Reconciliation = Answer<typeof reconciliations.listReconciliations>["data"][number];
export type ReconciliationDetail = Answer<typeof reconciliations.getReconciliation>;
export type StartReconciliation = Body<typeof reconciliations.startReconciliation>;
export type ListReconciliations = Query<typeof reconciliations.listReconciliations>;

export type Shortcode = Answer<typeof shortcodes.getShortcode>;
export type ShortcodeCheck = Answer<typeof shortcodes.checkShortcode>;
export type RegisterShortcodeUrls = Body<typeof shortcodes.registerUrls>;
export type ListShortcodes = Query<typeof shortcodes.listShortcodes>;

/** What the events of each kind are about; the others have data of their own. */
interface EventSubjects {
  readonly checkout: Checkout;
  readonly payment: Payment;
  readonly payout: Payout;
  readonly refund: Refund;
  readonly payee: Payee;
  readonly standing_order: StandingOrder;
  readonly security: ChangeRequest;
  readonly webhook_endpoint: WebhookEndpoint;
}
type Subject<T extends EventType> = T extends "webhook_endpoint.test" ? Record<string, unknown>
  : T extends `${infer Kind}.${string}`
    ? Kind extends keyof EventSubjects ? EventSubjects[Kind] : Record<string, unknown>
  : never;
type AnyEvent = Answer<typeof webhooks.getEvent>;
/** An event. Its `type` says what its `data` is. */
export type Event = {
  [T in EventType]: Omit<AnyEvent, "type" | "data"> & { readonly type: T; readonly data: Subject<T> };
}[EventType];
export type ListEvents = Query<typeof webhooks.listEvents>;

export type WebhookEndpoint = Answer<typeof endpoints.getEndpoint>;
export type WebhookEndpointWithSecret = Answer<typeof endpoints.createEndpoint>;
export type CreateWebhookEndpoint = Body<typeof endpoints.createEndpoint>;
export type UpdateWebhookEndpoint = Body<typeof endpoints.updateEndpoint>;
export type ListWebhookEndpoints = Query<typeof endpoints.listEndpoints>;
export type Delivery = Answer<typeof deliveries.testEndpoint>;
export type Redelivery = Answer<typeof deliveries.redeliverSince>;
export type RedeliverWebhookEndpoint = Body<typeof deliveries.redeliverSince>;
export type ListWebhookDeliveries = Query<typeof deliveries.listDeliveries>;

export type PayoutBatch = Answer<typeof payoutBatches.getBatch>;
export type PayoutApproval = Answer<typeof payoutApprovals.getApproval>;
export type PayoutBatchApproval = Answer<typeof payoutApprovals.getBatchApproval>;
export type Payee = Answer<typeof payees.getPayee>;
export type PayoutPayee = Payout["payee"];
export type ListPayees = Query<typeof payees.listPayees>;

export type ListedPayoutBatch = Answer<typeof payoutBatches.listBatches>["data"][number];
export type ListPayoutBatches = Query<typeof payoutBatches.listBatches>;

export type AttentionCase = Answer<typeof attention.takeAttention>;
export type ListAttention = Query<typeof attention.listAttention>;
export type AuditEntry = Answer<typeof audit.listAudit>["data"][number];
export type ListAudit = Query<typeof audit.listAudit>;

export type DarajaStatus = Answer<typeof health.getStatus>;
export type Drift = Answer<typeof callbacks.listDrift>["data"][number];

export type Timeline = Answer<typeof timelines.checkoutTimeline>;
export type Summary = Answer<typeof reports.getSummary>;
export type GetSummary = Query<typeof reports.getSummary>;

export type SearchHit = Answer<typeof searching.search>["data"][number];

export type Client = Answer<typeof clients.getClient>;
export type RevokedClient = Answer<typeof clients.revokeClient>;
export type ClientWithSecret = Answer<typeof clients.createClient>;
export type CreateClient = Body<typeof clients.createClient>;
export type UpdateClient = Body<typeof clients.updateClient>;
export type RotateClientSecret = Body<typeof clients.rotateClientSecret>;
export type ListClients = Query<typeof clients.listClients>;

export type ChangeRequest = Answer<typeof changes.getChangeRequest>;
export type RejectChange = Body<typeof changes.rejectChange>;
export type ListChangeRequests = Query<typeof changes.listChangeRequests>;

export type ManagedMerchant = Answer<typeof merchants.changeMerchant>;
export type MerchantWithClient = Answer<typeof merchants.createMerchant>;
export type CreateMerchant = Body<typeof merchants.createMerchant>;
export type ChangeMerchant = Body<typeof merchants.changeMerchant>;
export type ListMerchants = Query<typeof merchants.listMerchants>;

export type Job = Answer<typeof jobs.retryJob>;
export type ListJobs = Query<typeof jobs.listJobs>;

export type ListNotices = Query<typeof callbacks.listNotices>;
export type Notice = Answer<typeof callbacks.listNotices>["data"][number];

export type Balance = Answer<typeof balances.listBalances>["data"][number];
export type BalanceAlert = Answer<typeof balances.setBalanceAlert>;
export type BalanceRefresh = Answer<typeof balances.refreshBalance>;
export type ListBalances = Query<typeof balances.listBalances>;
export type RefreshBalance = Body<typeof balances.refreshBalance>;
export type SetBalanceAlert = Body<typeof balances.setBalanceAlert>;

export type LedgerEntry = Answer<typeof ledger.listLedger>["data"][number];
export type LedgerAccount = Answer<typeof ledger.listLedger>["accounts"][number];
export type LedgerCheck = Answer<typeof ledger.createLedgerCheck>;
export type ListLedger = Query<typeof ledger.listLedger>;
export type ListLedgerChecks = Query<typeof ledger.listLedgerChecks>;

export type StandingOrder = Answer<typeof standingOrders.getStandingOrder>;
export type CreateStandingOrder = Body<typeof standingOrders.createStandingOrder>;
export type ListStandingOrders = Query<typeof standingOrders.listStandingOrders>;

export type QrCode = Answer<typeof qrCodes.createQrCode>;
export type CreateQrCode = Body<typeof qrCodes.createQrCode>;

export type CreateShortcode = Body<typeof shortcodes.createShortcode>;
export type UpdateShortcode = Body<typeof shortcodes.updateShortcode>;

export type CreatePayoutBatch = z.input<typeof payoutBatches.batchBody>;
export type PayoutLimits = Answer<typeof payoutControl.getPayoutLimits>;
export type UpdatePayoutLimits = Body<typeof payoutControl.updatePayoutLimits>;

export type Person = Answer<typeof people.getPerson>;
export type InvitedPerson = Answer<typeof people.invitePerson>;
export type RemovedPerson = Answer<typeof people.removePerson>;
export type Session = Answer<typeof people.listSessions>["data"][number];
export type InvitePerson = Body<typeof people.invitePerson>;
export type UpdatePerson = Body<typeof people.updatePerson>;
export type EndSessions = Body<typeof people.endSessions>;
export type ListPeople = Query<typeof people.listPeople>;

export type FeatureFlagList = Answer<typeof flags.listFlags>;
export type FeatureFlag = Answer<typeof flags.setFlag>;
export type SetFlag = Body<typeof flags.setFlag>;

export type OutsideSubject = Answer<typeof outside.blockOutsideSubject>;
export type ListOutsideSubjects = Query<typeof outside.listOutsideSubjects>;
