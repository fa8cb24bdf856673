/** One paybill or till that the simulator knows, with the credentials of the Daraja app it belongs to. */
export interface SimulatedShortcode {
  /** The number that customers pay: the paybill or the till number. */
  readonly number: string;
  readonly kind: "paybill" | "till";
  /** A till's store (head-office) number: the `BusinessShortCode` of its pushes. */
  readonly storeNumber?: string;
  /** Shown in prompts, and as the public name of the organisation. */
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
  /** The C2B URLs that are registered from the start. */
  readonly c2b?: C2bRegistration;
  /** Operations the app may call (names as in the request log); all when absent. */
  readonly products?: readonly string[];
}

/** The URLs for customers' payments to a shortcode, and what happens if the validation does not answer. */
export interface C2bRegistration {
  /** 1 sends the payer's number as SHA-256 hex, 2 masked. */
  readonly version: 1 | 2;
  readonly responseType: "Completed" | "Cancelled";
  readonly confirmationUrl: string;
  /** Empty: validation is switched off. */
  readonly validationUrl: string;
}

export interface SimulatorOptions {
  /** The usual delay until a callback, in ms. */
  readonly callbackDelayMs: number;
  /** The delay of the late callback (scenario 9004), in ms. */
  readonly lateCallbackDelayMs: number;
  readonly shortcodes: readonly SimulatedShortcode[];
  /** The clock, in ms since the epoch; `Date.now` unless given. */
  readonly now?: () => number;
  /** Runs a function after some ms and returns a function that cancels it; `setTimeout` unless given. */
  readonly timer?: (ms: number, run: () => void) => () => void;
  /** Sends callbacks; the global `fetch` unless given. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** How many requests, transactions and prompts are kept, of each; 100,000 unless given. */
  readonly maxEntries?: number;
  /** How long a C2B validation may take, in ms; 8,000 unless given. */
  readonly validationTimeoutMs?: number;
  /** How long any other receiver of a callback may take, in ms; 30,000 unless given. */
  readonly callbackTimeoutMs?: number;
  /** C2B URLs can be registered only once, as in production. */
  readonly registerUrlsOnce?: boolean;
}
