/** One paybill or till that the simulator knows, with the credentials of the Daraja app it belongs to. */
export interface SimulatedShortcode {
  /** What customers pay to: the paybill or the till number. */
  readonly number: string;
  readonly kind: "paybill" | "till";
  /** A till's store (head-office) number: the `BusinessShortCode` of its pushes. */
  readonly storeNumber?: string;
  /** Shown in prompts and as the organisation's public name. */
  readonly name?: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly passkey: string;
  readonly initiatorName: string;
  readonly initiatorPassword: string;
  /** Opening balance of the utility account, in shillings. */
  readonly utilityBalance: number;
  /** Opening balance of the working (MMF) account, in shillings; 0 when absent. */
  readonly workingBalance?: number;
  /** C2B addresses registered from the start. */
  readonly c2b?: C2bRegistration;
  /** Operations the app may call (names as in the request log); all when absent. */
  readonly products?: readonly string[];
}

/** Where a shortcode wants to hear of customers' payments, and what happens when validation is silent. */
export interface C2bRegistration {
  /** 1 sends the payer's number as SHA-256 hex, 2 masked. */
  readonly version: 1 | 2;
  readonly responseType: "Completed" | "Cancelled";
  readonly confirmationUrl: string;
  /** Empty: validation is switched off. */
  readonly validationUrl: string;
}

export interface SimulatorOptions {
  /** Usual delay until a callback, in ms. */
  readonly callbackDelayMs: number;
  /** Delay of the late callback (scenario 9004), in ms. */
  readonly lateCallbackDelayMs: number;
  readonly shortcodes: readonly SimulatedShortcode[];
  /** Epoch ms; `Date.now` when absent. */
  readonly now?: () => number;
  /** What waits for the time of a callback; `setTimeout` when absent. Answers how to cancel. */
  readonly timer?: (ms: number, run: () => void) => () => void;
  /** How callbacks leave; the global `fetch` when absent. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** How many requests, transactions and prompts are kept (each); 100,000 when absent. */
  readonly maxEntries?: number;
  /** How long a C2B validation may take, in ms; 8,000 when absent. */
  readonly validationTimeoutMs?: number;
  /** How long any other receiver of a callback may take, in ms; 30,000 when absent. */
  readonly callbackTimeoutMs?: number;
  /** As in production, C2B URLs can be registered once only. */
  readonly registerUrlsOnce?: boolean;
}
