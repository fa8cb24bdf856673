import type { z } from "zod";
import type * as callbacks from "../callbacks/contract.ts";
import type * as changes from "../domain/change-requests/contract.ts";
import type * as accounts from "../domain/accounts/contract.ts";
import type * as accountLinks from "../domain/accounts/link-contract.ts";
import type * as checkouts from "../domain/checkouts/contract.ts";
import type { Operation } from "../http/operation.ts";
import type * as jobs from "../jobs/contract.ts";
import type * as clients from "../domain/merchants/contract.ts";
import type * as merchantSettings from "../domain/merchants/settings-contract.ts";
import type * as merchants from "../domain/merchants/merchant-contract.ts";
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

export type Event = Answer<typeof webhooks.getEvent>;
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
