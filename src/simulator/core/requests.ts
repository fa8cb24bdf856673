import { RecentList } from "./recent.ts";

/** One request, as `GET /_simulator/requests` lists it. */
export interface RequestEntry {
  readonly at: string;
  readonly operation: string;
  phone: string | null;
  body: unknown;
  callback_urls: string[];
  /** Status 0 without a body: the connection was broken, or the answer has not been sent yet. */
  response: { status: number; body: unknown };
}

const URL_FIELDS = ["CallBackURL", "ResultURL", "QueueTimeOutURL", "ConfirmationURL", "ValidationURL"];
const PHONE_FIELDS = ["PhoneNumber", "Msisdn", "PartyB", "PartyA"];

/** All requests to the simulator, in the order of arrival. */
export class Requests {
  readonly #log: RecentList<RequestEntry>;

  constructor(private readonly now: () => number, keep: number) {
    this.#log = new RecentList(keep);
  }

  /** Adds an entry on arrival; its answer is filled in later. */
  open(operation: string, body: unknown): RequestEntry {
    const fields = isRecord(body) ? body : {};
    const entry: RequestEntry = {
      at: new Date(this.now()).toISOString(),
      operation,
      phone: phoneOf(fields),
      body,
      callback_urls: URL_FIELDS.map((name) => fields[name]).filter((value) => typeof value === "string"),
      response: { status: 0, body: null },
    };
    this.#log.add(entry);
    return entry;
  }

  /** Oldest first. */
  list(): readonly RequestEntry[] {
    return this.#log.list();
  }
}

function phoneOf(fields: Record<string, unknown>): string | null {
  const found = PHONE_FIELDS.map((name) => String(fields[name] ?? "")).find((value) => /^254\d{9}$/.test(value));
  return found ?? null;
}

/** Whether a parsed JSON value is an object with fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
