import type { Fields } from "../core/fields.ts";
import { phoneField, required, shortcodeField } from "../core/fields.ts";
import type { Call } from "../core/operation.ts";
import { nameOf } from "../core/people.ts";
import { DarajaError, invalid, ok, type Reply } from "../core/reply.ts";
import { isRecord } from "../core/requests.ts";

/** What the last four digits of the phone choose; any other phone gets the name of its customer. */
const faults: Readonly<Record<string, (call: Call, header: Header) => Reply>> = {
  /** The edge is down. */
  "9031": () => ({ status: 503, body: "<html><body>Service Unavailable</body></html>", html: true }),
  /** Answers with a status that is no success, in an HTTP 200. */
  "9032": (_, header) => ok({ header: { ...header, status: "404", message: "Subscriber not found" }, body: {} }),
  /** Success, and all letters are hidden. */
  "9033": (_, header) =>
    ok({ header: success(header), body: { firstName: "****", middleName: "*****", lastName: "******" } }),
  /** Success without a body. */
  "9034": (_, header) => ok({ header: success(header) }),
  /** Takes the request and cuts the connection. */
  "9035": () => ({ status: 200, body: null, cutsConnection: true }),
  /** An error of Daraja. */
  "9036": () => {
    throw new DarajaError(500, "500.003.1001", "Internal Server Error");
  },
};

interface Header {
  readonly requestID: string;
  readonly timestamp: string;
}

const success = (header: Header) => ({ ...header, status: "200", message: "Success" });
const hidden = (name: string): string => `${name.slice(0, 1)}******`;

/**
 * `POST /mpesa/b2c/hakikisha/v1/hakikisha` (daraja.md section 7.11): the name behind a phone, at once. The later names
 * are hidden but for their first letter.
 */
export function nameCheck(call: Call): Reply {
  const head = part(call.fields, "header");
  const body = part(call.fields, "body");
  const header: Header = {
    requestID: required(head, "requestID"),
    timestamp: required(head, "timestamp", /^\d{10,13}$/),
  };
  const phone = phoneField(body, "msisdn");
  const number = shortcodeField(body, "shortcode");
  call.entry.phone = phone;
  if (call.world.accounts.find(number)?.shortcode.consumerKey !== call.app.key) throw invalid("shortcode");
  const fault = faults[phone.slice(-4)];
  if (fault !== undefined) return fault(call, header);
  const { first, middle, last } = nameOf(phone);
  return ok({
    header: success(header),
    body: { firstName: first.toLowerCase(), middleName: hidden(middle), lastName: hidden(last) },
  });
}

function part(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (!isRecord(value)) throw invalid(name);
  return value;
}
