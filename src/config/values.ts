import ipaddr from "ipaddr.js";
import { z } from "zod";

/** Words that Daraja refuses anywhere in a callback URL, in upper or lower case (daraja.md section 5.1). */
export const WORDS_REFUSED_BY_DARAJA = ["m-pesa", "mpesa", "safaricom", "exe", "exec", "cmd", "sql", "query"] as const;

const LOOPBACK = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|\[::ffff:7f.*\])$/;

/** Whether a host name (as `URL` spells it) is this machine. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname.replace(/\.$/, ""));

/** A decimal integer within bounds. */
export const integer = (min: number, max: number): z.ZodType<number, string> =>
  z.string().regex(/^\d{1,12}$/, "not a whole number").transform(Number)
    .refine((n) => n >= min && n <= max, "out of range");

/** A decimal number above zero. */
export const positive = (max: number): z.ZodType<number, string> =>
  z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, "not a number").transform(Number)
    .refine((n) => n > 0 && n <= max, "out of range");

/** A number of events in a span of time. `unlimited` is Infinity. */
export const rate: z.ZodType<number, string> = z.union([
  z.literal("unlimited").transform(() => Infinity),
  integer(1, 1_000_000_000),
], { error: "neither a whole number above zero nor `unlimited`" });

/** Whole shillings in the environment, cents in the service. */
export const kes: z.ZodType<number, string> = integer(1, 1_000_000_000).transform((shillings) => shillings * 100);

/** An origin, without a trailing slash. With `strict` it must be https, and not this machine. */
export const origin = (strict: boolean): z.ZodType<string, string> => checkedOrigin(strict, []);

/** The origin of callback URLs. */
export const publicOrigin = (strict: boolean): z.ZodType<string, string> =>
  checkedOrigin(strict, WORDS_REFUSED_BY_DARAJA);

const checkedOrigin = (strict: boolean, refused: readonly string[]) =>
  z.string().transform((text, context) => {
    const url = URL.parse(text);
    if (!url || !["http:", "https:"].includes(url.protocol)) {
      context.addIssue("not an http or https URL");
      return z.NEVER;
    }
    const isBare = url.pathname === "/" && !url.search && !url.hash && !url.username && !url.password;
    if (!isBare) context.addIssue("has more than scheme, host and port");
    if (strict && url.protocol !== "https:") context.addIssue("not https");
    if (strict && isLoopback(url.hostname)) context.addIssue("on this machine");
    const word = refused.find((word) => url.hostname.includes(word));
    if (word) context.addIssue(`contains ${word}, which Daraja refuses in a callback URL`);
    return url.origin;
  });

/** The URL of a libSQL database: a file of this machine, or a server. With `strict` a server elsewhere is reached by TLS. */
export const databaseUrl = (strict: boolean): z.ZodType<string, string> =>
  z.string().refine((text) => {
    const protocol = URL.parse(text)?.protocol ?? "";
    return ["file:", "libsql:", "https:", "http:", "wss:", "ws:"].includes(protocol) && text.length > protocol.length;
  }, "not a file:, libsql:, https: or http: URL").refine((text) => !strict || !isPlaintext(text), {
    error: "sends its token and all data unencrypted to another machine; use libsql: or https:",
  });

/** Whether a URL leads to another machine without TLS. */
function isPlaintext(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || isLoopback(url.hostname)) return false;
  return url.protocol === "http:" || url.protocol === "ws:" || url.searchParams.get("tls") === "0";
}

/** Whether the database needs no token: a file, or, unless `strict`, a server on this machine. */
export function needsNoToken(url: string, strict: boolean): boolean {
  const parsed = URL.parse(url);
  if (!parsed) return !strict; // not set: unless strict, the default is a file
  return parsed.protocol === "file:" || (!strict && isLoopback(parsed.hostname));
}

/** Addresses and networks, separated by commas, each as a network such as `196.201.214.200/32`. */
export const networks = (): z.ZodType<readonly string[], string> =>
  z.string().transform((text, ctx) => {
    const parts = text.split(",").map((part) => part.trim()).filter((part) => part !== "");
    return parts.map((part) => {
      if (ipaddr.isValidCIDR(part)) return part;
      if (ipaddr.isValid(part)) return `${part}/${ipaddr.parse(part).kind() === "ipv4" ? 32 : 128}`;
      ctx.addIssue({ code: "custom", message: "is not a list of addresses or networks" });
      return part;
    });
  });
