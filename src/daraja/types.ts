/** The interface of the Daraja client, and what the client is built from. */

import type { Tracing } from "../telemetry/tracing.ts";
import type { Clock, KeyValue } from "../platform/ports.ts";
import type { Answer, AsyncAccepted, NameFound, PullPage, QrImage, StkAccepted, StkQueryOutcome } from "./answers.ts";
import type {
  B2bPayment,
  B2cPayment,
  BalanceQuery,
  NameCheck,
  PullQuery,
  PullRegistration,
  QrRequest,
  Reversal,
  StandingOrder,
  StkPush,
  StkQuery,
  TaxRemittance,
  TransactionStatusQuery,
  UrlRegistration,
} from "./requests.ts";

export type * from "./answers.ts";
export type * from "./requests.ts";

/** A Daraja app's key pair. One app has one valid token at a time (daraja.md section 1). */
export interface DarajaApp {
  readonly consumerKey: string;
  readonly consumerSecret: string;
}

/** The calls that take money out of a shortcode. */
export interface MoneySenders {
  b2c(app: DarajaApp, payment: B2cPayment): Promise<Answer<AsyncAccepted>>;
  b2b(app: DarajaApp, payment: B2bPayment): Promise<Answer<AsyncAccepted>>;
  remitTax(app: DarajaApp, remittance: TaxRemittance): Promise<Answer<AsyncAccepted>>;
  reversal(app: DarajaApp, reversal: Reversal): Promise<Answer<AsyncAccepted>>;
}

export interface Daraja extends MoneySenders {
  stkPush(app: DarajaApp, push: StkPush): Promise<Answer<StkAccepted>>;
  stkQuery(app: DarajaApp, query: StkQuery): Promise<StkQueryOutcome>;
  transactionStatus(app: DarajaApp, query: TransactionStatusQuery): Promise<Answer<AsyncAccepted>>;
  accountBalance(app: DarajaApp, query: BalanceQuery): Promise<Answer<AsyncAccepted>>;
  registerUrls(app: DarajaApp, registration: UrlRegistration): Promise<Answer<{ readonly description: string }>>;
  qr(app: DarajaApp, request: QrRequest): Promise<Answer<QrImage>>;
  /** Asks for the name behind a phone (Hakikisha). It moves no money. */
  nameCheck(app: DarajaApp, request: NameCheck): Promise<Answer<NameFound>>;
  pullRegister(
    app: DarajaApp,
    registration: PullRegistration,
  ): Promise<Answer<{ readonly alreadyRegistered: boolean }>>;
  pullQuery(app: DarajaApp, query: PullQuery): Promise<Answer<PullPage>>;
  standingOrder(app: DarajaApp, order: StandingOrder): Promise<Answer<{ readonly responseRefId: string }>>;
  /** Whether Daraja gives a token for this app, for the check of a shortcode. Uses the token that is already held. */
  authenticate(app: DarajaApp): Promise<Answer<{ readonly expiresAt: number }>>;
  /** How many calls wait for their answer now. */
  readonly callsInFlight: number;
  /** Stops waiting for tokens that other isolates fetch. */
  close?(): void;
}

/** Encrypts values for the shared store. A ciphertext opens only with the `context` it was made with. */
export interface TokenCipher {
  seal(bytes: Uint8Array, context: string): Promise<Uint8Array>;
  open(sealed: Uint8Array, context: string): Promise<Uint8Array>;
}

export interface DarajaTimeouts {
  readonly tokenMs: number;
  readonly pushMs: number;
  readonly defaultMs: number;
}

export interface BreakerSettings {
  /** How many transport failures in a row open the circuit. */
  readonly failureThreshold: number;
  /** How many ms these failures must span, so that one short fault under load does not open the circuit. */
  readonly failureSpanMs: number;
  /** How many ms the circuit stays open before one call may pass as a probe. */
  readonly openMs: number;
}

export interface DarajaDeps {
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly kv: KeyValue;
  readonly cipher: TokenCipher;
  /** STK queries per minute and shortcode; null: unlimited. */
  readonly queriesPerMinute: number | null;
  /** B2C requests per second and shortcode; null or absent: unlimited. */
  readonly b2cPerSecond?: number | null;
  readonly timeouts?: Partial<DarajaTimeouts>;
  readonly breaker?: Partial<BreakerSettings>;
  /** How ids of digits are sent: as JSON numbers unless given. Sources disagree on which is safer (daraja.md section 2.1). */
  readonly plainIdsAs?: "number" | "string";
  readonly log: (event: string, fields: Record<string, unknown>) => void;
  readonly tracing?: Tracing | null;
}
