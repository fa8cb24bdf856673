import { isLoopback, WORDS_REFUSED_BY_DARAJA } from "../../config/values.ts";
import type { Services } from "../../context/context.ts";
import { callbackUrl } from "../settlement/callback-url.ts";

/** The URLs that Daraja calls about C2B payments, of the shortcode's `number`th pair. They are secret: whoever knows one can report a payment. */
export function c2bUrls(
  services: Pick<Services, "config" | "capabilities">,
  shortcodeId: string,
  number: number,
): { readonly confirmation: string; readonly validation: string } {
  return {
    confirmation: callbackUrl(services, "c2b_confirmation", shortcodeId, number),
    validation: callbackUrl(services, "c2b_validation", shortcodeId, number),
  };
}

const PRIVATE_HOST =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cde])|\.(local|internal|lan|home|test|example|invalid)$/;
const TUNNEL_HOST = /ngrok|mockbin|requestbin/;

/** Why Daraja would refuse callback URLs under this origin (daraja.md section 5.1). Null: it would accept them. */
export function objectionToUrl(publicUrl: string): string | null {
  const { hostname, protocol } = new URL(publicUrl);
  if (isLoopback(hostname)) return "it is this machine, which Safaricom can't reach";
  if (PRIVATE_HOST.test(hostname) || !/[.:]/.test(hostname)) return "it is not an address of the public internet";
  const word = WORDS_REFUSED_BY_DARAJA.find((word) => hostname.includes(word));
  if (word !== undefined) return `it contains "${word}", a word that Daraja refuses`;
  if (TUNNEL_HOST.test(hostname)) return "it is a tunnel, which Daraja refuses";
  if (protocol !== "https:") return "it is not https, which production asks for";
  return null;
}
