const YEAR_S = 31_536_000;

/**
 * The headers of every answer, whatever it is: JSON, a page, a file, an error. A page replaces the policy of contents by
 * its own, and a file that may be kept replaces `cache-control`. Browsers keep to https for a year where the service is
 * reached by https.
 */
export const securityHeaders = (publicUrl: string): Readonly<Record<string, string>> => ({
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  ...(publicUrl.startsWith("https:") ? { "strict-transport-security": `max-age=${YEAR_S}` } : {}),
});
